package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportTally;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.Losses;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/** Counts what an export would lose, and writes nothing. */
record ExportTrial(ExportFormat format, ExportPlan plan)
    implements FlatMapFunction<Iterator<Row>, ExportTally> {
  ExportTrial {
    requireNonNull(format, "format is null");
    requireNonNull(plan, "plan is null");
  }

  @Override
  public Iterator<ExportTally> call(Iterator<Row> rows) {
    ExportTally tally = new ExportTally();
    while (rows.hasNext()) {
      Sample sample = SampleRows.toSample(rows.next());
      Fit fit = format.fit(sample, plan);
      if (fit instanceof Fit.LeftOut leftOut) {
        tally.leftOut(sample, leftOut.reason(), leftOut.message());
      } else {
        tally.exported(sample, Losses.of(sample, (Fit.Taken) fit));
      }
    }
    return List.of(tally).iterator();
  }
}
