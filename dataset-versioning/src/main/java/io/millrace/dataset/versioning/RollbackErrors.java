package io.millrace.dataset.versioning;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.versioning.RollbackConfig.Goal;

/** What rollbacks tell users that did not come to be. */
public final class RollbackErrors {
  private RollbackErrors() {}

  public static DatasetException noSamples(StateRef branch) {
    return new DatasetException(
        "Cannot roll back %s: it never had samples. Import or merge some.".formatted(branch));
  }

  public static DatasetException noState(StateRef branch, Goal goal, long last) {
    return new DatasetException(
        "Cannot roll back %s to %s: that is no longer kept, or never was. States are numbered from 0 to %s; older ones go when Delta cleans up (after 30 days by default)."
            .formatted(branch, goal, last));
  }

  public static DatasetException losses(StateRef branch, Goal goal, long marks, long usages) {
    String what =
        marks > 0 && usages > 0
            ? "%s samples have hard marks and %s have usages".formatted(marks, usages)
            : marks > 0
                ? "%s samples have hard marks".formatted(marks)
                : "%s samples have usages".formatted(usages);
    return new DatasetException(
        "Cannot roll back %s to %s: %s that the version was published without, and they would be lost. Add --accept-losses to go on, and next time publish with --hard keep --usage keep."
            .formatted(branch, goal, what));
  }
}
