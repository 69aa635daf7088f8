package io.millrace.training;

import io.millrace.dataset.DatasetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What to train with what: the code, its data, its settings and the processes to run it with. The
 * same job runs on every back end.
 *
 * <p>A job that exists is valid in itself; whether its directories exist is checked at the launch.
 * All that is wrong with it is reported together, as one {@link TrainingException}.
 *
 * @param codeDirectory absolute; a copy of it reaches each node
 * @param bootFile the Python file to run, relative to the code directory
 * @param parameters in the order in which the script gets them
 * @param environment variables of each process; replace preset ones of the same name
 * @param devicesPerNode at most 64
 * @param retries how often a failed run is started again, 0 to 3
 */
public record TrainingJob(
    String name,
    String description,
    Path codeDirectory,
    String bootFile,
    List<TrainingInput> inputs,
    List<TrainingOutput> outputs,
    List<Hyperparameter> parameters,
    Map<String, String> environment,
    int nodes,
    int devicesPerNode,
    ProcessLayout layout,
    int retries) {

  /** As ModelArts' job names: 1 to 64 characters. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> LAUNCHER_ARGUMENTS = Set.of("init_method", "world_size", "rank");
  private static final int MAX_DESCRIPTION = 256;

  public TrainingJob {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = List.copyOf(parameters);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    List<String> problems = new ArrayList<>();
    if (!NAME.matcher(name).matches()) {
      problems.add(
          "Invalid name: '%s' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first)."
              .formatted(name));
    }
    if (description.length() > MAX_DESCRIPTION) {
      problems.add(
          "Invalid description: %d characters (expected at most %d)."
              .formatted(description.length(), MAX_DESCRIPTION));
    }
    if (!codeDirectory.isAbsolute()) {
      problems.add("Invalid code-dir: '%s' (expected an absolute path).".formatted(codeDirectory));
    }
    problems.addAll(bootFileProblems(bootFile));
    problems.addAll(nameProblems(inputs, outputs, parameters, layout));
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (!VARIABLE.matcher(variable.getKey()).matches()
          || variable.getValue().indexOf('\0') >= 0) {
        problems.add(
            "Invalid environment variable: '%s' (expected a name of A-Z, a-z, 0-9 and _, no digit first)."
                .formatted(variable.getKey()));
      }
    }
    for (Hyperparameter parameter : parameters) {
      if (parameter.value().indexOf('\0') >= 0) {
        problems.add("Invalid value of parameter %s: it holds a NUL.".formatted(parameter.name()));
      }
    }
    problems.addAll(SecretNames.problems(parameters, environment));
    if (nodes < 1 || nodes > 1000) {
      problems.add("Invalid nodes: %d (expected 1 to 1000).".formatted(nodes));
    }
    if (devicesPerNode < 1 || devicesPerNode > 64) {
      problems.add("Invalid devices: %d (expected 1 to 64 a node).".formatted(devicesPerNode));
    }
    if (retries < 0 || retries > 3) {
      problems.add("Invalid retries: %d (expected 0 to 3).".formatted(retries));
    }
    if (!problems.isEmpty()) {
      throw TrainingException.cannotStart(name, problems);
    }
  }

  /**
   * Begins a job of one node and one device.
   *
   * @param codeDirectory made absolute
   * @param bootFile relative to the code directory, or a path that leads into it
   */
  public static Builder builder(String name, Path codeDirectory, String bootFile) {
    return new Builder(name, codeDirectory.toAbsolutePath().normalize(), bootFile);
  }

  private static List<String> bootFileProblems(String bootFile) {
    if (!bootFile.endsWith(".py")) {
      return List.of(
          "Invalid boot-file: '%s' (expected a file that ends in .py).".formatted(bootFile));
    }
    Path relative = Path.of(bootFile).normalize();
    if (relative.isAbsolute() || relative.startsWith("..")) {
      return List.of(
          "Invalid boot-file: '%s' does not lie inside code-dir. Give its path relative to code-dir."
              .formatted(bootFile));
    }
    return List.of();
  }

  private static List<String> nameProblems(
      List<TrainingInput> inputs,
      List<TrainingOutput> outputs,
      List<Hyperparameter> parameters,
      ProcessLayout layout) {
    List<String> names = new ArrayList<>();
    inputs.forEach(each -> names.add(each.name()));
    outputs.forEach(each -> names.add(each.name()));
    parameters.forEach(each -> names.add(each.name()));
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String each : names) {
      if (!seen.add(each)) {
        problems.add(
            "Invalid arguments: '%s' is given twice (expected each input, output and parameter once)."
                .formatted(each));
      }
      if (layout == ProcessLayout.PROCESS_PER_NODE && LAUNCHER_ARGUMENTS.contains(each)) {
        problems.add("Invalid arguments: '%s' is set by the launcher (remove it).".formatted(each));
      }
    }
    return problems;
  }

  /** Collects the parts of a job and, with them, all that is wrong with it. */
  public static final class Builder {
    private final String name;
    private final Path codeDirectory;
    private final String bootFile;
    private final List<String> problems = new ArrayList<>();
    private final List<TrainingInput> inputs = new ArrayList<>();
    private final List<TrainingOutput> outputs = new ArrayList<>();
    private final List<Hyperparameter> parameters = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String description = "";
    private int nodes = 1;
    private int devicesPerNode = 1;
    private ProcessLayout layout = ProcessLayout.PROCESS_PER_NODE;
    private int retries = 0;

    private Builder(String name, Path codeDirectory, String bootFile) {
      this.name = name;
      this.codeDirectory = codeDirectory;
      this.bootFile = relativeTo(codeDirectory, bootFile);
    }

    public Builder description(String text) {
      description = text;
      return this;
    }

    public Builder input(TrainingInput input) {
      inputs.add(input);
      return this;
    }

    /** Adds an input whose making may fail; the failure is reported with the job's others. */
    public Builder input(Supplier<TrainingInput> input) {
      collect(() -> inputs.add(input.get()));
      return this;
    }

    public Builder output(TrainingOutput output) {
      outputs.add(output);
      return this;
    }

    /** Adds an output whose making may fail; the failure is reported with the job's others. */
    public Builder output(Supplier<TrainingOutput> output) {
      collect(() -> outputs.add(output.get()));
      return this;
    }

    public Builder parameter(String parameterName, String value) {
      collect(() -> parameters.add(new Hyperparameter(parameterName, value)));
      return this;
    }

    public Builder environment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    public Builder nodes(int count) {
      nodes = count;
      return this;
    }

    public Builder devicesPerNode(int count) {
      devicesPerNode = count;
      return this;
    }

    public Builder layout(ProcessLayout newLayout) {
      layout = newLayout;
      return this;
    }

    public Builder retries(int count) {
      retries = count;
      return this;
    }

    /**
     * The job.
     *
     * @throws TrainingException with all that is wrong with it
     */
    public TrainingJob build() {
      TrainingJob job = null;
      try {
        job =
            new TrainingJob(
                name,
                description,
                codeDirectory,
                bootFile,
                inputs,
                outputs,
                parameters,
                environment,
                nodes,
                devicesPerNode,
                layout,
                retries);
      } catch (TrainingException e) {
        problems.addAll(e.problems());
      }
      if (!problems.isEmpty()) {
        throw TrainingException.cannotStart(name, problems);
      }
      return job;
    }

    private void collect(Runnable step) {
      try {
        step.run();
      } catch (DatasetException e) {
        problems.add(e.getMessage() + ".");
      }
    }

    private static String relativeTo(Path codeDirectory, String bootFile) {
      Path given = Path.of(bootFile);
      return given.isAbsolute() && given.normalize().startsWith(codeDirectory)
          ? codeDirectory.relativize(given.normalize()).toString()
          : bootFile;
    }
  }
}
