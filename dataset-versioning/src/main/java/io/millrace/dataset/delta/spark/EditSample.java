package io.millrace.dataset.delta.spark;

import io.millrace.dataset.labels.LabelEdit;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;

/** Makes an edit to the rows of {@link EditedRows#withDigest}. */
final class EditSample implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final LabelEdit edit;

  EditSample(LabelEdit edit) {
    this.edit = edit;
  }

  @Override
  public Row call(Row row) {
    return EditedRows.of(
        edit.edit(SampleRows.toSample(row)), row.getString(EditedRows.BEFORE_INDEX));
  }
}
