package io.millrace.training;

import io.millrace.dataset.StorageUri;
import java.util.List;
import java.util.Optional;

/**
 * Where the logs of a run end.
 *
 * @param location a copy of them goes below {@code NAME-ID/} there; the run's own directory has
 *     them anyway
 * @param retention how long the copy is wanted
 */
public record LogKeeping(Optional<StorageUri> location, Retention retention) {

  /** How long logs are wanted. */
  public enum Retention {
    /** As long as the run itself. */
    WITH_RUN,
    /** For ever. */
    PERMANENT
  }

  /** In the run's own directory only. */
  static final LogKeeping WITH_RUN = new LogKeeping(Optional.empty(), Retention.WITH_RUN);

  public LogKeeping {
    if (retention == Retention.PERMANENT && location.isEmpty()) {
      TrainingException.throwIfAny(
          List.of("Invalid keep-logs: there is no log-url to keep the logs in (give one)."));
    }
  }
}
