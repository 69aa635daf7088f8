package io.millrace.training.gang;

import io.millrace.dataset.StorageUri;
import io.millrace.training.CodeDirectory;
import io.millrace.training.InputDelivery;
import io.millrace.training.Mount;
import io.millrace.training.NodeLayout;
import io.millrace.training.OutputPreparation;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What keeps a job from being started, whatever its nodes: all of it, a sentence with its remedy
 * each.
 */
final class LaunchPreflight {
  private final TrainingJob job;
  private final Path runsRoot;
  private final List<String> problems = new ArrayList<>();

  private final StoragePreflight storage;

  private LaunchPreflight(TrainingJob job, LaunchSettings settings) {
    this.job = job;
    this.runsRoot = settings.runsRoot();
    this.storage = new StoragePreflight(settings.storage());
  }

  static List<String> problems(TrainingJob job, LaunchSettings settings) throws IOException {
    LaunchPreflight preflight = new LaunchPreflight(job, settings);
    preflight.checkCode();
    preflight.checkInputs();
    preflight.checkOutputs();
    preflight.checkNodeSettings();
    preflight.checkLogs();
    return List.copyOf(preflight.problems);
  }

  private void checkCode() throws IOException {
    if (job.codeDirectory().isEmpty()) {
      return;
    }
    Path code = job.codeDirectory().get();
    if (isSameOrBelow(runsRoot, code)) {
      problems.add(
          "The runs directory %s lies inside code-dir %s and would be copied with it. Give another one of the two."
              .formatted(runsRoot, code));
      return;
    }
    Optional<String> problem = CodeDirectory.problemOf(code);
    problem.ifPresent(problems::add);
    CodeDirectory.bootFileProblem(job).ifPresent(problems::add);
    if (problem.isEmpty()) {
      checkSpace(CodeDirectory.read(code).sizeBytes());
    }
  }

  private void checkSpace(long codeBytes) throws IOException {
    long free = DiskSpace.left(runsRoot);
    long needed = codeBytes * job.nodes();
    if (needed > free) {
      problems.add(
          "%s has %d bytes left, and %d copies of code-dir take %d. Make room or give another runs directory."
              .formatted(runsRoot, free, job.nodes(), needed));
    }
  }

  private void checkNodeSettings() throws IOException {
    Path container = Path.of("/home/ma-user");
    if (!new NodeLayout(container, container).codeDirectory(job).startsWith(container)) {
      problems.add(
          "Local-code-dir %s lies outside of a node's home, and nodes of one machine would share it. Give a path below %s."
              .formatted(job.nodeSettings().localCodeDirectory().orElseThrow(), container));
    }
    NodeLayout anywhere = new NodeLayout(runsRoot.resolve("home"), runsRoot);
    for (Mount mount : job.nodeSettings().mounts()) {
      Path source = Path.of(mount.source());
      Path place = anywhere.placeOf(mount.path());
      if (!source.isAbsolute() || !Files.isDirectory(source)) {
        problems.add(
            "Mount %s is no directory of this machine. Mount it on every node first and give the directory."
                .formatted(mount.source()));
      } else if (!place.startsWith(anywhere.home())
          && !(Files.isDirectory(place) && Files.isSameFile(place, source))) {
        problems.add(
            "Mount %s cannot be at %s: processes without a container see the node's own directories. Give a path below /home/ma-user."
                .formatted(mount.source(), mount.path()));
      }
      if (mount.access() == Mount.Access.READ_ONLY) {
        problems.add(
            "Mount %s cannot be read-only: processes without a container write wherever their user may. Give read-write, or mount it read-only on the nodes."
                .formatted(mount.source()));
      }
    }
    OptionalInt uid = job.nodeSettings().uid();
    if (uid.isPresent() && Files.exists(Path.of("/proc/self"))) {
      int own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      if (own != 0 && own != uid.getAsInt()) {
        problems.add(
            "The processes cannot run as user %d: the launcher runs as user %d, and only root can choose. Leave uid out."
                .formatted(uid.getAsInt(), own));
      }
    }
  }

  private void checkInputs() throws IOException {
    for (TrainingInput input : job.inputs()) {
      Optional<Path> path = input.location().localPath();
      if (path.isEmpty()) {
        storage.problemOf(input).ifPresent(problems::add);
      } else if (!Files.isDirectory(path.get())) {
        problems.add(
            "Input %s (%s) %s. Give an existing directory or a dataset version."
                .formatted(
                    input.name(),
                    path.get(),
                    Files.exists(path.get()) ? "is no directory" : "does not exist"));
      } else if (!Files.isReadable(path.get())) {
        problems.add(
            "Input %s (%s) cannot be read. Change its permissions."
                .formatted(input.name(), path.get()));
      } else if (input.delivery() == InputDelivery.DOWNLOADED
          && isSameOrBelow(runsRoot, path.get())) {
        problems.add(
            "The runs directory %s lies inside input %s (%s) and would be downloaded with it. Give another one of the two."
                .formatted(runsRoot, input.name(), path.get()));
      }
    }
  }

  private void checkOutputs() throws IOException {
    List<TrainingOutput> outputs = job.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      checkOutput(outputs.get(i));
      for (TrainingOutput other : outputs.subList(0, i)) {
        StorageUri mine = outputs.get(i).location();
        if (mine.isSameOrBelow(other.location()) || other.location().isSameOrBelow(mine)) {
          problems.add(
              "Outputs %s and %s lie inside each other (%s, %s). Give each a directory of its own."
                  .formatted(other.name(), outputs.get(i).name(), other.location(), mine));
        }
      }
    }
  }

  private void checkOutput(TrainingOutput output) throws IOException {
    Optional<Path> local = output.location().localPath();
    if (local.isEmpty()) {
      checkRemoteOutput(output);
      return;
    }
    Path path = local.get();
    if (job.codeDirectory().isPresent() && isSameOrBelow(path, job.codeDirectory().get())) {
      problems.add(
          "Output %s (%s) lies inside code-dir %s. Give a directory elsewhere."
              .formatted(output.name(), path, job.codeDirectory().get()));
    }
    for (TrainingInput input : job.inputs()) {
      Optional<Path> source = input.location().localPath();
      if (source.isPresent() && isSameOrBelow(path, source.get())) {
        problems.add(
            "Output %s (%s) lies inside input %s (%s). Give a directory elsewhere."
                .formatted(output.name(), path, input.name(), source.get()));
      } else if (source.isPresent()
          && output.preparation() == OutputPreparation.DOWNLOADED
          && isSameOrBelow(source.get(), path)) {
        problems.add(
            "Input %s (%s) lies inside output %s (%s) and would be downloaded with it. Give a directory elsewhere."
                .formatted(input.name(), source.get(), output.name(), path));
      }
    }
    if (output.preparation() == OutputPreparation.DOWNLOADED && isSameOrBelow(runsRoot, path)) {
      problems.add(
          "The runs directory %s lies inside output %s (%s) and would be downloaded with it. Give a directory elsewhere."
              .formatted(runsRoot, output.name(), path));
    }
    Path existing = DiskSpace.nearestExisting(path);
    if (!Files.isDirectory(existing)) {
      problems.add(
          "Output %s (%s) cannot be a directory: %s is a file. Give another path."
              .formatted(output.name(), path, existing));
    } else if (!Files.isWritable(existing)) {
      problems.add(
          "Output %s (%s) cannot be written. Change its permissions or give another path."
              .formatted(output.name(), path));
    }
  }

  private void checkRemoteOutput(TrainingOutput output) {
    StorageUri location = output.location();
    for (TrainingInput input : job.inputs()) {
      boolean isLocal = input.location().localPath().isPresent();
      if (!isLocal && location.isSameOrBelow(input.location())) {
        problems.add(
            "Output %s (%s) lies inside input %s (%s). Give a directory elsewhere."
                .formatted(output.name(), location, input.name(), input.location()));
      } else if (!isLocal
          && output.preparation() == OutputPreparation.DOWNLOADED
          && input.location().isSameOrBelow(location)) {
        problems.add(
            "Input %s (%s) lies inside output %s (%s) and would be downloaded with it. Give a directory elsewhere."
                .formatted(input.name(), input.location(), output.name(), location));
      }
    }
    storage
        .problemOfWriting("Output %s (%s)".formatted(output.name(), location), location)
        .ifPresent(problems::add);
  }

  private void checkLogs() throws IOException {
    if (job.logs().location().isEmpty()) {
      return;
    }
    StorageUri location = job.logs().location().get();
    Optional<Path> local = location.localPath();
    if (local.isEmpty()) {
      storage
          .problemOfWriting("Log-url (%s)".formatted(location), location)
          .ifPresent(problems::add);
      return;
    }
    Path path = local.get();
    if (isSameOrBelow(path, runsRoot)) {
      problems.add(
          "Log-url (%s) lies inside the runs directory %s, which has the logs anyway. Give a directory elsewhere."
              .formatted(path, runsRoot));
    }
    if (job.codeDirectory().isPresent() && isSameOrBelow(path, job.codeDirectory().get())) {
      problems.add(
          "Log-url (%s) lies inside code-dir %s. Give a directory elsewhere."
              .formatted(path, job.codeDirectory().get()));
    }
    Path existing = DiskSpace.nearestExisting(path);
    if (!Files.isDirectory(existing)) {
      problems.add(
          "Log-url (%s) cannot be a directory: %s is a file. Give another path."
              .formatted(path, existing));
    } else if (!Files.isWritable(existing)) {
      problems.add(
          "Log-url (%s) cannot be written. Change its permissions or give another path."
              .formatted(path));
    }
  }

  private static boolean isSameOrBelow(Path path, Path directory) throws IOException {
    return real(path).startsWith(real(directory));
  }

  /** The path without links, as far as it exists. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = DiskSpace.nearestExisting(absolute);
    return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
  }
}
