package io.millrace.dataset.delta.spark;

import io.millrace.dataset.labels.SuggestionPolicy;
import io.millrace.dataset.labels.Suggestions;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;

/**
 * Gives samples what is suggested for them: rows of {@link EditedRows#withDigest}, then an array of
 * annotations.
 */
final class GiveSuggestions implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final int SUGGESTED = EditedRows.BEFORE_INDEX + 1;

  private final SuggestionPolicy policy;

  GiveSuggestions(SuggestionPolicy policy) {
    this.policy = policy;
  }

  @Override
  public Row call(Row row) {
    return EditedRows.of(
        new Suggestions(policy)
            .give(
                SampleRows.toSample(row),
                row.<Row>getList(SUGGESTED).stream().map(AnnotationRows::toAnnotation).toList()),
        row.getString(EditedRows.BEFORE_INDEX));
  }
}
