package io.millrace.training.watch;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.LocalObjectStore;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.training.LogKeeping;
import io.millrace.training.TrainingRun;
import java.io.IOException;
import java.util.Optional;

/**
 * The copy of a run's logs at its job's log-url: {@code LOG-URL/NAME-ID/}, with the names of the
 * run's own log directory.
 */
public record LogCopy(StorageUri location, LogKeeping.Retention retention) {
  public LogCopy {
    requireNonNull(location, "location is null");
    requireNonNull(retention, "retention is null");
  }

  /** The copy that a run makes; empty if its job has no log-url. */
  public static Optional<LogCopy> of(TrainingRun run) {
    LogKeeping logs = run.job().logs();
    return logs.location()
        .map(place -> new LogCopy(place.resolve(run.displayName()), logs.retention()));
  }

  /**
   * Removes the copy along with its run, unless it is to be kept for ever.
   *
   * @param storage serves the location if that is not local
   */
  public void removeWithRun(ObjectStore storage) throws IOException {
    switch (retention) {
      case PERMANENT -> {
        // That is what it was asked for.
      }
      case WITH_RUN ->
          (location.localPath().isPresent() ? new LocalObjectStore() : storage).delete(location);
    }
  }
}
