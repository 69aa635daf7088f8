package io.millrace.jobs.training;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.training.Algorithm;
import io.millrace.training.CodeLocation;
import io.millrace.training.DeviceType;
import io.millrace.training.Framework;
import io.millrace.training.Hyperparameter;
import io.millrace.training.LogKeeping;
import io.millrace.training.Mount;
import io.millrace.training.Notification;
import io.millrace.training.ProcessLayout;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingMode;
import io.millrace.training.TrainingOutput;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A training job as far as somebody has described it. What is said later replaces what was said
 * before under the same key or name, so that a command line can say other things than a file.
 */
public final class TrainingDraft {

  /**
   * Where something was said, put before what is wrong with it: {@code job.yaml, line 3, column 1:
   * }, or nothing for the command line.
   */
  public record Place(String prefix) {
    public static final Place COMMAND_LINE = new Place("");

    static Place of(Path file, int line, int column) {
      return new Place("%s, line %d, column %d: ".formatted(file.getFileName(), line, column));
    }
  }

  private record Said<T>(T value, Place place) {}

  /** The key that a problem of a job as a whole is about. */
  private static final Pattern ABOUT = Pattern.compile("Invalid ([a-z-]+)[: ].*", Pattern.DOTALL);

  private static final Pattern HOURS = Pattern.compile("(\\d{1,6})\\s*h?");

  /** What the cloud calls frameworks that are one of ours. */
  private static final Map<String, Framework> FRAMEWORKS =
      Map.of("ascend-powered-engine", Framework.MINDSPORE);

  private final Map<String, Said<String>> settings = new LinkedHashMap<>();
  private final Map<String, Said<Supplier<TrainingInput>>> inputs = new LinkedHashMap<>();
  private final Map<String, Said<Supplier<TrainingOutput>>> outputs = new LinkedHashMap<>();
  private final Map<String, Said<Supplier<Hyperparameter>>> parameters = new LinkedHashMap<>();
  private final Map<String, Said<String>> environment = new LinkedHashMap<>();
  private final Map<String, Said<Supplier<Notification>>> notifications = new LinkedHashMap<>();
  private final List<Said<Supplier<Mount>>> mounts = new ArrayList<>();
  private final Map<String, String> cloudSettings = new LinkedHashMap<>();
  private final Map<Backend, Map<String, Said<List<String>>>> backendOptions =
      new EnumMap<>(Backend.class);
  private final List<String> problems = new ArrayList<>();

  /** What a job says that exists already, to say other things on top of it. */
  public static TrainingDraft of(TrainingJob job) {
    return FormerJob.draftOf(job);
  }

  /** Says the value of one of the {@link TrainingKeys}. */
  public void say(TrainingKeys key, String value, Place place) {
    settings.put(key.word(), new Said<>(value, place));
  }

  public void input(String name, Supplier<TrainingInput> input, Place place) {
    inputs.put(name, new Said<>(input, place));
  }

  public void output(String name, Supplier<TrainingOutput> output, Place place) {
    outputs.put(name, new Said<>(output, place));
  }

  public void parameter(String name, Supplier<Hyperparameter> parameter, Place place) {
    parameters.put(name, new Said<>(parameter, place));
  }

  public void environment(String name, String value, Place place) {
    environment.put(name, new Said<>(value, place));
  }

  /** Says whom to tell, once for each address. */
  public void notification(String url, Supplier<Notification> notification, Place place) {
    notifications.put(url, new Said<>(notification, place));
  }

  public void mount(Supplier<Mount> mount, Place place) {
    mounts.add(new Said<>(mount, place));
  }

  /** Keeps a setting that has no meaning outside ModelArts' cloud. */
  public void cloudSetting(String key, String value) {
    cloudSettings.put(key, value);
  }

  /** Says values of an option of a back end, for the case that this one is chosen. */
  public void backendOption(Backend backend, String option, List<String> values, Place place) {
    backendOptions
        .computeIfAbsent(backend, each -> new LinkedHashMap<>())
        .put(option, new Said<>(List.copyOf(values), place));
  }

  /** The back end that was said, if it is one. */
  public Optional<Backend> backend() {
    List<Backend> found = new ArrayList<>();
    with(TrainingKeys.BACKEND, value -> found.add(Backend.parse(value)));
    return found.stream().findFirst();
  }

  /** What was said of the options of a back end; those that it does not have become problems. */
  public Map<String, List<String>> optionsOf(Backend backend, Set<String> known) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    backendOptions
        .getOrDefault(backend, Map.of())
        .forEach(
            (name, said) -> {
              if (known.contains(name)) {
                options.put(name, said.value());
              } else {
                problem(
                    said.place(),
                    "Unknown option '%s' of the back end %s%s."
                        .formatted(
                            name,
                            backend.word(),
                            NearestWord.of(name, known)
                                .map(" (did you mean '%s'?)"::formatted)
                                .orElse("")));
              }
            });
    return options;
  }

  /**
   * Takes back the inputs, outputs, parameters and variables of that name.
   *
   * @return whether there were any
   */
  public boolean withdraw(String name) {
    List<Map<String, ?>> all = List.of(inputs, outputs, parameters, environment);
    boolean found = all.stream().anyMatch(each -> each.containsKey(name));
    all.forEach(each -> each.remove(name));
    return found;
  }

  /** Takes back what was said under a key. */
  public void withdraw(TrainingKeys key) {
    settings.remove(key.word());
  }

  /** Notes a sentence on what is wrong. */
  public void problem(Place place, String sentence) {
    problems.add(place.prefix() + sentence);
  }

  /**
   * The job.
   *
   * @throws TrainingException with all that is wrong, where it was said
   */
  public TrainingJob toJob() {
    TrainingJob.Builder job = TrainingJob.builder(name(), algorithm());
    text(TrainingKeys.DESCRIPTION).ifPresent(job::description);
    text(TrainingKeys.EXPERIMENT).ifPresent(job::experiment);
    framework(job);
    number(TrainingKeys.NODES, job::nodes);
    number(TrainingKeys.DEVICES, job::devicesPerNode);
    word(TrainingKeys.DEVICE_TYPE, DeviceType.class, job::deviceType);
    text(TrainingKeys.FLAVOR).ifPresent(job::flavor);
    text(TrainingKeys.POOL).ifPresent(job::pool);
    number(TrainingKeys.PRIORITY, job::priority);
    word(TrainingKeys.LAUNCH, ProcessLayout.class, job::layout);
    word(TrainingKeys.MODE, TrainingMode.class, job::mode);
    text(TrainingKeys.LOCAL_CODE_DIR).ifPresent(job::localCodeDirectory);
    text(TrainingKeys.WORKING_DIR).ifPresent(job::workingDirectory);
    number(TrainingKeys.UID, job::uid);
    with(TrainingKeys.LOG_URL, value -> job.logLocation(StorageUri.parse(value)));
    with(
        TrainingKeys.KEEP_LOGS,
        value ->
            job.logRetention(
                yes(TrainingKeys.KEEP_LOGS, value)
                    ? LogKeeping.Retention.PERMANENT
                    : LogKeeping.Retention.WITH_RUN));
    with(TrainingKeys.AUTO_STOP, value -> job.autoStop(hours(value)));
    number(TrainingKeys.RETRIES, job::retries);
    inputs.values().forEach(each -> make(each, job::input));
    outputs.values().forEach(each -> make(each, job::output));
    parameters.values().forEach(each -> make(each, made -> job.parameter(() -> made)));
    environment.forEach((name, said) -> job.environment(name, said.value()));
    notifications.values().forEach(each -> make(each, made -> job.notify(() -> made)));
    mounts.forEach(each -> make(each, made -> job.mount(() -> made)));
    cloudSettings.forEach(job::cloudSetting);
    return built(job);
  }

  /** A job without a name gets that of its code's directory, as far as it can be one. */
  private String name() {
    return text(TrainingKeys.NAME)
        .orElseGet(
            () ->
                text(TrainingKeys.CODE_DIR)
                    .map(code -> code.replaceAll("/+$", "").replaceAll(".*/", ""))
                    .filter(name -> name.matches("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}"))
                    .orElse("job"));
  }

  private Algorithm algorithm() {
    Optional<String> image = text(TrainingKeys.IMAGE);
    Optional<CodeLocation> code = code();
    Optional<String> command = text(TrainingKeys.USER_COMMAND);
    Optional<String> boot = text(TrainingKeys.BOOT_FILE);
    if (command.isPresent()) {
      if (boot.isPresent()) {
        problem(
            settings.get(TrainingKeys.BOOT_FILE.word()).place(),
            "Invalid boot-file: the job has a user-command too (give one of them).");
      }
      return new Algorithm.UserCommand(command.get(), code, image);
    }
    if (text(TrainingKeys.CODE_DIR).isEmpty()) {
      problem(
          Place.COMMAND_LINE,
          "Invalid code-dir: it is missing (give --code-dir or the key code-dir of a job file).");
    }
    if (boot.isEmpty()) {
      problem(
          Place.COMMAND_LINE,
          "Invalid boot-file: it is missing (give boot-file, or user-command to run something else than a Python file).");
    }
    CodeLocation directory = code.orElse(CodeLocation.of(Path.of("/")));
    List<String> file = new ArrayList<>();
    with(TrainingKeys.BOOT_FILE, value -> file.add(directory.relative(value)));
    return new Algorithm.BootFile(directory, file.isEmpty() ? "missing.py" : file.get(0), image);
  }

  private Optional<CodeLocation> code() {
    List<CodeLocation> found = new ArrayList<>();
    with(TrainingKeys.CODE_DIR, value -> found.add(CodeLocation.parse(value)));
    return found.stream().findFirst();
  }

  private void framework(TrainingJob.Builder job) {
    with(
        TrainingKeys.FRAMEWORK,
        value -> {
          Optional<Framework> known =
              parse(Framework.class, value)
                  .or(() -> Optional.ofNullable(FRAMEWORKS.get(value.toLowerCase(Locale.ROOT))));
          job.framework(
              known.orElseThrow(
                  () ->
                      new DatasetException(
                          "Invalid framework: '%s' (expected %s; custom is for any other)"
                              .formatted(value, words(Framework.class)))));
        });
  }

  private TrainingJob built(TrainingJob.Builder job) {
    List<String> all = new ArrayList<>(problems);
    TrainingJob made = null;
    try {
      made = job.build();
    } catch (TrainingException e) {
      e.problems().forEach(problem -> all.add(placeOf(problem) + problem));
    }
    if (!all.isEmpty()) {
      throw TrainingException.cannotStart(name(), all.stream().distinct().toList());
    }
    return made;
  }

  /** The job's own checks name the key that they are about. */
  private String placeOf(String problem) {
    Matcher about = ABOUT.matcher(problem);
    if (!about.matches()) {
      return "";
    }
    Said<String> said = settings.get(about.group(1));
    return said == null ? "" : said.place().prefix();
  }

  private Optional<String> text(TrainingKeys key) {
    return Optional.ofNullable(settings.get(key.word())).map(Said::value);
  }

  private void with(TrainingKeys key, Consumer<String> use) {
    Said<String> said = settings.get(key.word());
    if (said != null) {
      try {
        use.accept(said.value());
      } catch (DatasetException e) {
        problem(said.place(), e.getMessage() + ".");
      } catch (InvalidPathException e) {
        problem(said.place(), "Invalid %s: %s.".formatted(key.word(), e.getMessage()));
      }
    }
  }

  private <T> void make(Said<Supplier<T>> said, Consumer<T> use) {
    try {
      use.accept(said.value().get());
    } catch (DatasetException e) {
      problem(said.place(), e.getMessage() + ".");
    }
  }

  private void number(TrainingKeys key, Consumer<Integer> use) {
    with(
        key,
        value -> {
          if (!value.matches("-?\\d{1,9}")) {
            throw new DatasetException(
                "Invalid %s: '%s' (expected a whole number)".formatted(key.word(), value));
          }
          use.accept(Integer.valueOf(value));
        });
  }

  private <E extends Enum<E>> void word(TrainingKeys key, Class<E> type, Consumer<E> use) {
    with(
        key,
        value ->
            use.accept(
                parse(type, value)
                    .orElseThrow(
                        () ->
                            new DatasetException(
                                "Invalid %s: '%s' (expected %s)"
                                    .formatted(key.word(), value, words(type))))));
  }

  private static Duration hours(String value) {
    Matcher hours = HOURS.matcher(value.strip());
    if (!hours.matches()) {
      throw new DatasetException(
          "Invalid auto-stop: '%s' (expected 1 to 720 hours, such as 24)".formatted(value));
    }
    return Duration.ofHours(Long.parseLong(hours.group(1)));
  }

  private static boolean yes(TrainingKeys key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default ->
          throw new DatasetException(
              "Invalid %s: '%s' (expected true or false)".formatted(key.word(), value));
    };
  }

  /** A constant by its name, in any case, with hyphens or underscores. */
  static <E extends Enum<E>> Optional<E> parse(Class<E> type, String text) {
    String name = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
    return Stream.of(type.getEnumConstants()).filter(each -> each.name().equals(name)).findFirst();
  }

  static <E extends Enum<E>> String words(Class<E> type) {
    return Stream.of(type.getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }
}
