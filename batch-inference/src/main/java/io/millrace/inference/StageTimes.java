package io.millrace.inference;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long threads were busy with each stage of scoring, added up over all of them: more than the
 * time that passed where several work side by side.
 */
public final class StageTimes {
  private final LongAdder read = new LongAdder();
  private final LongAdder decode = new LongAdder();
  private final LongAdder model = new LongAdder();
  private final LongAdder write = new LongAdder();

  void addRead(long nanos) {
    read.add(nanos);
  }

  void addDecode(long nanos) {
    decode.add(nanos);
  }

  void addModel(long nanos) {
    model.add(nanos);
  }

  void addWrite(long nanos) {
    write.add(nanos);
  }

  public Totals totals() {
    return new Totals(read.sum(), decode.sum(), model.sum(), write.sum());
  }

  /** Nanoseconds a stage. */
  public record Totals(long read, long decode, long model, long write) {
    public static final Totals ZERO = new Totals(0, 0, 0, 0);

    public Totals plus(Totals other) {
      return new Totals(
          read + other.read, decode + other.decode, model + other.model, write + other.write);
    }

    /** Share of the busy time that the model took, 0..1; 0 where nothing was done. */
    public double modelShare() {
      return share(model);
    }

    /** Share that decoding, resizing and laying out pixels took, 0..1. */
    public double decodeShare() {
      return share(decode);
    }

    /** Share that reading images and writing answers took, 0..1. */
    public double storageShare() {
      return share(read + write);
    }

    void addTo(ObjectNode node) {
      node.put("model", rounded(modelShare()));
      node.put("decode", rounded(decodeShare()));
      node.put("io", rounded(storageShare()));
    }

    private double share(long nanos) {
      long all = read + decode + model + write;
      return all == 0 ? 0 : (double) nanos / all;
    }

    private static double rounded(double share) {
      return Math.round(share * 1000) / 1000.0;
    }
  }
}
