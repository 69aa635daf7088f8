package io.millrace.training;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The variables of each process of one run, but for those that the job itself sets. */
final class ProcessEnvironment {
  /** Seconds that HCCL waits for the other devices. */
  private static final String HCCL_CONNECT_TIMEOUT = "1800";

  private static final String GLOG_INFO = "1";
  private static final String GLOG_ERROR = "3";

  private final TrainingRun run;
  private final TrainingJob job;
  private final GangPlacement placement;

  ProcessEnvironment(TrainingRun run, GangPlacement placement) {
    this.run = run;
    this.job = run.job();
    this.placement = placement;
  }

  NavigableMap<String, String> of(GangMember member) {
    NodePlacement node = placement.nodes().get(member.node());
    NavigableMap<String, String> variables = new TreeMap<>(placement.backendEnvironment());
    variables.putAll(ofJob(member.node()));
    variables.merge(
        "PYTHONPATH",
        node.layout().codeDirectory(job).toString(),
        (inherited, code) -> code + File.pathSeparator + inherited);
    if (member instanceof Rank rank) {
      variables.putAll(ofPlace(rank, node));
      ofDevices(rank, node).forEach(variables::putIfAbsent);
      job.inputs().stream()
          .filter(input -> input.access() == DataAccess.ENVIRONMENT)
          .forEach(
              input -> variables.put(input.name(), node.inputs().get(input.name()).toString()));
      job.outputs().stream()
          .filter(output -> output.access() == DataAccess.ENVIRONMENT)
          .forEach(
              output ->
                  variables.put(
                      output.name(), node.layout().outputDirectory(job, output).toString()));
    } else {
      variables.putAll(ofCluster("MS_SCHED"));
    }
    return variables;
  }

  private Map<String, String> ofJob(int number) {
    NodePlacement node = placement.nodes().get(number);
    NodeLayout layout = node.layout();
    Map<String, String> variables = new TreeMap<>();
    variables.put("MA_HOME", layout.home().toString());
    variables.put("MA_JOB_DIR", layout.jobDirectory(job).toString());
    variables.put("MA_MOUNT_PATH", layout.mountPath().toString());
    variables.put("MA_LOG_DIR", layout.logDirectory().toString());
    variables.put("WORKSPACE", layout.codeDirectory(job).toString());
    variables.put("MA_CURRENT_IP", node.address());
    variables.put("MA_CURRENT_HOST_IP", node.address());
    variables.put("MA_NUM_GPUS", Integer.toString(job.devicesPerNode()));
    variables.put("MA_TASK_NAME", "worker");
    variables.put("MA_NUM_HOSTS", Integer.toString(job.nodes()));
    variables.put("MA_CURRENT_INSTANCE_NAME", run.instanceName(number));
    variables.put("MA_VJ_NAME", run.clusterName());
    variables.put("VC_TASK_INDEX", Integer.toString(number));
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

  /** How a process learns its place among the others. */
  private Map<String, String> ofPlace(Rank rank, NodePlacement node) {
    return switch (job.layout()) {
      case PROCESS_PER_NODE, TORCHRUN, MSRUN -> Map.of();
      case PROCESS_PER_DEVICE -> ofPyTorch(rank);
      case RANK_TABLE -> ofRankTable(rank, node);
      case DYNAMIC_CLUSTER -> {
        Map<String, String> variables = new TreeMap<>(ofCluster("MS_WORKER"));
        variables.put("MS_NODE_ID", Integer.toString(rank.value()));
        variables.put("MS_WORKER_IP", node.address());
        if (job.resources().deviceType() != DeviceType.CPU) {
          variables.put("DEVICE_ID", Integer.toString(rank.local()));
        }
        yield variables;
      }
    };
  }

  private Map<String, String> ofPyTorch(Rank rank) {
    return Map.of(
        "MASTER_ADDR", placement.master().host(),
        "MASTER_PORT", Integer.toString(placement.master().port()),
        "WORLD_SIZE", Integer.toString(rank.worldSize()),
        "RANK", Integer.toString(rank.value()),
        "LOCAL_RANK", Integer.toString(rank.local()),
        "LOCAL_WORLD_SIZE", Integer.toString(rank.localWorldSize()),
        "GROUP_RANK", Integer.toString(rank.node()));
  }

  /** The rank table names the system's devices, so no variable may give them other numbers. */
  private Map<String, String> ofRankTable(Rank rank, NodePlacement node) {
    Path table =
        node.rankTable()
            .orElseThrow(
                () ->
                    new TrainingException(
                        "Cannot start %s: node %s has no rank table"
                            .formatted(rank, node.address())));
    String device =
        node.devices().isEmpty()
            ? Integer.toString(rank.local())
            : node.devices().get(rank.local());
    return Map.of(
        "JOB_ID", run.id().value(),
        "RANK_TABLE_FILE", table.toString(),
        "RANK_SIZE", Integer.toString(rank.worldSize()),
        "RANK_ID", Integer.toString(rank.value()),
        "DEVICE_ID", device,
        "ASCEND_DEVICE_ID", device);
  }

  private Map<String, String> ofCluster(String role) {
    return Map.of(
        "MS_ROLE", role,
        "MS_WORKER_NUM", Integer.toString(job.nodes() * job.devicesPerNode()),
        "MS_SCHED_HOST", placement.master().host(),
        "MS_SCHED_PORT", Integer.toString(placement.master().port()));
  }

  /** What a back end's own settings go before. */
  private Map<String, String> ofDevices(Rank rank, NodePlacement node) {
    Map<String, String> variables = new TreeMap<>();
    List<String> devices = node.devices();
    switch (job.resources().deviceType()) {
      case CPU -> {}
      case GPU -> {
        if (!devices.isEmpty()) {
          variables.put("CUDA_VISIBLE_DEVICES", String.join(",", devices));
        }
      }
      case NPU -> {
        if (!devices.isEmpty() && job.layout() != ProcessLayout.RANK_TABLE) {
          variables.put("ASCEND_RT_VISIBLE_DEVICES", String.join(",", devices));
        }
        variables.put("HCCL_CONNECT_TIMEOUT", HCCL_CONNECT_TIMEOUT);
        variables.put("ASCEND_PROCESS_LOG_PATH", ascendLogs(rank, node).toString());
        if (job.framework() == Framework.MINDSPORE) {
          variables.putAll(ofMode(node));
        }
      }
    }
    return variables;
  }

  /** A tool's processes have ranks that only the tool knows, so they share the node's directory. */
  private Path ascendLogs(Rank rank, NodePlacement node) {
    String name = job.layout().isByTool() ? "worker_" + rank.node() : "rank_" + rank.value();
    return node.layout().logDirectory().resolve("ascend").resolve("process_log").resolve(name);
  }

  private Map<String, String> ofMode(NodePlacement node) {
    return switch (job.mode()) {
      case NORMAL -> Map.of("GLOG_v", GLOG_INFO);
      case PERFORMANCE -> Map.of("GLOG_v", GLOG_ERROR);
      case DIAGNOSIS ->
          Map.of(
              "GLOG_v",
              GLOG_INFO,
              "ASCEND_GLOBAL_LOG_LEVEL",
              GLOG_INFO,
              "MS_RDR_ENABLE",
              "1",
              "MS_RDR_MODE",
              "1",
              "MS_RDR_PATH",
              node.layout().logDirectory().resolve("mindspore").resolve("log").toString());
    };
  }
}
