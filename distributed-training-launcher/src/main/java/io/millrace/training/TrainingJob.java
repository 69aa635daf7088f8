package io.millrace.training;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
 * @param experiment groups jobs that are compared with each other
 * @param parameters in the order in which the script gets them
 * @param environment variables of each process; replace preset ones of the same name
 * @param mode other than normal only for MindSpore on NPUs
 * @param logs has a location if the devices are NPUs
 * @param autoStop how long a run may run until it is stopped, 1 to 720 hours
 * @param retries how often a failed run is started again, 0 to 3
 * @param cloudSettings settings of ModelArts' cloud that mean nothing elsewhere, kept as they were
 *     given
 */
public record TrainingJob(
    String name,
    String description,
    Optional<String> experiment,
    Algorithm algorithm,
    Framework framework,
    List<TrainingInput> inputs,
    List<TrainingOutput> outputs,
    List<Hyperparameter> parameters,
    Map<String, String> environment,
    Resources resources,
    ProcessLayout layout,
    TrainingMode mode,
    NodeSettings nodeSettings,
    LogKeeping logs,
    List<Notification> notifications,
    Optional<Duration> autoStop,
    int retries,
    Map<String, String> cloudSettings) {

  /** As ModelArts' job names: 1 to 64 characters. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> LAUNCHER_ARGUMENTS = Set.of("init_method", "world_size", "rank");
  private static final int MAX_DESCRIPTION = 256;
  private static final Duration SHORTEST_AUTO_STOP = Duration.ofHours(1);
  private static final Duration LONGEST_AUTO_STOP = Duration.ofDays(30);

  public TrainingJob {
    requireNonNull(framework, "framework is null");
    requireNonNull(layout, "layout is null");
    requireNonNull(mode, "mode is null");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = List.copyOf(parameters);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    notifications = List.copyOf(notifications);
    cloudSettings = Collections.unmodifiableMap(new LinkedHashMap<>(cloudSettings));
    List<String> problems = new ArrayList<>();
    problems.addAll(textProblems(name, description, experiment));
    problems.addAll(algorithmProblems(algorithm));
    problems.addAll(nameProblems(inputs, outputs, parameters, passesInitMethod(layout, framework)));
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (!VARIABLE.matcher(variable.getKey()).matches()
          || variable.getValue().indexOf('\0') >= 0) {
        problems.add(
            "Invalid environment variable: '%s' (expected a name of A-Z, a-z, 0-9 and _, no digit first)."
                .formatted(variable.getKey()));
      }
    }
    problems.addAll(SecretNames.problems(parameters, environment));
    problems.addAll(
        LayoutRules.problems(algorithm, framework, resources.deviceType(), layout, mode));
    if (resources.deviceType() == DeviceType.NPU && logs.location().isEmpty()) {
      problems.add("Invalid log-url: it is missing (a job on NPUs needs one).");
    }
    if (autoStop.isPresent()
        && (autoStop.get().compareTo(SHORTEST_AUTO_STOP) < 0
            || autoStop.get().compareTo(LONGEST_AUTO_STOP) > 0)) {
      problems.add(
          "Invalid auto-stop: %s (expected 1 to 720 hours).".formatted(words(autoStop.get())));
    }
    if (retries < 0 || retries > 3) {
      problems.add("Invalid retries: %d (expected 0 to 3).".formatted(retries));
    }
    if (!problems.isEmpty()) {
      throw TrainingException.cannotStart(name, problems);
    }
  }

  /**
   * Begins a job of one node and one device that runs a Python file.
   *
   * @param codeDirectory made absolute
   * @param bootFile relative to the code directory, or a path that leads into it
   */
  public static Builder builder(String name, Path codeDirectory, String bootFile) {
    return builder(name, CodeLocation.of(codeDirectory), bootFile);
  }

  /**
   * Begins a job of one node and one device that runs a Python file.
   *
   * @param bootFile relative to the code, or a path or an address that leads into it
   */
  public static Builder builder(String name, CodeLocation code, String bootFile) {
    return builder(name, new Algorithm.BootFile(code, code.relative(bootFile), Optional.empty()));
  }

  /** Begins a job of one node and one device. */
  public static Builder builder(String name, Algorithm algorithm) {
    return new Builder(name, algorithm);
  }

  /** The directory of which each node gets a copy; empty if the job brings no code. */
  public Optional<CodeLocation> code() {
    return algorithm.code();
  }

  /** The Python file to run, relative to the code directory; empty if a command is run. */
  public Optional<String> bootFile() {
    return algorithm instanceof Algorithm.BootFile boot
        ? Optional.of(boot.file())
        : Optional.empty();
  }

  public int nodes() {
    return resources.nodes();
  }

  public int devicesPerNode() {
    return resources.devicesPerNode();
  }

  /** How many processes run the script, those that a tool such as torchrun starts among them. */
  public int scriptProcesses() {
    return layout == ProcessLayout.PROCESS_PER_NODE ? nodes() : nodes() * devicesPerNode();
  }

  /** Whether the processes are told their place by {@code --init_method} and its companions. */
  public boolean passesInitMethod() {
    return passesInitMethod(layout, framework);
  }

  private static boolean passesInitMethod(ProcessLayout layout, Framework framework) {
    return layout == ProcessLayout.PROCESS_PER_NODE && framework == Framework.PYTORCH;
  }

  private static String words(Duration duration) {
    return duration.toMinutesPart() == 0 && duration.toSecondsPart() == 0
        ? duration.toHours() + " hours"
        : duration.toSeconds() + " seconds";
  }

  private static List<String> textProblems(
      String name, String description, Optional<String> experiment) {
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
    if (experiment.isPresent() && !NAME.matcher(experiment.get()).matches()) {
      problems.add(
          "Invalid experiment: '%s' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first)."
              .formatted(experiment.get()));
    }
    return problems;
  }

  private static List<String> algorithmProblems(Algorithm algorithm) {
    List<String> problems = new ArrayList<>();
    algorithm
        .image()
        .filter(String::isBlank)
        .ifPresent(
            image -> problems.add("Invalid image: it is empty (give a name or leave it out)."));
    if (algorithm instanceof Algorithm.BootFile boot) {
      problems.addAll(bootFileProblems(boot.file()));
    } else if (algorithm instanceof Algorithm.UserCommand user) {
      if (user.command().isBlank() || user.command().indexOf('\0') >= 0) {
        problems.add("Invalid user-command: it is empty (expected a command of the shell).");
      }
      if (SecretNames.isSecretText(user.command())) {
        problems.add(
            "Invalid user-command: it holds what looks like a secret, and a job is stored as plain"
                + " text. Let the command read it from a file.");
      }
    }
    return problems;
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
      boolean withInitMethod) {
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
      if (withInitMethod && LAUNCHER_ARGUMENTS.contains(each)) {
        problems.add("Invalid arguments: '%s' is set by the launcher (remove it).".formatted(each));
      }
    }
    return problems;
  }

  /** Collects the parts of a job and, with them, all that is wrong with it. */
  public static final class Builder {
    private final String name;
    private final Algorithm algorithm;
    private final List<String> problems = new ArrayList<>();
    private final List<TrainingInput> inputs = new ArrayList<>();
    private final List<TrainingOutput> outputs = new ArrayList<>();
    private final List<Hyperparameter> parameters = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<Mount> mounts = new ArrayList<>();
    private final List<Notification> notifications = new ArrayList<>();
    private final Map<String, String> cloudSettings = new LinkedHashMap<>();
    private String description = "";
    private Optional<String> experiment = Optional.empty();
    private Framework framework = Framework.PYTORCH;
    private int nodes = 1;
    private int devicesPerNode = 1;
    private DeviceType deviceType = DeviceType.CPU;
    private Optional<String> flavor = Optional.empty();
    private Optional<String> pool = Optional.empty();
    private int priority = 1;
    private ProcessLayout layout = ProcessLayout.PROCESS_PER_NODE;
    private TrainingMode mode = TrainingMode.NORMAL;
    private Optional<String> localCodeDirectory = Optional.empty();
    private Optional<String> workingDirectory = Optional.empty();
    private OptionalInt uid = OptionalInt.empty();
    private Optional<StorageUri> logLocation = Optional.empty();
    private LogKeeping.Retention logRetention = LogKeeping.Retention.WITH_RUN;
    private Optional<Duration> autoStop = Optional.empty();
    private int retries = 0;

    private Builder(String name, Algorithm algorithm) {
      this.name = name;
      this.algorithm = algorithm;
    }

    public Builder description(String text) {
      description = text;
      return this;
    }

    public Builder experiment(String newExperiment) {
      experiment = Optional.of(newExperiment);
      return this;
    }

    public Builder framework(Framework newFramework) {
      framework = newFramework;
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

    /** Adds a parameter that is a text. */
    public Builder parameter(String parameterName, String value) {
      return parameter(() -> Hyperparameter.of(parameterName, value));
    }

    /** Adds a parameter whose making may fail; the failure is reported with the job's others. */
    public Builder parameter(Supplier<Hyperparameter> parameter) {
      collect(() -> parameters.add(parameter.get()));
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

    public Builder deviceType(DeviceType type) {
      deviceType = type;
      return this;
    }

    public Builder flavor(String newFlavor) {
      flavor = Optional.of(newFlavor);
      return this;
    }

    public Builder pool(String newPool) {
      pool = Optional.of(newPool);
      return this;
    }

    public Builder priority(int newPriority) {
      priority = newPriority;
      return this;
    }

    public Builder layout(ProcessLayout newLayout) {
      layout = newLayout;
      return this;
    }

    public Builder mode(TrainingMode newMode) {
      mode = newMode;
      return this;
    }

    /** The directory of ModelArts' container that the code's own is put into. */
    public Builder localCodeDirectory(String path) {
      localCodeDirectory = Optional.of(path);
      return this;
    }

    /** Where the processes start: below the code directory, or absolute. */
    public Builder workingDirectory(String path) {
      workingDirectory = Optional.of(path);
      return this;
    }

    public Builder uid(int newUid) {
      uid = OptionalInt.of(newUid);
      return this;
    }

    /** Adds a mount whose making may fail; the failure is reported with the job's others. */
    public Builder mount(Supplier<Mount> mount) {
      collect(() -> mounts.add(mount.get()));
      return this;
    }

    /** Wants a copy of the logs there. */
    public Builder logLocation(StorageUri location) {
      logLocation = Optional.of(location);
      return this;
    }

    public Builder logRetention(LogKeeping.Retention retention) {
      logRetention = retention;
      return this;
    }

    /** Adds somebody to tell; a failure to make it is reported with the job's others. */
    public Builder notify(Supplier<Notification> notification) {
      collect(() -> notifications.add(notification.get()));
      return this;
    }

    public Builder autoStop(Duration after) {
      autoStop = Optional.of(after);
      return this;
    }

    public Builder retries(int count) {
      retries = count;
      return this;
    }

    /** Keeps a setting of ModelArts' cloud that means nothing here. */
    public Builder cloudSetting(String key, String value) {
      cloudSettings.put(key, value);
      return this;
    }

    /** Adds a problem that its caller has found, a sentence. */
    public Builder problem(String sentence) {
      problems.add(sentence);
      return this;
    }

    /**
     * The job.
     *
     * @throws TrainingException with all that is wrong with it
     */
    public TrainingJob build() {
      List<String> found = new ArrayList<>(problems);
      List<String> ofParts = new ArrayList<>();
      Resources resources =
          make(
              () -> new Resources(nodes, devicesPerNode, deviceType, flavor, pool, priority),
              Resources.ONE_CPU,
              ofParts);
      NodeSettings nodeSettings =
          make(
              () -> new NodeSettings(localCodeDirectory, workingDirectory, uid, mounts),
              NodeSettings.USUAL,
              ofParts);
      LogKeeping logs =
          make(
              () -> new LogKeeping(logLocation, logRetention),
              new LogKeeping(logLocation, LogKeeping.Retention.WITH_RUN),
              ofParts);
      TrainingJob job = null;
      try {
        job =
            new TrainingJob(
                name,
                description,
                experiment,
                algorithm,
                framework,
                inputs,
                outputs,
                parameters,
                environment,
                resources,
                layout,
                mode,
                nodeSettings,
                logs,
                notifications,
                autoStop,
                retries,
                cloudSettings);
      } catch (TrainingException e) {
        found.addAll(e.problems());
      }
      found.addAll(ofParts);
      if (!found.isEmpty()) {
        throw TrainingException.cannotStart(name, found);
      }
      return job;
    }

    private static <T> T make(Supplier<T> part, T otherwise, List<String> problems) {
      try {
        return part.get();
      } catch (TrainingException e) {
        problems.addAll(e.problems());
        return otherwise;
      }
    }

    private void collect(Runnable step) {
      try {
        step.run();
      } catch (DatasetException e) {
        problems.add(e.getMessage() + ".");
      }
    }
  }
}
