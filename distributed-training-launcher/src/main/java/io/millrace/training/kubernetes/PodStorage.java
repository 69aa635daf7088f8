package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.millrace.training.CodeLocation;
import io.millrace.training.NodeLayout;
import io.millrace.training.RunId;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a job's code, inputs and outputs are in a pod. Code and outputs are mounted where the
 * contract wants them, straight from the shared storage; inputs are read through the mount that
 * they lie on.
 */
final class PodStorage {
  private static final String SHARED_MEMORY = "dshm";
  private static final String LOGS = "logs";

  private final TrainingJob job;
  private final VolcanoSettings settings;
  private final NodeLayout layout;

  PodStorage(TrainingJob job, VolcanoSettings settings) {
    this.job = job;
    this.settings = settings;
    Path home = settings.container().home();
    this.layout = new NodeLayout(home, home.resolve("modelarts").resolve("log"));
  }

  NodeLayout layout() {
    return layout;
  }

  /** The mount that a directory of this machine lies on, the innermost of several. */
  Optional<SharedMount> mountOf(Path local) {
    return settings.mounts().stream()
        .filter(mount -> mount.relative(local).isPresent())
        .max(Comparator.comparingInt(mount -> mount.here().getNameCount()));
  }

  /** Directory of each input in a pod, by the input's name. */
  Map<String, Path> inputs() {
    Map<String, Path> inputs = new TreeMap<>();
    for (TrainingInput input : job.inputs()) {
      Path local = input.location().requireLocalPath();
      SharedMount mount = mountOf(local).orElseThrow();
      inputs.put(input.name(), mount.inPod().resolve(mount.relative(local).orElseThrow()));
    }
    return inputs;
  }

  List<Volume> volumes() {
    List<Volume> volumes = new ArrayList<>();
    EmptyDirVolumeSourceBuilder memory = new EmptyDirVolumeSourceBuilder().withMedium("Memory");
    settings.resources().sharedMemory().ifPresent(size -> memory.withSizeLimit(new Quantity(size)));
    volumes.add(new VolumeBuilder().withName(SHARED_MEMORY).withEmptyDir(memory.build()).build());
    volumes.add(
        new VolumeBuilder()
            .withName(LOGS)
            .withEmptyDir(new EmptyDirVolumeSourceBuilder().build())
            .build());
    for (SharedMount mount : settings.mounts()) {
      VolumeBuilder volume = new VolumeBuilder().withName(nameOf(mount));
      if (mount.source() instanceof SharedMount.Claim claim) {
        volume
            .withNewPersistentVolumeClaim()
            .withClaimName(claim.name())
            .endPersistentVolumeClaim();
      } else if (mount.source() instanceof SharedMount.HostPath host) {
        volume.withNewHostPath().withPath(host.path().toString()).endHostPath();
      }
      volumes.add(volume.build());
    }
    return volumes;
  }

  List<VolumeMount> mounts() {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(new VolumeMountBuilder().withName(SHARED_MEMORY).withMountPath("/dev/shm").build());
    mounts.add(
        new VolumeMountBuilder()
            .withName(LOGS)
            .withMountPath(layout.logDirectory().toString())
            .build());
    for (SharedMount mount : settings.mounts()) {
      mounts.add(
          new VolumeMountBuilder()
              .withName(nameOf(mount))
              .withMountPath(mount.inPod().toString())
              .withReadOnly(true)
              .build());
    }
    job.code()
        .flatMap(CodeLocation::localPath)
        .ifPresent(
            code -> mounts.add(part(code, layout.codeDirectory(job)).withReadOnly(true).build()));
    for (TrainingOutput output : job.outputs()) {
      mounts.add(
          part(output.location().requireLocalPath(), layout.outputDirectory(job, output)).build());
    }
    return mounts;
  }

  private VolumeMountBuilder part(Path local, Path inPod) {
    SharedMount mount = mountOf(local).orElseThrow();
    VolumeMountBuilder builder =
        new VolumeMountBuilder().withName(nameOf(mount)).withMountPath(inPod.toString());
    String below = mount.relative(local).orElseThrow().toString();
    return below.isEmpty() ? builder : builder.withSubPath(below);
  }

  private String nameOf(SharedMount mount) {
    return "shared-" + settings.mounts().indexOf(mount);
  }

  /** What stands for addresses until a pod knows them. */
  static HostMarks marks(RunId id, TrainingJob job) {
    return new HostMarks(id, job.nodes());
  }
}
