package io.millrace.training.kubernetes;

import io.millrace.training.CodeDirectory;
import io.millrace.training.CodeLocation;
import io.millrace.training.OutputPreparation;
import io.millrace.training.ProcessLayout;
import io.millrace.training.SecretNames;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What keeps a job from being sent to a cluster: all of it, a sentence with its remedy each. */
final class VolcanoPreflight {
  private final TrainingJob job;
  private final VolcanoSettings settings;
  private final PodStorage storage;
  private final List<String> problems = new ArrayList<>();

  private VolcanoPreflight(TrainingJob job, VolcanoSettings settings) {
    this.job = job;
    this.settings = settings;
    this.storage = new PodStorage(job, settings);
  }

  /** What can be told from the job and the settings alone. */
  static List<String> problems(TrainingRun run, VolcanoSettings settings) {
    VolcanoPreflight preflight = new VolcanoPreflight(run.job(), settings);
    preflight.checkPlaces();
    preflight.checkMounts();
    preflight.checkRankTable();
    preflight.problems.addAll(SecretNames.problems(List.of(), settings.container().environment()));
    return List.copyOf(preflight.problems);
  }

  /** The same, and what a look at the directories tells. */
  static List<String> problemsHere(TrainingRun run, VolcanoSettings settings) throws IOException {
    VolcanoPreflight preflight = new VolcanoPreflight(run.job(), settings);
    preflight.problems.addAll(problems(run, settings));
    preflight.checkDirectories();
    return List.copyOf(preflight.problems);
  }

  private void checkPlaces() {
    job.code().ifPresent(code -> checkMounted("Code-dir", code.localPath(), code.toString()));
    for (TrainingInput input : job.inputs()) {
      checkMounted(
          "Input " + input.name(), input.location().localPath(), input.location().toString());
    }
    for (TrainingOutput output : job.outputs()) {
      checkMounted(
          "Output " + output.name(), output.location().localPath(), output.location().toString());
    }
  }

  private void checkMounted(String what, Optional<Path> local, String shown) {
    if (local.isEmpty()) {
      problems.add(
          "%s (%s) is on a storage that pods can neither read nor write by themselves. Mount it, or copy it, at a directory that all pods share (--pod-mount), and give that directory."
              .formatted(what, shown));
    } else if (storage.mountOf(local.get()).isEmpty()) {
      problems.add(
          "%s (%s) is on no storage that pods share (%s). Put it there or name its mount."
              .formatted(
                  what,
                  shown,
                  settings.mounts().isEmpty()
                      ? "no mount is given"
                      : String.join(
                          ", ",
                          settings.mounts().stream()
                              .map(mount -> mount.here().toString())
                              .toList())));
    }
  }

  private void checkMounts() {
    for (SharedMount mount : settings.mounts()) {
      if (mount.inPod().startsWith(storage.layout().mountPath())
          || mount.inPod().startsWith(Path.of("/cache"))) {
        problems.add(
            "Invalid mount in pods: %s (expected a path outside %s and /cache, which the job has itself)."
                .formatted(mount.inPod(), storage.layout().mountPath()));
      }
    }
  }

  private void checkRankTable() {
    if (job.layout() == ProcessLayout.RANK_TABLE && settings.rankTable().isEmpty()) {
      problems.add(
          "A launch by rank-table takes the devices from the cluster's rank table, and the settings name none. Use those for Ascend, or dynamic-cluster or msrun.");
    }
  }

  private void checkDirectories() throws IOException {
    Optional<Path> code = job.code().flatMap(CodeLocation::localPath);
    if (code.isPresent()) {
      problems.addAll(CodeDirectory.survey(code.get(), job.bootFile()).problems());
    }
    for (TrainingInput input : job.inputs()) {
      Optional<Path> local = input.location().localPath();
      if (local.isPresent() && !Files.isDirectory(local.get())) {
        problems.add(
            "Input %s (%s) is no directory. Give an existing directory or a dataset version."
                .formatted(input.name(), input.location()));
      }
    }
    for (TrainingOutput output : job.outputs()) {
      Optional<Path> local = output.location().localPath();
      if (local.isPresent() && Files.exists(local.get()) && !Files.isDirectory(local.get())) {
        problems.add(
            "Output %s (%s) is a file. Give another path.".formatted(output.name(), local.get()));
      } else if (local.isPresent()
          && output.preparation() == OutputPreparation.EMPTY
          && holdsFiles(local.get())) {
        problems.add(
            "Output %s (%s) holds files already, which the script would find. Give an empty directory, or ask for the former outputs."
                .formatted(output.name(), local.get()));
      }
    }
  }

  private static boolean holdsFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isPresent();
    }
  }
}
