package io.millrace.inference.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.inference.ScoringInput;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Carries {@link ScoringInput}s to executors. */
final class InputRows {
  private InputRows() {}

  static Row toRow(ScoringInput input) {
    return RowFactory.create(
        input.position(), input.source().value(), input.answerPath(), input.progress().name());
  }

  static ScoringInput toInput(Row row) {
    return new ScoringInput(
        row.getLong(0),
        StorageUri.parse(row.getString(1)),
        row.getString(2),
        ScoringInput.Progress.valueOf(row.getString(3)));
  }
}
