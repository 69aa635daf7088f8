package io.millrace.training.local;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.S3Endpoint;
import io.millrace.training.hang.HangSettings;
import io.millrace.training.watch.LogLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How runs are launched on this machine.
 *
 * @param runsRoot the directory that holds the runs
 * @param grace from SIGTERM to SIGKILL, so that a script can save a last checkpoint
 * @param syncPeriod between two looks at the outputs
 * @param hang when a run counts as hung, and what follows
 */
public record LocalSettings(
    Path runsRoot,
    PythonInterpreter python,
    Duration grace,
    Duration syncPeriod,
    LogLimits logLimits,
    HangSettings hang,
    Optional<S3Endpoint> objectStore) {

  /** As ModelArts' containers give. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  /** As ModelArts' upload period. */
  public static final Duration DEFAULT_SYNC_PERIOD = Duration.ofSeconds(5);

  public LocalSettings {
    runsRoot = runsRoot.toAbsolutePath().normalize();
    requireNonNull(python, "python is null");
    checkArgument(
        !grace.isNegative() && grace.compareTo(Duration.ofHours(1)) <= 0,
        "Invalid grace: %s (expected 0 s to 1 h)",
        grace);
    checkArgument(
        syncPeriod.compareTo(Duration.ofMillis(10)) >= 0,
        "Invalid sync period: %s (expected at least 10 ms)",
        syncPeriod);
    requireNonNull(logLimits, "logLimits is null");
    requireNonNull(hang, "hang is null");
    requireNonNull(objectStore, "objectStore is null");
  }

  public static LocalSettings of(Path runsRoot, PythonInterpreter python) {
    return new LocalSettings(
        runsRoot,
        python,
        DEFAULT_GRACE,
        DEFAULT_SYNC_PERIOD,
        LogLimits.DEFAULT,
        HangSettings.DEFAULT,
        Optional.empty());
  }

  public LocalSettings withGrace(Duration newGrace) {
    return new LocalSettings(runsRoot, python, newGrace, syncPeriod, logLimits, hang, objectStore);
  }

  public LocalSettings withSyncPeriod(Duration newPeriod) {
    return new LocalSettings(runsRoot, python, grace, newPeriod, logLimits, hang, objectStore);
  }

  public LocalSettings withLogLimits(LogLimits newLimits) {
    return new LocalSettings(runsRoot, python, grace, syncPeriod, newLimits, hang, objectStore);
  }

  public LocalSettings withHang(HangSettings newHang) {
    return new LocalSettings(runsRoot, python, grace, syncPeriod, logLimits, newHang, objectStore);
  }

  /** Tells scripts of an object store, as {@code S3_ENDPOINT} and so on. */
  public LocalSettings withObjectStore(S3Endpoint endpoint) {
    return new LocalSettings(
        runsRoot, python, grace, syncPeriod, logLimits, hang, Optional.of(endpoint));
  }
}
