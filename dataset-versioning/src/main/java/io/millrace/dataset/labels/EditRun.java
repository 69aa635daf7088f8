package io.millrace.dataset.labels;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Limits;

/**
 * How an edit is made, whatever it is.
 *
 * @param mode whether it is made, or only counted
 * @param rule what labels must look like that are new to the dataset
 * @param by the name of the user, for the audit
 */
public record EditRun(Mode mode, LabelRule rule, Limits limits, String by) {

  /** Whether an edit is made, or only counted. */
  public enum Mode {
    COMMIT,
    DRY_RUN
  }

  public EditRun {
    requireNonNull(mode, "mode is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(limits, "limits is null");
    checkArgument(by != null && !by.isBlank(), "Invalid user: the name is empty");
  }

  /** An edit that is made, by ModelArts' limits and for any printable label. */
  public static EditRun by(String user) {
    return new EditRun(Mode.COMMIT, LabelRule.PRINTABLE, Limits.DEFAULT, user);
  }

  public EditRun withMode(Mode mode) {
    return new EditRun(mode, rule, limits, by);
  }

  public EditRun withRule(LabelRule rule) {
    return new EditRun(mode, rule, limits, by);
  }

  public EditRun withLimits(Limits limits) {
    return new EditRun(mode, rule, limits, by);
  }
}
