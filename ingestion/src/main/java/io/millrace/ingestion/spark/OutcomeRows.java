package io.millrace.ingestion.spark;

import io.millrace.dataset.Label;
import io.millrace.dataset.delta.spark.SampleRows;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.layout.Outcome;
import io.millrace.ingestion.layout.Outcome.Accepted;
import io.millrace.ingestion.layout.Outcome.Aside;
import io.millrace.ingestion.layout.Outcome.Refused;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that outcomes of inputs are gathered in: {@code sample} is null unless the input was
 * accepted, {@code reason_code} is null unless it was refused.
 */
final class OutcomeRows {
  static final String SAMPLE = "sample";
  static final String SOURCE = "source";
  static final String REASON_CODE = "reason_code";
  static final String MESSAGE = "message";
  static final String NOTES = "notes";
  static final String LABELS = "labels";
  static final String MERGED = "merged";

  static final StructType SCHEMA =
      new StructType()
          .add(SAMPLE, SampleRows.SCHEMA)
          .add(SOURCE, DataTypes.StringType)
          .add(REASON_CODE, DataTypes.StringType)
          .add(MESSAGE, DataTypes.StringType)
          .add(NOTES, DataTypes.createArrayType(DataTypes.StringType))
          .add(LABELS, DataTypes.createArrayType(DataTypes.StringType))
          .add(MERGED, DataTypes.LongType);

  private OutcomeRows() {}

  static Row toRow(Outcome outcome) {
    if (outcome instanceof Accepted accepted) {
      return RowFactory.create(
          SampleRows.toRow(accepted.sample()),
          accepted.sample().source().toString(),
          null,
          null,
          accepted.notes().stream().map(Note::name).toArray(String[]::new),
          accepted.sample().labels().stream().map(Label::value).toArray(String[]::new),
          accepted.merged());
    }
    if (outcome instanceof Refused refused) {
      return RowFactory.create(
          null,
          refused.source(),
          refused.reason().code(),
          refused.message(),
          new String[0],
          new String[0],
          0L);
    }
    if (outcome instanceof Aside aside) {
      return RowFactory.create(
          null, null, null, null, new String[] {aside.note().name()}, new String[0], 0L);
    }
    throw new IllegalStateException("Unknown outcome: " + outcome);
  }

  /** The texts of an array column of a row that Spark read. */
  static List<String> texts(Row row, String column) {
    return row.getList(row.fieldIndex(column));
  }
}
