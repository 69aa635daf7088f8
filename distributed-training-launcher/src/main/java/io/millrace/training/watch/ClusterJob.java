package io.millrace.training.watch;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * The job of a run that a cluster owns: it goes on when the launcher ends.
 *
 * @param backend which back end can follow it
 * @param reference how that back end finds it
 */
public record ClusterJob(String backend, String reference) {
  public ClusterJob {
    checkArgument(
        backend != null && !backend.isBlank() && reference != null && !reference.isBlank(),
        "Invalid cluster job: '%s' of back end '%s'",
        reference,
        backend);
  }
}
