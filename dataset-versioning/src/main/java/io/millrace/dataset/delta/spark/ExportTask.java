package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportTally;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutException;
import io.millrace.dataset.export.LeftOutList;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.export.Losses;
import io.millrace.dataset.storage.StorageSettings;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;

/**
 * Writes the samples of one task. Running it twice writes the same again.
 *
 * @param plan of the whole export
 * @param storage the settings of the session
 */
record ExportTask(ExportFormat format, ExportPlan plan, StorageSettings storage)
    implements Function2<Integer, Iterator<Row>, Iterator<ExportTask.Result>> {
  private static final int NAME_NUMBER = SampleRows.SCHEMA.length();

  ExportTask {
    requireNonNull(format, "format is null");
    requireNonNull(plan, "plan is null");
    requireNonNull(storage, "storage is null");
  }

  /**
   * What a task did.
   *
   * @param lists of which it wrote a part
   */
  record Result(int task, ExportTally tally, Set<String> lists, long files, long bytes)
      implements Serializable {}

  @Override
  public Iterator<Result> call(Integer task, Iterator<Row> rows) throws IOException {
    ExportOutput output = new ExportOutput(plan.staging(), task, storage);
    ExportTally tally = new ExportTally();
    ExportWriter writer = format.open(plan, output);
    try {
      while (rows.hasNext()) {
        Row row = rows.next();
        export(SampleRows.toSample(row), row.getInt(NAME_NUMBER), writer, output, tally);
      }
      writer.finish();
      Set<String> lists = output.finish();
      return List.of(new Result(task, tally, lists, output.files(), output.bytes())).iterator();
    } catch (IOException | RuntimeException | Error e) {
      abandon(writer, output, e);
      throw e;
    }
  }

  private void export(
      Sample sample, int number, ExportWriter writer, ExportOutput output, ExportTally tally)
      throws IOException {
    Fit fit = format.fit(sample, plan);
    if (fit instanceof Fit.LeftOut leftOut) {
      leaveOut(sample, leftOut.reason(), leftOut.message(), output, tally);
      return;
    }
    Fit.Taken taken = (Fit.Taken) fit;
    try {
      writer.write(sample, taken, ExportName.of(sample, number));
      tally.exported(sample, Losses.of(sample, taken));
    } catch (LeftOutException e) {
      leaveOut(sample, e.reason(), e.getMessage(), output, tally);
    }
  }

  private static void leaveOut(
      Sample sample, LeftOutReason reason, String message, ExportOutput output, ExportTally tally)
      throws IOException {
    LeftOutList.add(output, sample, reason, message);
    tally.leftOut(sample, reason, message);
  }

  private static void abandon(ExportWriter writer, ExportOutput output, Throwable failure) {
    try {
      writer.abandon();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    try {
      output.abandon();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
