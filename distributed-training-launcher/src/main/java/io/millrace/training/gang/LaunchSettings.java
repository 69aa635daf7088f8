package io.millrace.training.gang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.S3Endpoint;
import io.millrace.training.hang.HangSettings;
import io.millrace.training.watch.LogLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How runs are launched, on whatever machines.
 *
 * @param runsRoot the directory that holds the runs
 * @param grace from SIGTERM to SIGKILL, so that a script can save a last checkpoint
 * @param syncPeriod between two looks at the outputs
 * @param hang when a run counts as hung, and what follows
 */
public record LaunchSettings(
    Path runsRoot,
    Duration grace,
    Duration syncPeriod,
    LogLimits logLimits,
    HangSettings hang,
    Optional<S3Endpoint> objectStore) {

  /** As ModelArts' containers give. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  /** As ModelArts' upload period. */
  public static final Duration DEFAULT_SYNC_PERIOD = Duration.ofSeconds(5);

  public LaunchSettings {
    runsRoot = runsRoot.toAbsolutePath().normalize();
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

  public static LaunchSettings of(Path runsRoot) {
    return new LaunchSettings(
        runsRoot,
        DEFAULT_GRACE,
        DEFAULT_SYNC_PERIOD,
        LogLimits.DEFAULT,
        HangSettings.DEFAULT,
        Optional.empty());
  }

  public LaunchSettings withGrace(Duration newGrace) {
    return new LaunchSettings(runsRoot, newGrace, syncPeriod, logLimits, hang, objectStore);
  }

  public LaunchSettings withSyncPeriod(Duration newPeriod) {
    return new LaunchSettings(runsRoot, grace, newPeriod, logLimits, hang, objectStore);
  }

  public LaunchSettings withLogLimits(LogLimits newLimits) {
    return new LaunchSettings(runsRoot, grace, syncPeriod, newLimits, hang, objectStore);
  }

  public LaunchSettings withHang(HangSettings newHang) {
    return new LaunchSettings(runsRoot, grace, syncPeriod, logLimits, newHang, objectStore);
  }

  /** Tells scripts of an object store, as {@code S3_ENDPOINT} and so on. */
  public LaunchSettings withObjectStore(S3Endpoint endpoint) {
    return new LaunchSettings(runsRoot, grace, syncPeriod, logLimits, hang, Optional.of(endpoint));
  }
}
