package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.millrace.training.NodeLayout;
import io.millrace.training.NodePlacement;
import io.millrace.training.ProcessLayout;
import io.millrace.training.ShippedText;
import io.millrace.training.TrainingRun;
import io.millrace.training.hccl.RankTableFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The rank table of a job on Ascend devices: how it comes into a pod, and, where processes are to
 * read it by {@code RANK_TABLE_FILE}, how it becomes the file that they can read.
 */
final class PodRankTable {
  private static final String CLUSTERS = "rank-table";
  private static final String OWN = "own-rank-table";
  private static final String HOST_IP = "MILLRACE_HOST_IP";

  private final TrainingRun run;
  private final VolcanoSettings settings;
  private final RankTableSettings table;
  private final Path own;

  PodRankTable(
      TrainingRun run, VolcanoSettings settings, RankTableSettings table, NodeLayout layout) {
    this.run = run;
    this.settings = settings;
    this.table = table;
    // where ModelArts' start scripts have it
    this.own = layout.mountPath().resolve("rank_table").resolve(RankTableFile.NAME);
  }

  /**
   * A node as the contract needs it. Its devices have no numbers: a pod sees only its own, and
   * counts them from 0, as ModelArts' start scripts do.
   */
  NodePlacement placed(NodePlacement node) {
    return isForProcesses() ? node.withRankTable(own) : node;
  }

  List<Volume> volumes() {
    List<Volume> volumes = new ArrayList<>();
    if (isBroughtByJob()) {
      volumes.add(
          new VolumeBuilder()
              .withName(CLUSTERS)
              .withNewConfigMap()
              .withName(configMapName())
              .endConfigMap()
              .build());
    }
    if (isForProcesses()) {
      // Any user of the image may write there.
      volumes.add(
          new VolumeBuilder()
              .withName(OWN)
              .withEmptyDir(new EmptyDirVolumeSourceBuilder().build())
              .build());
    }
    return volumes;
  }

  List<VolumeMount> mounts() {
    List<VolumeMount> mounts = new ArrayList<>();
    if (isBroughtByJob()) {
      mounts.add(
          new VolumeMountBuilder()
              .withName(CLUSTERS)
              .withMountPath(table.directory().toString())
              .withReadOnly(true)
              .build());
    }
    if (isForProcesses()) {
      mounts.add(
          new VolumeMountBuilder().withName(OWN).withMountPath(own.getParent().toString()).build());
    }
    return mounts;
  }

  /** What the script needs to know from the kubelet; processes do not get it. */
  List<EnvVar> environment() {
    return isForProcesses()
        ? List.of(
            new EnvVarBuilder()
                .withName(HOST_IP)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("status.hostIP")
                .endFieldRef()
                .endValueFrom()
                .build())
        : List.of();
  }

  /** The ConfigMap that the cluster completes; empty if the cluster makes it as well. */
  Optional<ConfigMap> configMap(Map<String, String> labels) {
    return isBroughtByJob()
        ? Optional.of(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(configMapName())
                .withNamespace(settings.namespace())
                .withLabels(labels)
                .endMetadata()
                .addToData(RankTableFile.NAME, "{\"status\": \"initializing\"}\n")
                .build())
        : Optional.empty();
  }

  /** Waits for the table, and where processes read it makes the node's own file of it. */
  String script(HostMarks marks) {
    return isForProcesses() ? waiting() + making(marks) : waiting();
  }

  private String waiting() {
    String file = NodeText.quoted(clusters().toString());
    return """
        trap 'exit 143' TERM INT
        waited=0
        until grep -q '"status" *: *"completed"' %s 2>/dev/null; do
          if [ "$waited" -ge %d ]; then
            echo "[ModelArts Service Log] The rank table "%s" is not complete after %d s. Look why the cluster gave no devices."
            exit 78
          fi
          sleep 1
          waited=$((waited + 1))
        done
        """
        .formatted(file, table.timeout().toSeconds(), file, table.timeout().toSeconds());
  }

  private String making(HostMarks marks) {
    List<Integer> nodes = IntStream.range(0, run.job().nodes()).boxed().toList();
    return """
        %s -I -S -c %s \\
          %s %s \\
          %s "$%s" "$node" %d %d || exit 78
        unset %s
        """
        .formatted(
            NodeText.quoted(settings.container().python()),
            NodeText.quoted(ShippedText.of(PodRankTable.class, "rank_table.py")),
            NodeText.quoted(clusters().toString()),
            NodeText.quoted(own.toString()),
            new NodeText(marks).word(nodes, nodes.stream().map(run::instanceName).toList()),
            HOST_IP,
            run.job().nodes(),
            run.job().devicesPerNode(),
            HOST_IP);
  }

  private boolean isBroughtByJob() {
    return table.provision() == RankTableSettings.Provision.BY_JOB;
  }

  private boolean isForProcesses() {
    return run.job().layout() == ProcessLayout.RANK_TABLE;
  }

  private Path clusters() {
    return table.directory().resolve(RankTableFile.NAME);
  }

  private String configMapName() {
    return table.configMapPrefix() + run.clusterName();
  }
}
