package io.millrace.dataset.labels;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * A suggestion that was not taken.
 *
 * @param message which one, for the user
 */
public record RefusedLabel(Reason reason, String message) {

  /** Why a suggestion is not taken: of a whole line, or of one label. */
  public enum Reason {
    /** The line is no sample. */
    BROKEN_LINE,
    /** The line's file of objects cannot be read; none of the line's labels is taken. */
    BROKEN_ANNOTATION_FILE,
    /** The dataset has no sample of the line's id or source. */
    UNKNOWN_SAMPLE,
    /** The line says nothing of its sample. */
    NO_LABELS,
    /** A person has labelled the sample. */
    LABELLED_BY_HUMAN,
    /** The line says that a person gave the label. */
    NOT_BY_MACHINE,
    /** The label is of another label task type than the dataset. */
    OTHER_TASK_TYPE,
    /** A threshold is set, and the label does not say how sure it is. */
    NO_CONFIDENCE,
    /** The label is less sure than the threshold. */
    BELOW_THRESHOLD,
    /** The relation joins an entity that was refused or is not there. */
    WITHOUT_ENTITY;

    /** In lower case with hyphens. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public RefusedLabel {
    requireNonNull(reason, "reason is null");
    requireNonNull(message, "message is null");
  }
}
