package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.diagnosis.DiagnosisCatalogue;
import io.millrace.training.watch.LogLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * How runs are launched on a Kubernetes cluster with Volcano.
 *
 * @param runsRoot the directory of this machine that holds the runs
 * @param mounts where code, inputs and outputs lie
 * @param rankTable for jobs on Ascend devices
 * @param grace from SIGTERM to SIGKILL, so that a script can save a last checkpoint
 * @param autoStop a job that has run so long is ended
 * @param keep how long the cluster keeps a job that is over
 * @param poll between two looks at the cluster
 * @param catalogue the known errors that the logs of a failed run are looked through for
 */
public record VolcanoSettings(
    Path runsRoot,
    String namespace,
    ContainerSettings container,
    NodeResources resources,
    Scheduling scheduling,
    List<SharedMount> mounts,
    Optional<RankTableSettings> rankTable,
    Duration grace,
    Optional<Duration> autoStop,
    Duration keep,
    Duration poll,
    LogLimits logLimits,
    DiagnosisCatalogue catalogue) {

  /** As ModelArts' containers give. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  public static final Duration DEFAULT_KEEP = Duration.ofDays(1);
  public static final Duration DEFAULT_POLL = Duration.ofSeconds(2);

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Duration MAX_AUTO_STOP = Duration.ofDays(30);

  public VolcanoSettings {
    runsRoot = runsRoot.toAbsolutePath().normalize();
    checkArgument(
        namespace != null && NAMESPACE.matcher(namespace).matches(),
        "Invalid namespace: '%s' (expected 1 to 63 of a-z, 0-9 and -, no - at either end)",
        namespace);
    requireNonNull(container, "container is null");
    requireNonNull(resources, "resources is null");
    requireNonNull(scheduling, "scheduling is null");
    mounts = List.copyOf(mounts);
    requireNonNull(rankTable, "rankTable is null");
    checkArgument(
        !grace.isNegative() && grace.compareTo(Duration.ofHours(1)) <= 0,
        "Invalid grace: %s (expected 0 s to 1 h)",
        grace);
    autoStop.ifPresent(
        time ->
            checkArgument(
                time.toSeconds() >= 1 && time.compareTo(MAX_AUTO_STOP) <= 0,
                "Invalid auto-stop: %s (expected 1 s to 720 h)",
                time));
    checkArgument(!keep.isNegative(), "Invalid keep: %s (expected 0 s or more)", keep);
    checkArgument(
        poll.compareTo(Duration.ofMillis(10)) >= 0,
        "Invalid poll period: %s (expected at least 10 ms)",
        poll);
    requireNonNull(logLimits, "logLimits is null");
    requireNonNull(catalogue, "catalogue is null");
    List<Path> inPods = mounts.stream().map(SharedMount::inPod).toList();
    checkArgument(
        inPods.stream().distinct().count() == inPods.size(),
        "Invalid mounts: two have the same path in pods, %s (expected one each)",
        inPods);
  }

  /** Jobs on NVIDIA GPUs in the namespace {@code default}, without any mount. */
  public static VolcanoSettings of(Path runsRoot, String image) {
    return new VolcanoSettings(
        runsRoot,
        "default",
        ContainerSettings.of(image),
        NodeResources.of(NodeResources.NVIDIA_GPU),
        Scheduling.DEFAULT,
        List.of(),
        Optional.empty(),
        DEFAULT_GRACE,
        Optional.empty(),
        DEFAULT_KEEP,
        DEFAULT_POLL,
        LogLimits.DEFAULT,
        DiagnosisCatalogue.shipped());
  }

  public VolcanoSettings withNamespace(String newNamespace) {
    return changed(draft -> draft.namespace = newNamespace);
  }

  public VolcanoSettings withContainer(ContainerSettings newContainer) {
    return changed(draft -> draft.container = newContainer);
  }

  public VolcanoSettings withResources(NodeResources newResources) {
    return changed(draft -> draft.resources = newResources);
  }

  public VolcanoSettings withScheduling(Scheduling newScheduling) {
    return changed(draft -> draft.scheduling = newScheduling);
  }

  public VolcanoSettings withMounts(List<SharedMount> newMounts) {
    return changed(draft -> draft.mounts = newMounts);
  }

  public VolcanoSettings withRankTable(RankTableSettings newRankTable) {
    return changed(draft -> draft.rankTable = Optional.of(newRankTable));
  }

  public VolcanoSettings withGrace(Duration newGrace) {
    return changed(draft -> draft.grace = newGrace);
  }

  public VolcanoSettings withAutoStop(Duration newAutoStop) {
    return changed(draft -> draft.autoStop = Optional.of(newAutoStop));
  }

  public VolcanoSettings withKeep(Duration newKeep) {
    return changed(draft -> draft.keep = newKeep);
  }

  public VolcanoSettings withPoll(Duration newPoll) {
    return changed(draft -> draft.poll = newPoll);
  }

  public VolcanoSettings withLogLimits(LogLimits newLogLimits) {
    return changed(draft -> draft.logLimits = newLogLimits);
  }

  public VolcanoSettings withCatalogue(DiagnosisCatalogue newCatalogue) {
    return changed(draft -> draft.catalogue = newCatalogue);
  }

  /** Jobs on Ascend devices of Huawei's Cloud Container Engine. */
  public VolcanoSettings onAscend() {
    return withResources(
            new NodeResources(
                Optional.of(NodeResources.CCE_ASCEND),
                resources.cpu(),
                resources.memory(),
                resources.sharedMemory()))
        .withRankTable(RankTableSettings.CCE);
  }

  private VolcanoSettings changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** Settings of which one is being changed. */
  private static final class Draft {
    private final Path runsRoot;
    private String namespace;
    private ContainerSettings container;
    private NodeResources resources;
    private Scheduling scheduling;
    private List<SharedMount> mounts;
    private Optional<RankTableSettings> rankTable;
    private Duration grace;
    private Optional<Duration> autoStop;
    private Duration keep;
    private Duration poll;
    private LogLimits logLimits;
    private DiagnosisCatalogue catalogue;

    Draft(VolcanoSettings from) {
      runsRoot = from.runsRoot;
      namespace = from.namespace;
      container = from.container;
      resources = from.resources;
      scheduling = from.scheduling;
      mounts = from.mounts;
      rankTable = from.rankTable;
      grace = from.grace;
      autoStop = from.autoStop;
      keep = from.keep;
      poll = from.poll;
      logLimits = from.logLimits;
      catalogue = from.catalogue;
    }

    VolcanoSettings settings() {
      return new VolcanoSettings(
          runsRoot,
          namespace,
          container,
          resources,
          scheduling,
          mounts,
          rankTable,
          grace,
          autoStop,
          keep,
          poll,
          logLimits,
          catalogue);
    }
  }
}
