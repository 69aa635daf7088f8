package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.millrace.training.GangPlacement;
import io.millrace.training.MasterEndpoint;
import io.millrace.training.NodePlacement;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is sent to the cluster for a run; follows from the run and the settings alone.
 *
 * @param rankTable the ConfigMap that the cluster completes, if the job brings one
 * @param overridden names of variables whose usual value the job's own environment replaces
 */
public record VolcanoJobManifest(
    VolcanoJob job, Optional<ConfigMap> rankTable, List<String> overridden) {
  /** On the job and its pods: the run's id. */
  public static final String RUN_LABEL = "millrace.io/run-id";

  /** On the job and its pods: the job's name, as far as a label can hold it. */
  public static final String JOB_LABEL = "millrace.io/job";

  /** On the job and its pods: the job's name in full. */
  public static final String JOB_ANNOTATION = "millrace.io/job-name";

  /** The task that all nodes belong to; Volcano's variables are named after it. */
  static final String TASK = "worker";

  private static final String RUN_ANNOTATION = "millrace.io/run";
  private static final int MAX_LABEL = 63;

  /** Of one argument of a command: Linux' MAX_ARG_STRLEN, less the NUL. */
  private static final int MAX_SCRIPT = (128 << 10) - 1;

  /**
   * The manifest of a run.
   *
   * @throws TrainingException with everything that the settings lack for the job
   */
  public static VolcanoJobManifest of(TrainingRun run, VolcanoSettings settings) {
    List<String> problems = VolcanoPreflight.problems(run, settings);
    if (!problems.isEmpty()) {
      throw TrainingException.cannotStart(run.job().name(), problems);
    }
    return new Assembly(run, settings).manifest();
  }

  /** All that is sent, as {@code kubectl apply} reads it. */
  public String yaml() {
    KubernetesSerialization serialization = new KubernetesSerialization();
    String whole = serialization.asYaml(job);
    return rankTable.map(each -> serialization.asYaml(each) + whole).orElse(whole);
  }

  /** A text as the value of a label: cut, and without the signs that a label cannot begin with. */
  static String labelValue(String text) {
    String cut = text.length() > MAX_LABEL ? text.substring(0, MAX_LABEL) : text;
    return cut.replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
  }

  /** Puts one together. */
  private static final class Assembly {
    private final TrainingRun run;
    private final TrainingJob training;
    private final VolcanoSettings settings;
    private final PodStorage storage;
    private final Optional<PodRankTable> rankTable;
    private final Map<String, String> labels = new TreeMap<>();
    private final Map<String, String> annotations = new TreeMap<>();

    Assembly(TrainingRun run, VolcanoSettings settings) {
      this.run = run;
      this.training = run.job();
      this.settings = settings;
      this.storage = new PodStorage(training, settings);
      this.rankTable =
          settings
              .rankTable()
              .map(table -> new PodRankTable(run, settings, table, storage.layout()));
      labels.put(RUN_LABEL, run.id().value());
      labels.put(JOB_LABEL, labelValue(training.name()));
      settings.rankTable().ifPresent(table -> labels.put(table.label(), table.labelValue()));
      annotations.put(JOB_ANNOTATION, training.name());
      annotations.put(RUN_ANNOTATION, run.displayName());
    }

    VolcanoJobManifest manifest() {
      HostMarks marks = PodStorage.marks(run.id(), training);
      NodeContract contract = NodeContract.of(run, placement(marks));
      WorkerScript script =
          WorkerScript.of(
              contract,
              marks,
              settings.grace(),
              rankTable.map(table -> table.script(marks)).orElse(""));
      checkLength(script);
      VolcanoJob job = new VolcanoJob();
      job.setMetadata(
          new ObjectMetaBuilder()
              .withName(run.clusterName())
              .withNamespace(settings.namespace())
              .withLabels(labels)
              .withAnnotations(annotations)
              .build());
      job.setSpec(
          new VolcanoJob.Spec(
              settings.scheduling().scheduler(),
              settings.scheduling().queue(),
              settings.scheduling().priorityClass().orElse(null),
              training.nodes(),
              // Volcano counts the first failure too, and takes 0 for its own default of 3.
              training.retries() + 1,
              Math.toIntExact(settings.keep().toSeconds()),
              plugins(),
              policies(),
              List.of(new VolcanoJob.Task(TASK, training.nodes(), template(script)))));
      return new VolcanoJobManifest(
          job, rankTable.flatMap(table -> table.configMap(labels)), contract.overridden());
    }

    private void checkLength(WorkerScript script) {
      int length = script.text().getBytes(StandardCharsets.UTF_8).length;
      if (length > MAX_SCRIPT) {
        throw TrainingException.cannotStart(
            training.name(),
            List.of(
                "The script that starts the processes of a node would have %d bytes, and Linux takes %d. Pass long values in a file below code-dir."
                    .formatted(length, MAX_SCRIPT)));
      }
    }

    private GangPlacement placement(HostMarks marks) {
      Map<String, String> environment = new TreeMap<>();
      environment.put("PYTHONUNBUFFERED", "1");
      environment.putAll(settings.container().environment());
      List<NodePlacement> nodes =
          marks.list().stream()
              .map(
                  mark ->
                      NodePlacement.of(mark, storage.layout(), settings.container().python())
                          .withInputs(storage.inputs()))
              .map(node -> rankTable.map(table -> table.placed(node)).orElse(node))
              .toList();
      return new GangPlacement(
          nodes,
          new MasterEndpoint(marks.of(0), settings.container().masterPort()),
          environment,
          settings.container().objectStore());
    }

    private Map<String, List<String>> plugins() {
      Map<String, List<String>> plugins = new TreeMap<>();
      plugins.put("env", List.of());
      plugins.put("ssh", List.of());
      // Names of pods must resolve before all are ready: none is until it has reached rank 0.
      plugins.put("svc", List.of("--publish-not-ready-addresses=true"));
      settings.rankTable().ifPresent(table -> plugins.put(table.plugin(), table.pluginArguments()));
      return plugins;
    }

    /**
     * One failed worker ends the job. Ended for good it keeps the failed pod for inspection, which
     * a restart removes.
     */
    private List<VolcanoJob.Policy> policies() {
      String ending = training.retries() > 0 ? "RestartJob" : "TerminateJob";
      return List.of(
          new VolcanoJob.Policy("PodFailed", ending),
          new VolcanoJob.Policy("PodEvicted", ending),
          new VolcanoJob.Policy("TaskCompleted", "CompleteJob"));
    }

    private PodTemplateSpec template(WorkerScript script) {
      List<Volume> volumes = new ArrayList<>(storage.volumes());
      rankTable.ifPresent(table -> volumes.addAll(table.volumes()));
      PodSpecBuilder pod =
          new PodSpecBuilder()
              .withRestartPolicy("Never")
              .withTerminationGracePeriodSeconds(settings.grace().toSeconds())
              .withContainers(container(script))
              .withVolumes(volumes);
      if (!settings.scheduling().nodeSelector().isEmpty()) {
        pod.withNodeSelector(new TreeMap<>(settings.scheduling().nodeSelector()));
      }
      settings.autoStop().ifPresent(time -> pod.withActiveDeadlineSeconds(time.toSeconds()));
      settings
          .container()
          .pullSecrets()
          .forEach(name -> pod.addToImagePullSecrets(new LocalObjectReference(name)));
      return new PodTemplateSpecBuilder()
          .withMetadata(
              new ObjectMetaBuilder().withLabels(labels).withAnnotations(annotations).build())
          .withSpec(pod.build())
          .build();
    }

    private Container container(WorkerScript script) {
      List<VolumeMount> mounts = new ArrayList<>(storage.mounts());
      rankTable.ifPresent(table -> mounts.addAll(table.mounts()));
      List<EnvVar> environment = new ArrayList<>();
      rankTable.ifPresent(table -> environment.addAll(table.environment()));
      script
          .constants()
          .forEach(
              (name, value) ->
                  environment.add(new EnvVar(name, WorkerScript.unexpanded(value), null)));
      List<EnvFromSource> secrets =
          settings.container().secrets().stream()
              .map(
                  name ->
                      new EnvFromSourceBuilder()
                          .withNewSecretRef()
                          .withName(name)
                          .endSecretRef()
                          .build())
              .toList();
      ContainerBuilder container =
          new ContainerBuilder()
              .withName(TASK)
              .withImage(settings.container().image())
              .withCommand(
                  settings.container().shell().toString(),
                  "-c",
                  WorkerScript.unexpanded(script.text()))
              .withEnv(environment)
              .withEnvFrom(secrets)
              .withVolumeMounts(mounts)
              .withTerminationMessagePolicy("FallbackToLogsOnError");
      if (!settings.resources().asksForNothing()) {
        Map<String, Quantity> quantities = quantities();
        container.withResources(
            new ResourceRequirementsBuilder()
                .withRequests(quantities)
                .withLimits(quantities)
                .build());
      }
      return container.build();
    }

    /**
     * Requests equal limits: devices demand it, and training should not be slowed by neighbours.
     */
    private Map<String, Quantity> quantities() {
      Map<String, Quantity> quantities = new TreeMap<>();
      NodeResources resources = settings.resources();
      resources.cpu().ifPresent(cpu -> quantities.put("cpu", new Quantity(cpu)));
      resources.memory().ifPresent(memory -> quantities.put("memory", new Quantity(memory)));
      resources
          .device()
          .ifPresent(
              name ->
                  quantities.put(name, new Quantity(Integer.toString(training.devicesPerNode()))));
      return quantities;
    }
  }
}
