package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.millrace.dataset.labels.AnnotationCounts;
import io.millrace.dataset.labels.EditedSample;
import io.millrace.dataset.labels.RefusedLabel;
import io.millrace.dataset.labels.SuggestedSample;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What an edit makes of samples, as rows: the columns that edits change, and what to count. */
final class EditedRows {
  /** A digest of the sample as it was read, which tells whether it is still the same. */
  static final String BEFORE = "before";

  static final String OUTCOME = "outcome";

  /** The columns that edits change. */
  static final List<String> CHANGED_COLUMNS = List.of("annotations", "hard", "hard_coefficient");

  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType)
          .add(BEFORE, DataTypes.StringType)
          .add(OUTCOME, DataTypes.StringType)
          .add("annotations", DataTypes.createArrayType(AnnotationRows.SCHEMA))
          .add("hard", DataTypes.BooleanType)
          .add("hard_coefficient", DataTypes.DoubleType)
          .add("added", DataTypes.LongType)
          .add("changed", DataTypes.LongType)
          .add("removed", DataTypes.LongType)
          .add("relations", DataTypes.LongType)
          .add("taken", DataTypes.LongType)
          .add("known", DataTypes.LongType)
          .add(
              "refused",
              DataTypes.createArrayType(
                  new StructType()
                      .add("reason", DataTypes.StringType)
                      .add("message", DataTypes.StringType)));

  /** Where {@link #BEFORE} stands in the rows that {@link #withDigest} gives. */
  static final int BEFORE_INDEX = SampleRows.SCHEMA.length();

  private EditedRows() {}

  /** Samples with the columns of {@link SampleRows#SCHEMA}, then {@link #BEFORE}. */
  static Dataset<Row> withDigest(Dataset<Row> samples) {
    return samples.withColumn(BEFORE, digest(""));
  }

  /**
   * A digest of everything that a row of samples holds.
   *
   * @param prefix of the columns' names, such as {@code old.}
   */
  static Column digest(String prefix) {
    Column[] all =
        Arrays.stream(SampleRows.SCHEMA.fieldNames())
            .map(name -> col(prefix + name))
            .toArray(Column[]::new);
    return sha2(to_json(struct(all)), 256);
  }

  static Row of(EditedSample edited, String before) {
    return row(edited, before, 0, 0, List.of());
  }

  static Row of(SuggestedSample suggested, String before) {
    return row(
        suggested.edited(), before, suggested.taken(), suggested.known(), suggested.refused());
  }

  private static Row row(
      EditedSample edited, String before, long taken, long known, List<RefusedLabel> refused) {
    Row sample = SampleRows.toRow(edited.sample());
    boolean isWritten = edited.outcome() == EditedSample.Outcome.CHANGED;
    AnnotationCounts counts = edited.counts();
    return RowFactory.create(
        edited.sample().id().value(),
        before,
        edited.outcome().name(),
        isWritten ? sample.get(SampleRows.SCHEMA.fieldIndex("annotations")) : null,
        sample.get(SampleRows.SCHEMA.fieldIndex("hard")),
        sample.get(SampleRows.SCHEMA.fieldIndex("hard_coefficient")),
        counts.added(),
        counts.changed(),
        counts.removed(),
        counts.relations(),
        taken,
        known,
        refused.stream()
            .map(each -> RowFactory.create(each.reason().name(), each.message()))
            .toArray(Row[]::new));
  }
}
