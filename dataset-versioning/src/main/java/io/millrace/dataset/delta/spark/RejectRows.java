package io.millrace.dataset.delta.spark;

import io.millrace.dataset.ImportId;
import io.millrace.dataset.Reject;
import java.sql.Timestamp;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The one mapping between rejects and rows of the table {@code rejects}. */
public final class RejectRows {
  public static final StructType SCHEMA =
      new StructType()
          .add("import_id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("reason_code", DataTypes.StringType)
          .add("message", DataTypes.StringType)
          .add("rejected_at", DataTypes.TimestampType);

  private RejectRows() {}

  public static Row toRow(Reject reject) {
    return RowFactory.create(
        reject.importId().value(),
        reject.source(),
        reject.reasonCode(),
        reject.message(),
        Timestamp.from(reject.rejectedAt()));
  }

  /** The reject that a row holds, whose columns are those of {@link #SCHEMA} in their order. */
  public static Reject toReject(Row row) {
    return new Reject(
        new ImportId(row.getString(0)),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        SampleRows.instant(row, 4));
  }
}
