package io.millrace.training.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Finds the Python to train with: the first of the configured one, {@code python3} on the {@code
 * PATH} and {@code /usr/bin/python3} that has the modules asked for.
 */
public final class PythonFinder {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SYSTEM_PYTHON = "/usr/bin/python3";

  /** Prints the interpreter's own path and version, or the first module that is missing. */
  private static final String PROBE =
      """
      import importlib.util, sys
      for name in sys.argv[1:]:
          try:
              if importlib.util.find_spec(name) is None:
                  raise ModuleNotFoundError("No module named %r" % name)
          except BaseException as error:
              print("no", "cannot import %s: %s" % (name, " ".join(str(error).split()) or type(error).__name__), sep="\\t")
              sys.exit(0)
      print("yes", sys.executable, "%d.%d.%d" % sys.version_info[:3], sep="\\t")
      """;

  private static final Map<String, String> DEBIAN_PACKAGES =
      Map.of(
          "torch", "python3-torch",
          "torchvision", "python3-torchvision",
          "numpy", "python3-numpy",
          "PIL", "python3-pil",
          "onnx", "python3-onnx");
  private static final Map<String, String> PYPI_PACKAGES = Map.of("PIL", "pillow");

  private final List<String> candidates;
  private final List<Path> path;
  private final Path aptGet;

  PythonFinder(List<String> candidates, List<Path> path, Path aptGet) {
    this.candidates = List.copyOf(candidates);
    this.path = List.copyOf(path);
    this.aptGet = aptGet;
  }

  /** Looks for {@code python3} on the {@code PATH} and for the system's own. */
  public static PythonFinder onThisMachine() {
    return new PythonFinder(
        List.of("python3", SYSTEM_PYTHON), pathOfThisProcess(), Path.of("/usr/bin/apt-get"));
  }

  /** As {@link #onThisMachine()}, but tries that one first: a path, or a name on the PATH. */
  public static PythonFinder preferring(String configured) {
    return new PythonFinder(
        List.of(configured, "python3", SYSTEM_PYTHON),
        pathOfThisProcess(),
        Path.of("/usr/bin/apt-get"));
  }

  /**
   * Tries each interpreter until one has all modules. Looks for them without importing them, which
   * would take a second or two for the big ones: one that is there and broken is found out by the
   * processes themselves.
   *
   * @param modules none to take the first interpreter that runs
   */
  public PythonSearch find(List<String> modules) {
    List<PythonSearch.Attempt> attempts = new ArrayList<>();
    Set<Path> tried = new LinkedHashSet<>();
    for (String candidate : candidates) {
      Optional<Path> executable = locate(candidate);
      if (executable.isEmpty()) {
        attempts.add(new PythonSearch.Attempt(candidate, "not found"));
      } else if (tried.add(executable.get())) {
        List<String> answer = probe(executable.get(), modules);
        if (answer.get(0).equals("yes")) {
          PythonInterpreter found =
              new PythonInterpreter(Path.of(answer.get(1)).toAbsolutePath(), answer.get(2));
          return new PythonSearch(modules, Optional.of(found), attempts, remedyFor(modules));
        }
        attempts.add(new PythonSearch.Attempt(executable.get().toString(), answer.get(1)));
      }
    }
    return new PythonSearch(modules, Optional.empty(), attempts, remedyFor(modules));
  }

  private Optional<Path> locate(String candidate) {
    if (candidate.contains("/")) {
      return Optional.of(Path.of(candidate).toAbsolutePath()).filter(Files::isExecutable);
    }
    return path.stream()
        .map(directory -> directory.resolve(candidate).toAbsolutePath())
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static List<String> probe(Path executable, List<String> modules) {
    List<String> command = new ArrayList<>(List.of(executable.toString(), "-c", PROBE));
    command.addAll(modules);
    try {
      Path answer = Files.createTempFile("millrace-python", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(answer.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return List.of("no", "no answer within " + PATIENCE.toSeconds() + " s");
        }
        return answerOf(process.exitValue(), Files.readString(answer, StandardCharsets.UTF_8));
      } finally {
        Files.deleteIfExists(answer);
      }
    } catch (IOException e) {
      return List.of("no", "cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of("no", "interrupted");
    }
  }

  /** The probe's line is the last one: modules may print while they are imported. */
  private static List<String> answerOf(int exitCode, String output) {
    List<String> lines = output.lines().toList();
    List<String> last =
        lines.isEmpty() ? List.of() : List.of(lines.get(lines.size() - 1).split("\t"));
    boolean whole =
        (last.size() == 3 && last.get(0).equals("yes"))
            || (last.size() == 2 && last.get(0).equals("no"));
    return whole ? last : List.of("no", "is no Python 3, exit code " + exitCode);
  }

  private String remedyFor(List<String> modules) {
    boolean debian = Files.isExecutable(aptGet) && DEBIAN_PACKAGES.keySet().containsAll(modules);
    String packages =
        modules.stream()
            .map(
                module ->
                    debian
                        ? DEBIAN_PACKAGES.get(module)
                        : PYPI_PACKAGES.getOrDefault(module, module))
            .collect(Collectors.joining(" "));
    if (debian) {
      return ("apt-get install --no-install-recommends python3 " + packages).strip();
    }
    return modules.isEmpty()
        ? "your system's package manager (package python3)"
        : "python3 -m pip install " + packages;
  }

  private static List<Path> pathOfThisProcess() {
    String value = System.getenv().getOrDefault("PATH", "");
    List<Path> directories = new ArrayList<>();
    for (String part : value.split(File.pathSeparator, -1)) {
      if (!part.isEmpty()) {
        directories.add(Path.of(part));
      }
    }
    return directories;
  }
}
