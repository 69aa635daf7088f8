package io.millrace.training;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The environment and the arguments of each process of a job: ModelArts' contract, the same on
 * every back end. The README's table says what each variable means.
 */
public final class RankEnvironment {
  private static final String NUMBER = "-(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";

  /**
   * Variables that other launchers set. A process must not inherit them: a script would take itself
   * for a member of that other job.
   */
  public static final Set<String> NEVER_INHERITED =
      Set.of(
          "MASTER_ADDR",
          "MASTER_PORT",
          "WORLD_SIZE",
          "RANK",
          "LOCAL_RANK",
          "LOCAL_WORLD_SIZE",
          "GROUP_RANK",
          "GROUP_WORLD_SIZE",
          "ROLE_RANK",
          "ROLE_WORLD_SIZE",
          "ROLE_NAME",
          "TORCHELASTIC_RUN_ID",
          "TORCHELASTIC_RESTART_COUNT",
          "TORCHELASTIC_MAX_RESTARTS",
          "TORCHELASTIC_USE_AGENT_STORE");

  private RankEnvironment() {}

  /** What the process of that rank gets. Depends on nothing but its arguments. */
  public static RankProcess of(TrainingRun run, GangPlacement placement, Rank rank) {
    TrainingJob job = run.job();
    NodePlacement node = placement.nodes().get(rank.node());
    NavigableMap<String, String> environment = new TreeMap<>(placement.backendEnvironment());
    environment.putAll(jobVariables(run, placement, rank));
    environment.merge(
        "PYTHONPATH",
        node.layout().codeDirectory(job).toString(),
        (inherited, code) -> code + File.pathSeparator + inherited);
    if (job.layout() == ProcessLayout.PROCESS_PER_DEVICE) {
      environment.putAll(deviceVariables(placement.master(), rank));
    }
    job.inputs().stream()
        .filter(input -> input.access() == InputAccess.ENVIRONMENT)
        .forEach(
            input -> environment.put(input.name(), node.inputs().get(input.name()).toString()));
    List<String> overridden =
        job.environment().keySet().stream().filter(environment::containsKey).sorted().toList();
    environment.putAll(job.environment());
    return new RankProcess(environment, arguments(job, placement, rank), overridden);
  }

  private static Map<String, String> jobVariables(
      TrainingRun run, GangPlacement placement, Rank rank) {
    TrainingJob job = run.job();
    NodePlacement node = placement.nodes().get(rank.node());
    NodeLayout layout = node.layout();
    Map<String, String> variables = new TreeMap<>();
    variables.put("MA_HOME", layout.home().toString());
    variables.put("MA_JOB_DIR", layout.jobDirectory().toString());
    variables.put("MA_MOUNT_PATH", layout.mountPath().toString());
    variables.put("MA_LOG_DIR", layout.logDirectory().toString());
    variables.put("WORKSPACE", layout.codeDirectory(job).toString());
    variables.put("MA_CURRENT_IP", node.address());
    variables.put("MA_CURRENT_HOST_IP", node.address());
    variables.put("MA_NUM_GPUS", Integer.toString(job.devicesPerNode()));
    variables.put("MA_TASK_NAME", "worker");
    variables.put("MA_NUM_HOSTS", Integer.toString(job.nodes()));
    variables.put("MA_CURRENT_INSTANCE_NAME", run.instanceName(rank.node()));
    variables.put("MA_VJ_NAME", run.clusterName());
    variables.put("VC_TASK_INDEX", Integer.toString(rank.node()));
    variables.put("VC_WORKER_NUM", Integer.toString(job.nodes()));
    variables.put(
        "VC_WORKER_HOSTS",
        placement.nodes().stream().map(NodePlacement::address).collect(Collectors.joining(",")));
    placement
        .objectStore()
        .ifPresent(
            store -> {
              variables.put("S3_ENDPOINT", store.address().toString());
              variables.put("S3_USE_HTTPS", store.usesTls() ? "1" : "0");
              variables.put(
                  "S3_VERIFY_SSL",
                  switch (store.certificateCheck()) {
                    case VERIFIED -> "1";
                    case SKIPPED -> "0";
                  });
            });
    return variables;
  }

  private static Map<String, String> deviceVariables(MasterEndpoint master, Rank rank) {
    return Map.of(
        "MASTER_ADDR", master.host(),
        "MASTER_PORT", Integer.toString(master.port()),
        "WORLD_SIZE", Integer.toString(rank.worldSize()),
        "RANK", Integer.toString(rank.value()),
        "LOCAL_RANK", Integer.toString(rank.local()),
        "LOCAL_WORLD_SIZE", Integer.toString(rank.localWorldSize()),
        "GROUP_RANK", Integer.toString(rank.node()));
  }

  private static List<String> arguments(TrainingJob job, GangPlacement placement, Rank rank) {
    NodePlacement node = placement.nodes().get(rank.node());
    List<String> arguments = new ArrayList<>();
    job.parameters().forEach(each -> append(arguments, each.name(), each.value()));
    for (TrainingInput input : job.inputs()) {
      Path directory = node.inputs().get(input.name());
      if (input.access() == InputAccess.ARGUMENT) {
        append(arguments, input.name(), directory.toString());
      }
    }
    for (TrainingOutput output : job.outputs()) {
      Path directory = node.layout().outputDirectory(job, output);
      append(arguments, output.name(), directory.toString());
    }
    if (job.layout() == ProcessLayout.PROCESS_PER_NODE) {
      append(arguments, "init_method", placement.master().initMethod());
      append(arguments, "world_size", Integer.toString(rank.worldSize()));
      append(arguments, "rank", Integer.toString(rank.value()));
    }
    return arguments;
  }

  /** A value that looks like an option is joined to its name, else parsers take it for one. */
  private static void append(List<String> arguments, String name, String value) {
    if (value.startsWith("-") && !value.matches(NUMBER)) {
      arguments.add("--" + name + "=" + value);
    } else {
      arguments.add("--" + name);
      arguments.add(value);
    }
  }
}
