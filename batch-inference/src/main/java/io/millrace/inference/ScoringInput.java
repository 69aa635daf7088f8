package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;

/**
 * One image to score.
 *
 * @param position among the task's inputs, from 0; results are told apart and ordered by it
 * @param source as it was given
 * @param answerPath where below {@link BatchOutput#answers()} its answer goes; no other input's
 * @param progress whether an earlier run left an answer
 */
public record ScoringInput(long position, StorageUri source, String answerPath, Progress progress) {

  /** What earlier runs of the task did for an input. */
  public enum Progress {
    /** There is no answer. */
    OPEN,
    /** There is an answer, which is taken over if it can be read. */
    ANSWERED
  }

  public ScoringInput {
    requireNonNull(source, "source is null");
    requireNonNull(answerPath, "answerPath is null");
    requireNonNull(progress, "progress is null");
    checkArgument(position >= 0, "Invalid position: %s (expected at least 0)", position);
  }
}
