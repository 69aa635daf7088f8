package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Sample;
import io.millrace.dataset.merging.Aspect;
import io.millrace.dataset.merging.MergePolicy;
import io.millrace.dataset.merging.MergedSample;
import io.millrace.dataset.merging.SampleMerge;
import io.millrace.dataset.merging.SampleSides;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Decides about rows of a sample on three sides: ours, theirs, base, and the digest of ours.
 *
 * @param basis whether there is a base
 */
record MergeRows(MergePolicy policy, SampleMerge.Basis basis) implements MapFunction<Row, Row> {
  /** The names of {@link Aspect}s that clash. */
  static final String CLASHES = "clashes";

  /**
   * What is decided: the sample as it shall be, or, of one that is removed, kept or in conflict, as
   * it is.
   */
  static final StructType SCHEMA =
      SampleCommit.SCHEMA.add(CLASHES, DataTypes.createArrayType(DataTypes.StringType));

  @Override
  public Row call(Row row) {
    Optional<Sample> ours = sample(row, 0);
    Optional<Sample> theirs = sample(row, 1);
    MergedSample merged =
        new SampleMerge(policy, basis).merge(new SampleSides(sample(row, 2), ours, theirs));
    Row shown =
        SampleRows.toRow(
            merged
                .sample()
                .or(() -> ours)
                .or(() -> theirs)
                .orElseThrow(() -> new IllegalStateException("A sample that no side has")));
    Object[] cells = new Object[SCHEMA.length()];
    for (int i = 0; i < shown.length(); i++) {
      cells[i] = shown.get(i);
    }
    cells[SCHEMA.fieldIndex(SampleCommit.ACTION)] = merged.action().name();
    cells[SCHEMA.fieldIndex(SampleCommit.BEFORE)] = row.getString(3);
    cells[SCHEMA.fieldIndex(CLASHES)] =
        merged.clashes().stream().sorted().map(Aspect::name).toArray(String[]::new);
    return RowFactory.create(cells);
  }

  private static Optional<Sample> sample(Row row, int column) {
    return row.isNullAt(column)
        ? Optional.empty()
        : Optional.of(SampleRows.toSample(row.getStruct(column)));
  }
}
