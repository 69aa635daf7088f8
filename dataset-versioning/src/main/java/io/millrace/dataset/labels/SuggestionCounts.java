package io.millrace.dataset.labels;

import io.millrace.dataset.Properties;
import io.millrace.dataset.labels.RefusedLabel.Reason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of a model's suggestions.
 *
 * @param lines of its file, without blank ones
 * @param taken labels that samples have now and had not before
 * @param known labels that they had already
 * @param refused by reason; lines or labels, as the reason says
 */
public record SuggestionCounts(long lines, long taken, long known, Map<Reason, Refusals> refused) {

  /**
   * What was refused for one reason.
   *
   * @param example one of them, the first by its text
   */
  public record Refusals(long count, String example) {}

  public SuggestionCounts {
    Map<Reason, Refusals> ordered = new EnumMap<>(Reason.class);
    ordered.putAll(refused);
    refused = Collections.unmodifiableMap(ordered);
  }

  /** Lines and labels refused. */
  public long refusals() {
    return refused.values().stream().mapToLong(Refusals::count).sum();
  }

  public Properties toProperties() {
    Map<String, Object> reasons = new LinkedHashMap<>();
    refused.forEach((reason, refusals) -> reasons.put(reason.text(), refusals.count()));
    return Properties.EMPTY
        .with("lines", lines)
        .with("labels-taken", taken)
        .with("labels-known", known)
        .with("refused", reasons);
  }
}
