package io.millrace.training.gang;

import io.millrace.dataset.StorageUri;
import io.millrace.training.CodeLocation;
import io.millrace.training.CodeSurvey;
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
  private final LaunchSettings settings;
  private final Path runsRoot;
  private final StoragePreflight storage;
  private final List<String> problems = new ArrayList<>();

  private LaunchPreflight(TrainingJob job, LaunchSettings settings) {
    this.job = job;
    this.settings = settings;
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
    if (job.code().isEmpty()) {
      return;
    }
    CodeLocation code = job.code().get();
    if (isInside(StorageUri.of(runsRoot), code.uri())) {
      problems.add(
          "The runs directory %s lies inside code-dir %s and would be copied with it. Give another one of the two."
              .formatted(runsRoot, code));
      return;
    }
    CodeSource source = CodeSource.of(code, settings);
    CodeSurvey survey = source.survey(job.bootFile());
    problems.addAll(survey.problems());
    checkSpace(source.copies(job.nodes()), survey.bytes());
  }

  private void checkSpace(int copies, long codeBytes) throws IOException {
    long free = DiskSpace.left(runsRoot);
    long needed = codeBytes * copies;
    if (needed > free) {
      problems.add(
          "%s has %d bytes left, and %d copies of code-dir take %d. Make room or give another runs directory."
              .formatted(runsRoot, free, copies, needed));
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
    StorageUri location = output.location();
    String what = "Output %s (%s)".formatted(output.name(), shown(location));
    checkOutsideOfCode(what, location);
    for (TrainingInput input : job.inputs()) {
      StorageUri source = input.location();
      if (isInside(location, source)) {
        problems.add(
            "%s lies inside input %s (%s). Give a directory elsewhere."
                .formatted(what, input.name(), shown(source)));
      } else if (output.preparation() == OutputPreparation.DOWNLOADED
          && isInside(source, location)) {
        problems.add(
            "Input %s (%s) lies inside output %s (%s) and would be downloaded with it. Give a directory elsewhere."
                .formatted(input.name(), shown(source), output.name(), shown(location)));
      }
    }
    if (output.preparation() == OutputPreparation.DOWNLOADED
        && isInside(StorageUri.of(runsRoot), location)) {
      problems.add(
          "The runs directory %s lies inside output %s (%s) and would be downloaded with it. Give a directory elsewhere."
              .formatted(runsRoot, output.name(), shown(location)));
    }
    checkWritable(what, location);
  }

  private void checkLogs() throws IOException {
    if (job.logs().location().isEmpty()) {
      return;
    }
    StorageUri location = job.logs().location().get();
    String what = "Log-url (%s)".formatted(shown(location));
    if (isInside(location, StorageUri.of(runsRoot))) {
      problems.add(
          "%s lies inside the runs directory %s, which has the logs anyway. Give a directory elsewhere."
              .formatted(what, runsRoot));
    }
    checkOutsideOfCode(what, location);
    checkWritable(what, location);
  }

  private void checkOutsideOfCode(String what, StorageUri location) throws IOException {
    if (job.code().isPresent() && isInside(location, job.code().get().uri())) {
      problems.add(
          "%s lies inside code-dir %s. Give a directory elsewhere."
              .formatted(what, job.code().get()));
    }
  }

  private void checkWritable(String what, StorageUri location) {
    Optional<Path> local = location.localPath();
    if (local.isEmpty()) {
      storage.problemOfWriting(what, location).ifPresent(problems::add);
      return;
    }
    Path existing = DiskSpace.nearestExisting(local.get());
    if (!Files.isDirectory(existing)) {
      problems.add(
          "%s cannot be a directory: %s is a file. Give another path.".formatted(what, existing));
    } else if (!Files.isWritable(existing)) {
      problems.add(
          "%s cannot be written. Change its permissions or give another path.".formatted(what));
    }
  }

  private static String shown(StorageUri location) {
    return location.localPath().map(Path::toString).orElse(location.toString());
  }

  /** Whether it is the same directory or lies below it, links of this machine followed. */
  private static boolean isInside(StorageUri location, StorageUri directory) throws IOException {
    Optional<Path> local = location.localPath();
    Optional<Path> localDirectory = directory.localPath();
    if (local.isEmpty() || localDirectory.isEmpty()) {
      return location.isSameOrBelow(directory);
    }
    return isSameOrBelow(local.get(), localDirectory.get());
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
