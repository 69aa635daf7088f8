package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import java.io.Serializable;
import java.time.LocalDateTime;

/**
 * Which labels of a model are taken.
 *
 * @param taskType of the dataset; labels of another are refused
 * @param threshold labels less sure than this are refused, 0 to 1; 0 takes those too that do not
 *     say how sure they are
 * @param humanLabels what happens where a person has labelled the sample
 * @param annotator who gave the labels that do not say it
 * @param at the creation time of labels that have none
 */
public record SuggestionPolicy(
    LabelTaskType taskType,
    double threshold,
    HumanLabels humanLabels,
    String annotator,
    LocalDateTime at)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Who is named where neither the labels nor the user name anybody. */
  public static final String UNNAMED_ANNOTATOR = "machine";

  /** What happens where a person has labelled the sample. */
  public enum HumanLabels {
    /** The person is right: the suggestions are refused. */
    SKIP,
    /** The suggestions stand beside the person's labels until they are confirmed. */
    KEEP,
    /** The suggestions take their place. */
    REPLACE
  }

  public SuggestionPolicy {
    requireNonNull(taskType, "taskType is null");
    requireNonNull(humanLabels, "humanLabels is null");
    requireNonNull(annotator, "annotator is null");
    requireNonNull(at, "at is null");
    checkArgument(
        threshold >= 0 && threshold <= 1, "Invalid threshold: %s (expected 0 to 1)", threshold);
    checkArgument(
        !annotator.isBlank() && !annotator.equals("human") && !annotator.startsWith("human/"),
        "Invalid annotator: '%s' (expected the name of a model; human and human/NAME are people)",
        annotator);
  }
}
