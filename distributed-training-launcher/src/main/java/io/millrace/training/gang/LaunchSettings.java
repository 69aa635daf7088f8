package io.millrace.training.gang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.S3Endpoint;
import io.millrace.training.diagnosis.DiagnosisCatalogue;
import io.millrace.training.hang.HangSettings;
import io.millrace.training.resource.UtilisationSettings;
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
 * @param utilisation how it is sampled and when it is warned about
 * @param checks what nodes have to have
 * @param packages what becomes of {@code requirements.txt}
 * @param catalogue of the errors that logs of failed runs are matched with
 */
public record LaunchSettings(
    Path runsRoot,
    Duration grace,
    Duration syncPeriod,
    LogLimits logLimits,
    HangSettings hang,
    UtilisationSettings utilisation,
    NodeChecks checks,
    Packages packages,
    DiagnosisCatalogue catalogue,
    Optional<S3Endpoint> objectStore) {

  /** What becomes of the list of Python packages that lies in a code directory. */
  public enum Packages {
    /** They are installed on each node, into a directory of the run. */
    INSTALLED,
    /** Nothing; the nodes have them. */
    LEFT_ALONE
  }

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
    requireNonNull(utilisation, "utilisation is null");
    requireNonNull(checks, "checks is null");
    requireNonNull(packages, "packages is null");
    requireNonNull(catalogue, "catalogue is null");
    requireNonNull(objectStore, "objectStore is null");
  }

  public static LaunchSettings of(Path runsRoot) {
    return new LaunchSettings(
        runsRoot,
        DEFAULT_GRACE,
        DEFAULT_SYNC_PERIOD,
        LogLimits.DEFAULT,
        HangSettings.DEFAULT,
        UtilisationSettings.DEFAULT,
        NodeChecks.DEFAULT,
        Packages.INSTALLED,
        DiagnosisCatalogue.shipped(),
        Optional.empty());
  }

  public LaunchSettings withGrace(Duration newGrace) {
    return new LaunchSettings(
        runsRoot,
        newGrace,
        syncPeriod,
        logLimits,
        hang,
        utilisation,
        checks,
        packages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withSyncPeriod(Duration newPeriod) {
    return new LaunchSettings(
        runsRoot,
        grace,
        newPeriod,
        logLimits,
        hang,
        utilisation,
        checks,
        packages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withLogLimits(LogLimits newLimits) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        newLimits,
        hang,
        utilisation,
        checks,
        packages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withHang(HangSettings newHang) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        logLimits,
        newHang,
        utilisation,
        checks,
        packages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withUtilisation(UtilisationSettings newSettings) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        logLimits,
        hang,
        newSettings,
        checks,
        packages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withChecks(NodeChecks newChecks) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        logLimits,
        hang,
        utilisation,
        newChecks,
        packages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withPackages(Packages newPackages) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        logLimits,
        hang,
        utilisation,
        checks,
        newPackages,
        catalogue,
        objectStore);
  }

  public LaunchSettings withCatalogue(DiagnosisCatalogue newCatalogue) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        logLimits,
        hang,
        utilisation,
        checks,
        packages,
        newCatalogue,
        objectStore);
  }

  /** Tells scripts of an object store, as {@code S3_ENDPOINT} and so on. */
  public LaunchSettings withObjectStore(S3Endpoint endpoint) {
    return new LaunchSettings(
        runsRoot,
        grace,
        syncPeriod,
        logLimits,
        hang,
        utilisation,
        checks,
        packages,
        catalogue,
        Optional.of(endpoint));
  }
}
