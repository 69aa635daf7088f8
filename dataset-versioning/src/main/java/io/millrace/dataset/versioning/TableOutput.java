package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.FormulaGuard;
import java.io.Serializable;

/**
 * In which form a version of a table dataset is published, beside its typed rows, which are always
 * kept as Parquet.
 */
public sealed interface TableOutput extends Serializable {

  /** What is published where nothing else was asked for: CSV, guarded. */
  TableOutput DEFAULT = new Csv(FormulaGuard.ON);

  VersionFormat format();

  /** CSV files. */
  record Csv(FormulaGuard formulas) implements TableOutput {
    private static final long serialVersionUID = 1L;

    public Csv {
      requireNonNull(formulas, "formulas is null");
    }

    @Override
    public VersionFormat format() {
      return VersionFormat.CSV;
    }

    @Override
    public String toString() {
      return formulas == FormulaGuard.ON ? "CSV, csv-safe" : "CSV, not csv-safe";
    }
  }

  /** Nothing but the Parquet files, a columnar format as ModelArts' CarbonData is one. */
  record Parquet() implements TableOutput {
    private static final long serialVersionUID = 1L;

    @Override
    public VersionFormat format() {
      return VersionFormat.PARQUET;
    }

    @Override
    public String toString() {
      return "Parquet";
    }
  }
}
