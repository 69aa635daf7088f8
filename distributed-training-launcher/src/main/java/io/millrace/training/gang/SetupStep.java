package io.millrace.training.gang;

import io.millrace.training.Algorithm;
import io.millrace.training.NodeLayout;
import io.millrace.training.TrainingJob;
import io.millrace.training.watch.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that runs on every node once the code is there and before the job's processes start.
 *
 * @param begin told when it begins, and {@code done} when it has ended well
 */
record SetupStep(Kind kind, Path file, String begin, String done) {

  /** What a step does. */
  enum Kind {
    /** Installs Python packages into a directory of the node. */
    REQUIREMENTS(RunEvent.Type.DEPENDENCIES_INSTALLING, RunEvent.Type.DEPENDENCIES_INSTALLED),
    /** A script beside the boot file; variables that it exports reach the job's processes. */
    SHELL_SCRIPT(RunEvent.Type.PRE_START_RUNNING, RunEvent.Type.PRE_START_DONE),
    /** A script beside the boot file. */
    PYTHON_SCRIPT(RunEvent.Type.PRE_START_RUNNING, RunEvent.Type.PRE_START_DONE);

    private final RunEvent.Type beginning;
    private final RunEvent.Type end;

    Kind(RunEvent.Type beginning, RunEvent.Type end) {
      this.beginning = beginning;
      this.end = end;
    }

    RunEvent.Type beginning() {
      return beginning;
    }

    RunEvent.Type end() {
      return end;
    }
  }

  /** ModelArts' four names; the first that is there counts. */
  private static final List<String> REQUIREMENTS =
      List.of("pip-requirements.txt", "pip-requirement.txt", "requirements.txt", "requirement.txt");

  /** Leaves what the script exported even if it calls exit. */
  private static final String SOURCE =
      "before=$1; after=$2; script=$3; env -0 > \"$before\"; trap 'env -0 > \"$after\"' EXIT; . \"$script\"";

  private static final Set<String> OF_THE_SHELL = Set.of("_", "SHLVL", "PWD", "OLDPWD");

  /**
   * The steps of a job, in order.
   *
   * @param code the job's own code directory
   */
  static List<SetupStep> of(TrainingJob job, Path code, LaunchSettings.Packages packages) {
    List<SetupStep> steps = new ArrayList<>();
    if (packages == LaunchSettings.Packages.INSTALLED) {
      first(code, REQUIREMENTS)
          .ifPresent(
              file ->
                  steps.add(
                      new SetupStep(
                          Kind.REQUIREMENTS,
                          file,
                          "Installing Python packages, file: " + file,
                          "Python packages installed, file: " + file)));
    }
    if (job.algorithm() instanceof Algorithm.BootFile boot) {
      Path beside = Optional.ofNullable(Path.of(boot.file()).getParent()).orElse(Path.of(""));
      first(code, List.of(beside.resolve("ma-pre-start.sh").toString()))
          .ifPresent(file -> steps.add(preStart(Kind.SHELL_SCRIPT, file)));
      first(code, List.of(beside.resolve("ma-pre-start.py").toString()))
          .ifPresent(file -> steps.add(preStart(Kind.PYTHON_SCRIPT, file)));
    }
    return List.copyOf(steps);
  }

  private static SetupStep preStart(Kind kind, Path file) {
    return new SetupStep(kind, file, "Running " + file, file + " has run");
  }

  private static Optional<Path> first(Path code, List<String> names) {
    return names.stream()
        .filter(name -> Files.isRegularFile(code.resolve(name)))
        .map(Path::of)
        .findFirst();
  }

  /** The command of the step on one node. */
  List<String> command(TrainingJob job, NodeLayout layout, String python) {
    Path script = layout.codeDirectory(job).resolve(file);
    return switch (kind) {
      case REQUIREMENTS ->
          List.of(
              python,
              "-m",
              "pip",
              "install",
              "--disable-pip-version-check",
              "--no-input",
              "--prefix",
              packages(layout).toString(),
              "-r",
              script.toString());
      case SHELL_SCRIPT ->
          List.of(
              "/bin/bash",
              "-c",
              SOURCE,
              "ma-pre-start",
              before(layout).toString(),
              after(layout).toString(),
              script.toString());
      case PYTHON_SCRIPT -> List.of(python, script.toString());
    };
  }

  private static Path packages(NodeLayout layout) {
    return layout.home().resolve("python-packages");
  }

  private static Path before(NodeLayout layout) {
    return layout.home().resolve("environment-before");
  }

  private static Path after(NodeLayout layout) {
    return layout.home().resolve("environment-after");
  }

  /**
   * What the steps that have run on a node leave to its processes: where packages were put, as
   * {@code PYTHONPATH}, and the variables that a script exported.
   */
  static Map<String, String> outcome(NodeLayout layout) throws IOException {
    Map<String, String> variables = new TreeMap<>();
    if (Files.isDirectory(packages(layout))) {
      try (Stream<Path> below = Files.walk(packages(layout), 5)) {
        String directories =
            below
                .filter(Files::isDirectory)
                .filter(each -> each.endsWith("site-packages") || each.endsWith("dist-packages"))
                .map(Path::toString)
                .sorted()
                .collect(Collectors.joining(":"));
        if (!directories.isEmpty()) {
          variables.put("PYTHONPATH", directories);
        }
      }
    }
    if (Files.exists(after(layout))) {
      Map<String, String> before = variablesIn(before(layout));
      variablesIn(after(layout))
          .forEach(
              (name, value) -> {
                if (!value.equals(before.get(name)) && !OF_THE_SHELL.contains(name)) {
                  variables.merge(
                      name,
                      value,
                      (packages, exported) ->
                          name.equals("PYTHONPATH") ? exported + ":" + packages : exported);
                }
              });
    }
    return variables;
  }

  private static Map<String, String> variablesIn(Path file) throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (String entry : Files.readString(file).split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return variables;
  }
}
