package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.table.FormulaGuard;
import java.util.List;
import java.util.Set;

/**
 * CSV files of a table dataset, as {@link io.millrace.dataset.table.TableCsvWriter} writes them.
 * Tables have rows and no samples: no sample ever comes here.
 */
public record CsvFormat(FormulaGuard formulas) implements ExportFormat {
  public CsvFormat {
    requireNonNull(formulas, "formulas is null");
  }

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.TABLE);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.REFERENCE);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    throw noSamples();
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    throw noSamples();
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) {
    throw noSamples();
  }

  private static IllegalStateException noSamples() {
    return new IllegalStateException("A table has no samples to export");
  }
}
