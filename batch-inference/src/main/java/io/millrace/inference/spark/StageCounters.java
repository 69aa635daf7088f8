package io.millrace.inference.spark;

import io.millrace.inference.StageTimes;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/** Sums the busy times of all tasks; a task that the engine repeats counts again. */
final class StageCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator read;
  private final LongAccumulator decode;
  private final LongAccumulator model;
  private final LongAccumulator write;

  StageCounters(SparkContext context) {
    read = context.longAccumulator("read nanoseconds");
    decode = context.longAccumulator("decode nanoseconds");
    model = context.longAccumulator("model nanoseconds");
    write = context.longAccumulator("write nanoseconds");
  }

  void add(StageTimes.Totals totals) {
    read.add(totals.read());
    decode.add(totals.decode());
    model.add(totals.model());
    write.add(totals.write());
  }

  StageTimes.Totals totals() {
    return new StageTimes.Totals(read.value(), decode.value(), model.value(), write.value());
  }
}
