package io.millrace.jobs.cli;

import static io.millrace.jobs.training.Backend.VOLCANO;

import io.millrace.dataset.DatasetException;
import io.millrace.training.DeviceType;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import io.millrace.training.kubernetes.ClusterAccess;
import io.millrace.training.kubernetes.ContainerSettings;
import io.millrace.training.kubernetes.NodeResources;
import io.millrace.training.kubernetes.RankTableSettings;
import io.millrace.training.kubernetes.Scheduling;
import io.millrace.training.kubernetes.SharedMount;
import io.millrace.training.kubernetes.VolcanoSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options of {@code train submit} for the back end {@code volcano}. */
final class TrainVolcanoOptions {
  /** Stands for the job's image until the job is known. */
  private static final String NO_IMAGE = "image";

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace (default: default).")
  @OfBackends(VOLCANO)
  String namespace;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "Volcano's queue (default: the job's pool, else default).")
  @OfBackends(VOLCANO)
  String queue;

  @Option(
      names = "--priority-class",
      paramLabel = "N=NAME",
      description = "The cluster's priority class of a job's priority 1, 2 or 3. May be repeated.")
  @OfBackends(VOLCANO)
  List<String> priorityClasses = List.of();

  @Option(
      names = "--device-resource",
      paramLabel = "NAME",
      description =
          "The resource that devices are counted by (default: nvidia.com/gpu, for npu"
              + " huawei.com/ascend-1980).")
  @OfBackends(VOLCANO)
  String deviceResource;

  @Option(names = "--cpu", paramLabel = "N", description = "Cores of each pod, such as 8 or 500m.")
  @OfBackends(VOLCANO)
  String cpu;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "Memory of each pod, such as 64Gi.")
  @OfBackends(VOLCANO)
  String memory;

  @Option(
      names = "--shm",
      paramLabel = "SIZE",
      description = "Size of /dev/shm of each pod, such as 16Gi.")
  @OfBackends(VOLCANO)
  String sharedMemory;

  @Option(
      names = "--pod-mount",
      paramLabel = "SOURCE=DIR[:POD_DIR]",
      description =
          "Storage that this machine (DIR) and the pods (POD_DIR, default: DIR) share, pvc:CLAIM or"
              + " host:PATH; code, inputs and outputs lie there. May be repeated.")
  @OfBackends(VOLCANO)
  List<String> mounts = List.of();

  @Option(
      names = "--node-label",
      paramLabel = "NAME=VALUE",
      description = "A label that machines must have. May be repeated.")
  @OfBackends(VOLCANO)
  List<String> nodeLabels = List.of();

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "A Secret of the namespace whose keys become variables. May be repeated.")
  @OfBackends(VOLCANO)
  List<String> secrets = List.of();

  @Option(
      names = "--pull-secret",
      paramLabel = "NAME",
      description = "A Secret for pulling the image. May be repeated.")
  @OfBackends(VOLCANO)
  List<String> pullSecrets = List.of();

  @Option(
      names = "--keep",
      paramLabel = "SECONDS",
      description = "How long the cluster keeps a job that is over (default: 86400).")
  @OfBackends(VOLCANO)
  String keep;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Which cluster (default: as kubectl).")
  @OfBackends(VOLCANO)
  String kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Of the kubeconfig (default: its current one).")
  @OfBackends(VOLCANO)
  String context;

  @Option(
      names = "--dry-run",
      description = "Print the YAML that would be sent, and start nothing.")
  @OfBackends(VOLCANO)
  boolean dryRun;

  /** All but what the job decides. */
  VolcanoSettings settings(Path runs, TrainLaunchOptions launch, OptionTexts texts) {
    VolcanoSettings settings = VolcanoSettings.of(runs, NO_IMAGE);
    settings = texts.with(settings, namespace, VolcanoSettings::withNamespace);
    Optional<Duration> grace = launch.grace(texts);
    if (grace.isPresent()) {
      settings = texts.attempt(settings, s -> s.withGrace(grace.get()));
    }
    settings = settings.withCatalogue(launch.catalogue(texts));
    settings =
        texts.with(settings, keep, (s, text) -> s.withKeep(OptionTexts.seconds("keep", text)));
    settings =
        texts.with(
            settings, launch.python, (s, text) -> s.withContainer(s.container().withPython(text)));
    settings = settings.withContainer(settings.container().withSecrets(secrets, pullSecrets));
    settings =
        texts.with(settings, deviceResource, (s, text) -> s.withResources(NodeResources.of(text)));
    settings = texts.with(settings, cpu, (s, text) -> s.withResources(s.resources().withCpu(text)));
    settings =
        texts.with(settings, memory, (s, text) -> s.withResources(s.resources().withMemory(text)));
    settings =
        texts.with(
            settings,
            sharedMemory,
            (s, text) -> s.withResources(s.resources().withSharedMemory(text)));
    settings =
        texts.attempt(
            settings,
            s ->
                s.withScheduling(
                    s.scheduling()
                        .withPriority(1, priorityClasses())
                        .withNodeSelector(OptionTexts.pairs("node-label", nodeLabels))));
    settings =
        texts.with(settings, queue, (s, text) -> s.withScheduling(s.scheduling().withQueue(text)));
    for (String mount : mounts) {
      settings =
          texts.attempt(settings, s -> s.withMounts(joined(s.mounts(), SharedMount.parse(mount))));
    }
    return settings;
  }

  private static List<SharedMount> joined(List<SharedMount> mounts, SharedMount another) {
    List<SharedMount> all = new ArrayList<>(mounts);
    all.add(another);
    return all;
  }

  private Map<Integer, String> priorityClasses() {
    Map<Integer, String> classes = new TreeMap<>();
    OptionTexts.pairs("priority-class", priorityClasses)
        .forEach(
            (priority, name) -> {
              if (!priority.matches("[123]")) {
                throw new DatasetException(
                    "Invalid priority-class: '%s' (expected 1, 2 or 3 before the =)"
                        .formatted(priority));
              }
              classes.put(Integer.valueOf(priority), name);
            });
    return classes;
  }

  /**
   * The same for a job.
   *
   * @throws TrainingException with all that the job lacks for this back end
   */
  VolcanoSettings forJob(VolcanoSettings settings, TrainingJob job) {
    List<String> problems = new ArrayList<>();
    if (job.algorithm().image().isEmpty()) {
      problems.add(
          "Invalid image: it is missing (the back end volcano runs containers; give --image).");
    }
    int priority = job.resources().priority();
    Scheduling scheduling = settings.scheduling();
    if (priority != 1 && !scheduling.priorityClasses().containsKey(priority)) {
      problems.add(
          "Invalid priority: %d (no priority class of the cluster is named for it; give --priority-class %d=NAME)."
              .formatted(priority, priority));
    }
    if (!problems.isEmpty()) {
      throw TrainingException.cannotStart(job.name(), problems);
    }
    if (queue == null && job.resources().pool().isPresent()) {
      scheduling = scheduling.withQueue(job.resources().pool().get());
    }
    VolcanoSettings made =
        settings
            .withScheduling(scheduling.withPriority(priority, scheduling.priorityClasses()))
            .withContainer(withImage(settings.container(), job.algorithm().image().orElseThrow()))
            .withResources(resources(settings.resources(), job.resources().deviceType()));
    if (job.resources().deviceType() == DeviceType.NPU) {
      made = made.withRankTable(RankTableSettings.CCE);
    }
    return job.autoStop().isPresent() ? made.withAutoStop(job.autoStop().get()) : made;
  }

  private NodeResources resources(NodeResources given, DeviceType devices) {
    Optional<String> usual =
        switch (devices) {
          case GPU -> Optional.of(NodeResources.NVIDIA_GPU);
          case NPU -> Optional.of(NodeResources.CCE_ASCEND);
          case CPU -> Optional.empty();
        };
    return new NodeResources(
        deviceResource == null ? usual : Optional.of(deviceResource),
        given.cpu(),
        given.memory(),
        given.sharedMemory());
  }

  private static ContainerSettings withImage(ContainerSettings given, String image) {
    return new ContainerSettings(
        image,
        given.shell(),
        given.python(),
        given.home(),
        given.masterPort(),
        given.environment(),
        given.secrets(),
        given.pullSecrets(),
        given.objectStore());
  }

  /** Which cluster, and as whom. */
  ClusterAccess access() {
    return new ClusterAccess(
        Optional.ofNullable(kubeconfig).map(Path::of), Optional.ofNullable(context));
  }
}
