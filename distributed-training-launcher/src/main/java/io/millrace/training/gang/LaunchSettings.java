package io.millrace.training.gang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.LocalObjectStore;
import io.millrace.dataset.storage.ObjectStore;
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
 * @param objectStore what scripts are told, as {@code S3_ENDPOINT} and so on
 * @param storage serves the locations of inputs, outputs and logs that are not local
 */
public record LaunchSettings(
    Path runsRoot,
    Duration grace,
    Duration syncPeriod,
    LogLimits logLimits,
    HangSettings hang,
    Optional<S3Endpoint> objectStore,
    ObjectStore storage) {

  /** As ModelArts' containers give. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  /** As ModelArts' upload period. */
  public static final Duration DEFAULT_SYNC_PERIOD = Duration.ofSeconds(5);

  private static final ObjectStore LOCAL = new LocalObjectStore();

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
    requireNonNull(storage, "storage is null");
  }

  /** Settings for local files alone. */
  public static LaunchSettings of(Path runsRoot) {
    return new LaunchSettings(
        runsRoot,
        DEFAULT_GRACE,
        DEFAULT_SYNC_PERIOD,
        LogLimits.DEFAULT,
        HangSettings.DEFAULT,
        Optional.empty(),
        LOCAL);
  }

  public LaunchSettings withGrace(Duration newGrace) {
    return new LaunchSettings(
        runsRoot, newGrace, syncPeriod, logLimits, hang, objectStore, storage);
  }

  public LaunchSettings withSyncPeriod(Duration newPeriod) {
    return new LaunchSettings(runsRoot, grace, newPeriod, logLimits, hang, objectStore, storage);
  }

  public LaunchSettings withLogLimits(LogLimits newLimits) {
    return new LaunchSettings(runsRoot, grace, syncPeriod, newLimits, hang, objectStore, storage);
  }

  public LaunchSettings withHang(HangSettings newHang) {
    return new LaunchSettings(
        runsRoot, grace, syncPeriod, logLimits, newHang, objectStore, storage);
  }

  /** Tells scripts of an object store, as {@code S3_ENDPOINT} and so on. */
  public LaunchSettings withObjectStore(S3Endpoint endpoint) {
    return new LaunchSettings(
        runsRoot, grace, syncPeriod, logLimits, hang, Optional.of(endpoint), storage);
  }

  /** Takes inputs from a storage that is not local, and brings outputs and logs there. */
  public LaunchSettings withStorage(ObjectStore newStorage) {
    return new LaunchSettings(
        runsRoot, grace, syncPeriod, logLimits, hang, objectStore, newStorage);
  }

  /** What serves an address. */
  ObjectStore storageOf(StorageUri address) {
    return address.localPath().isPresent() ? LOCAL : storage;
  }
}
