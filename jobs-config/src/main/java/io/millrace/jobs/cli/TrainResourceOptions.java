package io.millrace.jobs.cli;

import static io.millrace.jobs.cli.TrainCodeOptions.say;

import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.jobs.training.TrainingKeys;
import io.millrace.training.Mount;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The options of {@code train submit} that say where the processes run and how they are started.
 */
final class TrainResourceOptions {
  @Option(names = "--nodes", paramLabel = "N", description = "How many nodes (default: 1).")
  Integer nodes;

  @Option(names = "--devices", paramLabel = "N", description = "Devices a node (default: 1).")
  Integer devices;

  @Option(
      names = "--device-type",
      paramLabel = "TYPE",
      description = "gpu, npu or cpu (default: cpu, which leaves it to the script).")
  String deviceType;

  @Option(
      names = "--launch",
      paramLabel = "LAYOUT",
      description =
          "process-per-node passes --init_method, --world_size and --rank; process-per-device sets"
              + " MASTER_ADDR, RANK and so on; torchrun, msrun: that tool on each node;"
              + " dynamic-cluster, rank-table: MindSpore's variables (default: process-per-node).")
  String launch;

  @Option(names = "--flavor", paramLabel = "NAME", description = "The kind of node, on a cluster.")
  String flavor;

  @Option(names = "--pool", paramLabel = "NAME", description = "The pool of nodes, on a cluster.")
  String pool;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "In the queue of a cluster, 1 to 3, the more urgent the higher (default: 1).")
  Integer priority;

  @Option(names = "--uid", paramLabel = "N", description = "The user that the processes run as.")
  Integer uid;

  @Option(
      names = "--mount",
      paramLabel = "SOURCE=PATH[:ro]",
      description = "A file system that every node shares; at most 8.")
  List<String> mounts = List.of();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "normal; for MindSpore on NPUs also performance or diagnosis (default: normal).")
  String mode;

  void sayTo(TrainingDraft draft) {
    say(draft, TrainingKeys.NODES, nodes);
    say(draft, TrainingKeys.DEVICES, devices);
    say(draft, TrainingKeys.DEVICE_TYPE, deviceType);
    say(draft, TrainingKeys.LAUNCH, launch);
    say(draft, TrainingKeys.FLAVOR, flavor);
    say(draft, TrainingKeys.POOL, pool);
    say(draft, TrainingKeys.PRIORITY, priority);
    say(draft, TrainingKeys.UID, uid);
    say(draft, TrainingKeys.MODE, mode);
    for (String mount : mounts) {
      int equals = mount.lastIndexOf('=');
      if (equals <= 0) {
        draft.problem(
            Place.COMMAND_LINE,
            "Invalid mount: '%s' (expected SOURCE=PATH or SOURCE=PATH:ro).".formatted(mount));
      } else {
        String path = mount.substring(equals + 1);
        boolean readOnly = path.endsWith(":ro");
        draft.mount(
            () ->
                new Mount(
                    mount.substring(0, equals),
                    readOnly ? path.substring(0, path.length() - 3) : path,
                    readOnly ? Mount.Access.READ_ONLY : Mount.Access.READ_WRITE),
            Place.COMMAND_LINE);
      }
    }
  }
}
