package io.millrace.training.gang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.LocalObjectStore;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.training.S3Endpoint;
import io.millrace.training.diagnosis.DiagnosisCatalogue;
import io.millrace.training.hang.HangSettings;
import io.millrace.training.resource.UtilisationSettings;
import io.millrace.training.watch.LogLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** How runs are launched, on whatever machines. Immutable. */
public final class LaunchSettings {

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

  private static final ObjectStore LOCAL = new LocalObjectStore();

  private final Draft values;

  private LaunchSettings(Draft values) {
    checkArgument(
        !values.grace.isNegative() && values.grace.compareTo(Duration.ofHours(1)) <= 0,
        "Invalid grace: %s (expected 0 s to 1 h)",
        values.grace);
    checkArgument(
        values.syncPeriod.compareTo(Duration.ofMillis(10)) >= 0,
        "Invalid sync period: %s (expected at least 10 ms)",
        values.syncPeriod);
    requireNonNull(values.logLimits, "logLimits is null");
    requireNonNull(values.hang, "hang is null");
    requireNonNull(values.utilisation, "utilisation is null");
    requireNonNull(values.checks, "checks is null");
    requireNonNull(values.packages, "packages is null");
    requireNonNull(values.catalogue, "catalogue is null");
    requireNonNull(values.objectStore, "objectStore is null");
    requireNonNull(values.storage, "storage is null");
    requireNonNull(values.hccnFile, "hccnFile is null");
    this.values = values;
  }

  /** Settings for local files alone; everything else as it is by default. */
  public static LaunchSettings of(Path runsRoot) {
    return new LaunchSettings(new Draft(runsRoot.toAbsolutePath().normalize()));
  }

  /** The directory that holds the runs. */
  public Path runsRoot() {
    return values.runsRoot;
  }

  /** From SIGTERM to SIGKILL, so that a script can save a last checkpoint. */
  public Duration grace() {
    return values.grace;
  }

  /** Between two looks at the outputs. */
  public Duration syncPeriod() {
    return values.syncPeriod;
  }

  /** Of each log file. */
  public LogLimits logLimits() {
    return values.logLimits;
  }

  /** When a run counts as hung, and what follows. */
  public HangSettings hang() {
    return values.hang;
  }

  /** How it is sampled and when it is warned about. */
  public UtilisationSettings utilisation() {
    return values.utilisation;
  }

  /** What nodes have to have. */
  public NodeChecks checks() {
    return values.checks;
  }

  /** What becomes of {@code requirements.txt}. */
  public Packages packages() {
    return values.packages;
  }

  /** Of the errors that logs of failed runs are matched with. */
  public DiagnosisCatalogue catalogue() {
    return values.catalogue;
  }

  /** What scripts are told, as {@code S3_ENDPOINT} and so on. */
  public Optional<S3Endpoint> objectStore() {
    return values.objectStore;
  }

  /** Serves the locations of code, inputs, outputs and logs that are not local. */
  public ObjectStore storage() {
    return values.storage;
  }

  /** Where nodes keep the network addresses of their Ascend devices, for rank tables. */
  public String hccnFile() {
    return values.hccnFile;
  }

  public LaunchSettings withHccnFile(String file) {
    return changed(draft -> draft.hccnFile = file);
  }

  public LaunchSettings withGrace(Duration newGrace) {
    return changed(draft -> draft.grace = newGrace);
  }

  public LaunchSettings withSyncPeriod(Duration newPeriod) {
    return changed(draft -> draft.syncPeriod = newPeriod);
  }

  public LaunchSettings withLogLimits(LogLimits newLimits) {
    return changed(draft -> draft.logLimits = newLimits);
  }

  public LaunchSettings withHang(HangSettings newHang) {
    return changed(draft -> draft.hang = newHang);
  }

  public LaunchSettings withUtilisation(UtilisationSettings newSettings) {
    return changed(draft -> draft.utilisation = newSettings);
  }

  public LaunchSettings withChecks(NodeChecks newChecks) {
    return changed(draft -> draft.checks = newChecks);
  }

  public LaunchSettings withPackages(Packages newPackages) {
    return changed(draft -> draft.packages = newPackages);
  }

  public LaunchSettings withCatalogue(DiagnosisCatalogue newCatalogue) {
    return changed(draft -> draft.catalogue = newCatalogue);
  }

  /** Tells scripts of an object store, as {@code S3_ENDPOINT} and so on. */
  public LaunchSettings withObjectStore(S3Endpoint endpoint) {
    return changed(draft -> draft.objectStore = Optional.of(endpoint));
  }

  /** Takes code and inputs from a storage that is not local, and brings outputs and logs there. */
  public LaunchSettings withStorage(ObjectStore newStorage) {
    return changed(draft -> draft.storage = newStorage);
  }

  /** What serves an address. */
  ObjectStore storageOf(StorageUri address) {
    return address.localPath().isPresent() ? LOCAL : values.storage;
  }

  private LaunchSettings changed(Consumer<Draft> change) {
    Draft draft = values.copy();
    change.accept(draft);
    return new LaunchSettings(draft);
  }

  /** The values, as they are by default until they are changed. */
  private static final class Draft {
    private final Path runsRoot;
    private Duration grace = DEFAULT_GRACE;
    private Duration syncPeriod = DEFAULT_SYNC_PERIOD;
    private LogLimits logLimits = LogLimits.DEFAULT;
    private HangSettings hang = HangSettings.DEFAULT;
    private UtilisationSettings utilisation = UtilisationSettings.DEFAULT;
    private NodeChecks checks = NodeChecks.DEFAULT;
    private Packages packages = Packages.INSTALLED;
    private DiagnosisCatalogue catalogue = DiagnosisCatalogue.shipped();
    private Optional<S3Endpoint> objectStore = Optional.empty();
    private ObjectStore storage = LOCAL;
    private String hccnFile = "/etc/hccn.conf";

    Draft(Path runsRoot) {
      this.runsRoot = runsRoot;
    }

    Draft copy() {
      Draft copy = new Draft(runsRoot);
      copy.grace = grace;
      copy.syncPeriod = syncPeriod;
      copy.logLimits = logLimits;
      copy.hang = hang;
      copy.utilisation = utilisation;
      copy.checks = checks;
      copy.packages = packages;
      copy.catalogue = catalogue;
      copy.objectStore = objectStore;
      copy.storage = storage;
      copy.hccnFile = hccnFile;
      return copy;
    }
  }
}
