package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.watch.LogLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    LogLimits logLimits) {

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
        LogLimits.DEFAULT);
  }

  public VolcanoSettings withNamespace(String newNamespace) {
    return new VolcanoSettings(
        runsRoot,
        newNamespace,
        container,
        resources,
        scheduling,
        mounts,
        rankTable,
        grace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withContainer(ContainerSettings newContainer) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        newContainer,
        resources,
        scheduling,
        mounts,
        rankTable,
        grace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withResources(NodeResources newResources) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        container,
        newResources,
        scheduling,
        mounts,
        rankTable,
        grace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withScheduling(Scheduling newScheduling) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        container,
        resources,
        newScheduling,
        mounts,
        rankTable,
        grace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withMounts(List<SharedMount> newMounts) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        container,
        resources,
        scheduling,
        newMounts,
        rankTable,
        grace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withRankTable(RankTableSettings newRankTable) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        container,
        resources,
        scheduling,
        mounts,
        Optional.of(newRankTable),
        grace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withGrace(Duration newGrace) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        container,
        resources,
        scheduling,
        mounts,
        rankTable,
        newGrace,
        autoStop,
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withAutoStop(Duration newAutoStop) {
    return new VolcanoSettings(
        runsRoot,
        namespace,
        container,
        resources,
        scheduling,
        mounts,
        rankTable,
        grace,
        Optional.of(newAutoStop),
        keep,
        poll,
        logLimits);
  }

  public VolcanoSettings withKeep(Duration newKeep) {
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
        newKeep,
        poll,
        logLimits);
  }

  public VolcanoSettings withPoll(Duration newPoll) {
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
        newPoll,
        logLimits);
  }

  public VolcanoSettings withLogLimits(LogLimits newLogLimits) {
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
        newLogLimits);
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
}
