package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Properties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What came of an edit.
 *
 * @param suggestions of an edit that took a model's; empty for the others
 */
public record LabelEditReport(
    DatasetName dataset,
    String operation,
    Result result,
    LabelEditCounts counts,
    Optional<SuggestionCounts> suggestions) {

  /** Whether the dataset changed. */
  public enum Result {
    COMMITTED,
    /** Everything was as wanted already, or nothing was selected: nothing was committed. */
    NOTHING_TO_DO,
    /** Only counted. */
    DRY_RUN
  }

  public LabelEditReport {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(operation, "operation is null");
    requireNonNull(result, "result is null");
    requireNonNull(counts, "counts is null");
    requireNonNull(suggestions, "suggestions is null");
  }

  /** For programs. */
  public Properties toProperties() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dataset", dataset.value());
    fields.put("operation", operation);
    fields.put("result", result.name());
    fields.putAll(counts.toProperties().values());
    suggestions.ifPresent(each -> fields.putAll(each.toProperties().values()));
    return new Properties(fields);
  }
}
