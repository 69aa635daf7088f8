package io.millrace.jobs.training;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.training.DataAccess;
import io.millrace.training.Hyperparameter;
import io.millrace.training.HyperparameterConstraint;
import io.millrace.training.HyperparameterConstraint.Choice;
import io.millrace.training.HyperparameterConstraint.Range;
import io.millrace.training.HyperparameterType;
import io.millrace.training.InputDelivery;
import io.millrace.training.Mount;
import io.millrace.training.Notification;
import io.millrace.training.NotificationEvent;
import io.millrace.training.OutputPreparation;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingOutput;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads training jobs from YAML: with our own keys and with those of ModelArts' {@code ma-cli}
 * ({@code train.yaml}), which may stand side by side. Paths are relative to the file.
 *
 * <p>All problems go into the draft, each with its line and column; only a file that is no YAML at
 * all is refused at once.
 */
public final class TrainingJobFile {
  /** Kept as they are, for nothing here has a use for them. */
  private static final Set<String> CLOUD_KEYS =
      Set.of("framework-version", "workspace-id", "policy");

  private static final Set<String> LIST_KEYS =
      Set.of(
          "inputs",
          "input",
          "data-url",
          "outputs",
          "output",
          "parameters",
          "env",
          "env-variables",
          "notifications",
          "mounts",
          "volumes");

  private static final Pattern SCHEME = Pattern.compile("(?i)(file:|[a-z0-9]+://).*");
  private static final Pattern VERSION =
      Pattern.compile("[A-Za-z][A-Za-z0-9_-]*@[A-Za-z0-9_:.+-]+");
  private static final Pattern FLAGS =
      Pattern.compile("--([^\\s=]+)(?:(?:=|\\s+)(?!--)(\"[^\"]*\"|'[^']*'|\\S+))?\\s*");
  private static final int MAX_CHARACTERS = 1 << 20;

  private final Path file;
  private final Path base;
  private final InputSource versions;
  private final TrainingDraft draft = new TrainingDraft();

  private TrainingJobFile(Path file, InputSource versions) {
    this.file = file;
    this.base =
        Optional.ofNullable(file.toAbsolutePath().normalize().getParent()).orElse(Path.of("/"));
    this.versions = versions;
  }

  /**
   * Reads a file.
   *
   * @throws DatasetException if it is no YAML
   */
  public static TrainingDraft read(Path file, InputSource versions) throws IOException {
    TrainingJobFile reading = new TrainingJobFile(file, versions);
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_CHARACTERS);
    try (Reader text = Files.newBufferedReader(file)) {
      Node root = new Yaml(limits).compose(text);
      if (root == null) {
        throw new DatasetException("Cannot read %s: it is empty".formatted(file));
      }
      reading.readJob(root);
    } catch (MarkedYAMLException e) {
      throw new DatasetException(
          "Cannot read %s, line %d, column %d: %s"
              .formatted(
                  file,
                  e.getProblemMark().getLine() + 1,
                  e.getProblemMark().getColumn() + 1,
                  e.getProblem()),
          e);
    } catch (YAMLException e) {
      throw new DatasetException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    return reading.draft;
  }

  private void readJob(Node root) {
    Map<String, TrainingKeys> scalars = new LinkedHashMap<>();
    for (TrainingKeys key : TrainingKeys.values()) {
      scalars.put(key.word(), key);
      scalars.put(key.cloudWord(), key);
    }
    Set<String> known = new LinkedHashSet<>(scalars.keySet());
    known.addAll(CLOUD_KEYS);
    known.addAll(LIST_KEYS);
    for (Backend backend : Backend.values()) {
      known.add(backend.word());
    }
    Map<TrainingKeys, String> said = new LinkedHashMap<>();
    Map<String, Node> fields = fields(root, known);
    if (fields.containsKey("data-url")) {
      // ma-cli's files often name the same data as an input too, which says more
      readList("data-url", fields.remove("data-url"));
    }
    for (Map.Entry<String, Node> field : fields.entrySet()) {
      String key = field.getKey();
      Node value = field.getValue();
      if (scalars.containsKey(key)) {
        TrainingKeys setting = scalars.get(key);
        String before = said.put(setting, key);
        if (before != null) {
          draft.problem(
              place(value),
              "Invalid key: '%s' and '%s' mean the same (give one of them)."
                  .formatted(before, key));
        }
        text(value, key)
            .ifPresent(text -> draft.say(setting, resolved(setting, text), place(value)));
      } else if (CLOUD_KEYS.contains(key)) {
        text(value, key).ifPresent(text -> draft.cloudSetting(key, text));
      } else if (LIST_KEYS.contains(key)) {
        readList(key, value);
      } else {
        readOptions(Backend.parse(key), value);
      }
    }
  }

  /** Options of a back end; whether it has them is not known here. */
  private void readOptions(Backend backend, Node value) {
    pairs(value, backend.word())
        .forEach(
            (name, node) -> {
              List<String> values =
                  node instanceof MappingNode
                      ? pairs(node, name).entrySet().stream()
                          .map(
                              pair ->
                                  pair.getKey()
                                      + "="
                                      + text(pair.getValue(), pair.getKey()).orElse(""))
                          .toList()
                      : texts(node, name);
              draft.backendOption(backend, name.replace('_', '-'), values, place(node));
            });
  }

  private void readList(String key, Node value) {
    switch (key) {
      case "data-url" ->
          text(value, key).ifPresent(text -> readInput("data_url", text, Map.of(), value));
      case "inputs", "input" ->
          entries(value, key, Set.of("name", "dataset", "uri", "obs-path", "access", "delivery"))
              .forEach((name, fields) -> readInput(name, fields));
      case "outputs", "output" ->
          entries(value, key, Set.of("name", "uri", "obs-path", "access", "predownload"))
              .forEach((name, fields) -> readOutput(name, fields));
      case "parameters" -> readParameters(value);
      case "env", "env-variables" ->
          pairs(value, key)
              .forEach(
                  (name, node) ->
                      draft.environment(name, text(node, name).orElse(""), place(node)));
      case "notifications" -> items(value, key).forEach(this::readNotification);
      case "mounts", "volumes" -> items(value, key).forEach(this::readMount);
      default -> throw new IllegalStateException("No reader of the key " + key);
    }
  }

  // Inputs and outputs.

  /** What an entry says, and where it stands. */
  private record Entry(Map<String, Node> fields, Node at) {}

  private void readInput(String name, Entry entry) {
    List<String> given =
        entry.fields().keySet().stream()
            .filter(Set.of("dataset", "uri", "obs-path")::contains)
            .toList();
    if (given.size() != 1) {
      draft.problem(
          place(entry.at()),
          "Invalid input %s: %s (expected one of dataset, uri and obs_path)."
              .formatted(name, given.isEmpty() ? "it has no data" : "it has several"));
      return;
    }
    Node data = entry.fields().get(given.get(0));
    text(data, given.get(0)).ifPresent(text -> readInput(name, text, entry.fields(), data));
  }

  private void readInput(String name, String data, Map<String, Node> fields, Node at) {
    DataAccess access = access(fields);
    Optional<InputDelivery> delivery =
        word(
            fields,
            "delivery",
            Map.of("linked", InputDelivery.LINKED, "downloaded", InputDelivery.DOWNLOADED));
    boolean isVersion = fields.containsKey("dataset") || VERSION.matcher(data).matches();
    draft.input(
        name,
        () -> {
          TrainingInput input =
              isVersion
                  ? versions.ofVersion(name, DatasetRef.parse(data))
                  : TrainingInput.of(name, StorageUri.parse(address(data)));
          return input.withAccess(access).withDelivery(delivery.orElse(input.delivery()));
        },
        place(at));
  }

  private DataAccess access(Map<String, Node> fields) {
    return word(
            fields,
            "access",
            Map.of("argument", DataAccess.ARGUMENT, "env", DataAccess.ENVIRONMENT))
        .orElse(DataAccess.ARGUMENT);
  }

  private void readOutput(String name, Entry entry) {
    Node uri = entry.fields().getOrDefault("uri", entry.fields().get("obs-path"));
    if (uri == null) {
      draft.problem(
          place(entry.at()), "Invalid output %s: it has no uri (give one).".formatted(name));
      return;
    }
    OutputPreparation preparation =
        flag(entry.fields(), "predownload").orElse(false)
            ? OutputPreparation.DOWNLOADED
            : OutputPreparation.EMPTY;
    DataAccess access = access(entry.fields());
    text(uri, "uri")
        .ifPresent(
            text ->
                draft.output(
                    name,
                    () ->
                        new TrainingOutput(
                            name, StorageUri.parse(address(text)), access, preparation),
                    place(uri)));
  }

  /**
   * Entries by name: a list of mappings that have one, a mapping from names to data, or, as {@code
   * ma-cli}'s options have it, a list of {@code NAME=DATA}.
   */
  private Map<String, Entry> entries(Node value, String key, Set<String> known) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    boolean isListOfTexts =
        value instanceof SequenceNode list
            && list.getValue().stream().allMatch(ScalarNode.class::isInstance);
    if (isListOfTexts || (value instanceof MappingNode && !isMappingWith(value, "name"))) {
      pairs(value, key)
          .forEach(
              (name, node) ->
                  entries.put(
                      name,
                      node instanceof MappingNode
                          ? new Entry(fields(node, known), node)
                          : new Entry(Map.of("uri", node), node)));
      return entries;
    }
    for (Node item : items(value, key)) {
      Map<String, Node> fields = fields(item, known);
      Optional<String> name =
          fields.containsKey("name") ? text(fields.get("name"), "name") : Optional.empty();
      if (name.isEmpty()) {
        draft.problem(place(item), "Invalid %s: an entry has no name (give one).".formatted(key));
      } else if (entries.put(name.get(), new Entry(fields, item)) != null) {
        draft.problem(place(item), "Invalid %s: '%s' is given twice.".formatted(key, name.get()));
      }
    }
    return entries;
  }

  // Parameters.

  private void readParameters(Node value) {
    if (value instanceof ScalarNode scalar && !isNull(value)) {
      readCommandLine(scalar);
    } else if (value instanceof MappingNode) {
      pairs(value, "parameters").forEach(this::readParameter);
    } else {
      Set<String> seen = new HashSet<>();
      for (Node item : items(value, "parameters")) {
        readParameterItem(item, seen);
      }
    }
  }

  /** A definition with its name among the fields, or a pair as in {@code ma-cli}'s files. */
  private void readParameterItem(Node item, Set<String> seen) {
    Map<String, Node> pairs = new LinkedHashMap<>();
    if (isMappingWith(item, "name") && ((MappingNode) item).getValue().size() > 1) {
      Map<String, Node> fields =
          fields(
              item, Set.of("name", "value", "type", "range", "choice", "required", "description"));
      text(fields.get("name"), "name")
          .filter(name -> isNew(name, seen, item))
          .ifPresent(name -> defineParameter(name, fields, item));
    } else if (item instanceof MappingNode) {
      pairs.putAll(pairs(item, "parameters"));
    } else {
      draft.problem(place(item), "Invalid parameters: an entry is no pair (expected NAME: VALUE).");
    }
    pairs.forEach(
        (name, node) -> {
          if (isNew(name, seen, item)) {
            readParameter(name, node);
          }
        });
  }

  private boolean isNew(String name, Set<String> seen, Node at) {
    boolean isNew = seen.add(name);
    if (!isNew) {
      draft.problem(place(at), "Invalid parameters: '%s' is given twice.".formatted(name));
    }
    return isNew;
  }

  /** {@code --epoch 0 --pretrained}, as {@code ma-cli}'s option has it. */
  private void readCommandLine(ScalarNode scalar) {
    Matcher flags = FLAGS.matcher(scalar.getValue().strip());
    int end = 0;
    while (flags.lookingAt()) {
      String name = flags.group(1);
      Optional<String> value =
          Optional.ofNullable(flags.group(2))
              .map(text -> text.replaceAll("^([\"'])(.*)\\1$", "$2"));
      draft.parameter(
          name,
          () ->
              value
                  .map(text -> Hyperparameter.of(name, text))
                  .orElseGet(() -> Hyperparameter.flag(name)),
          place(scalar));
      end = flags.end();
      flags.region(end, flags.regionEnd());
    }
    if (end < scalar.getValue().strip().length()) {
      draft.problem(
          place(scalar),
          "Invalid parameters: '%s' (expected --NAME VALUE or --NAME, any number of them)."
              .formatted(scalar.getValue().strip().substring(end)));
    }
  }

  private void readParameter(String name, Node value) {
    if (value instanceof MappingNode) {
      defineParameter(
          name,
          fields(value, Set.of("value", "type", "range", "choice", "required", "description")),
          value);
    } else if (isNull(value)) {
      draft.parameter(name, () -> Hyperparameter.flag(name), place(value));
    } else {
      text(value, name)
          .ifPresent(
              text ->
                  draft.parameter(
                      name,
                      () ->
                          new Hyperparameter(
                              name,
                              typeOf(value),
                              Optional.of(text),
                              Optional.empty(),
                              Hyperparameter.Presence.OPTIONAL),
                      place(value)));
    }
  }

  /** A parameter that is defined but has no value is none, unless it is required. */
  private void defineParameter(String name, Map<String, Node> fields, Node at) {
    boolean required = flag(fields, "required").orElse(false);
    Node value = fields.get("value");
    boolean hasValue = value != null && !isNull(value);
    Optional<HyperparameterType> declared =
        word(
            fields,
            "type",
            Map.of(
                "string", HyperparameterType.STRING,
                "integer", HyperparameterType.INTEGER,
                "float", HyperparameterType.FLOAT,
                "boolean", HyperparameterType.BOOLEAN));
    Optional<HyperparameterConstraint> constraint = constraint(name, fields);
    if (!hasValue && !required) {
      return;
    }
    Optional<String> text = hasValue ? text(value, "value") : Optional.empty();
    draft.parameter(
        name,
        () ->
            new Hyperparameter(
                name,
                declared.orElseGet(() -> hasValue ? typeOf(value) : HyperparameterType.STRING),
                text,
                constraint,
                required ? Hyperparameter.Presence.REQUIRED : Hyperparameter.Presence.OPTIONAL),
        place(hasValue ? value : at));
  }

  private Optional<HyperparameterConstraint> constraint(String name, Map<String, Node> fields) {
    Node range = fields.get("range");
    Node choice = fields.get("choice");
    if (range != null && choice != null) {
      draft.problem(
          place(choice),
          "Invalid parameter %s: it has a range and a choice (give one of them).".formatted(name));
    }
    try {
      if (range != null) {
        List<String> ends = texts(range, "range");
        if (ends.size() != 2) {
          throw new DatasetException(
              "Invalid range: it has %d ends (expected two)".formatted(ends.size()));
        }
        return Optional.of(new Range(number(ends.get(0)), number(ends.get(1))));
      }
      return choice == null ? Optional.empty() : Optional.of(new Choice(texts(choice, "choice")));
    } catch (DatasetException e) {
      draft.problem(place(range == null ? choice : range), e.getMessage() + ".");
      return Optional.empty();
    }
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new DatasetException("Invalid range: '%s' is no number".formatted(text), e);
    }
  }

  /** As YAML reads it, as long as the script would read the same from the text. */
  private static HyperparameterType typeOf(Node value) {
    String text = ((ScalarNode) value).getValue();
    if (value.getTag().equals(Tag.INT) && text.matches("[+-]?\\d+")) {
      return HyperparameterType.INTEGER;
    }
    if (value.getTag().equals(Tag.FLOAT)
        && text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
      return HyperparameterType.FLOAT;
    }
    return value.getTag().equals(Tag.BOOL) && text.matches("(?i)true|false")
        ? HyperparameterType.BOOLEAN
        : HyperparameterType.STRING;
  }

  // Notifications and mounts.

  private void readNotification(Node item) {
    Map<String, Node> fields = fields(item, Set.of("url", "on"));
    Optional<String> url =
        fields.containsKey("url") ? text(fields.get("url"), "url") : Optional.empty();
    if (url.isEmpty()) {
      draft.problem(place(item), "Invalid notifications: an entry has no url (give one).");
      return;
    }
    List<NotificationEvent> events = new ArrayList<>();
    Node on = fields.get("on");
    if (on != null) {
      for (String word : texts(on, "on")) {
        TrainingDraft.parse(NotificationEvent.class, word)
            .ifPresentOrElse(
                events::add,
                () ->
                    draft.problem(
                        place(on),
                        "Invalid notifications: '%s' is no event (expected %s)."
                            .formatted(word, TrainingDraft.words(NotificationEvent.class))));
      }
    } else {
      events.addAll(Arrays.asList(NotificationEvent.values()));
    }
    draft.notification(url.get(), () -> notification(url.get(), events), place(fields.get("url")));
  }

  /** Somebody to tell, from the text of an address. */
  public static Notification notification(String url, List<NotificationEvent> events) {
    try {
      return Notification.of(new URI(url), events);
    } catch (URISyntaxException e) {
      throw new DatasetException(
          "Invalid notification: the address cannot be read, %s at character %d"
              .formatted(e.getReason(), e.getIndex() + 1),
          e);
    }
  }

  private void readMount(Node item) {
    Node at = item;
    if (isMappingWith(item, "efs")) {
      // - efs: {local_path: …}; in printed samples the fields stand beside it
      Node inner = ((MappingNode) item).getValue().get(0).getValueNode();
      if (inner instanceof MappingNode) {
        at = inner;
      }
    }
    Map<String, Node> fields =
        fields(at, Set.of("efs", "source", "path", "read-only", "local-path", "nfs-server-path"));
    Node source = fields.getOrDefault("source", fields.get("nfs-server-path"));
    Node path = fields.getOrDefault("path", fields.get("local-path"));
    if (source == null || path == null) {
      draft.problem(
          place(item), "Invalid mounts: an entry lacks source or path (give both of them).");
      return;
    }
    Mount.Access access =
        flag(fields, "read-only").orElse(false) ? Mount.Access.READ_ONLY : Mount.Access.READ_WRITE;
    Optional<String> from = text(source, "source");
    Optional<String> to = text(path, "path");
    draft.mount(() -> new Mount(from.orElse(""), to.orElse(""), access), place(path));
  }

  // YAML.

  /** The fields of a mapping; hyphens and underscores mean the same. Others are refused. */
  private Map<String, Node> fields(Node node, Set<String> known) {
    Map<String, Node> fields = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      draft.problem(place(node), "Invalid value: expected pairs, KEY: VALUE.");
      return fields;
    }
    for (NodeTuple pair : mapping.getValue()) {
      String written = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      String key = written.replace('_', '-');
      if (!known.contains(key)) {
        draft.problem(
            place(pair.getKeyNode()),
            "Unknown key '%s'%s."
                .formatted(
                    written,
                    NearestWord.of(key, known).map(" (did you mean '%s'?)"::formatted).orElse("")));
      } else if (fields.put(key, pair.getValueNode()) != null) {
        draft.problem(place(pair.getKeyNode()), "Key '%s' is given twice.".formatted(written));
      }
    }
    return fields;
  }

  /** Pairs with keys of the user's own: a mapping, or a list of mappings or {@code KEY=VALUE}. */
  private Map<String, Node> pairs(Node node, String key) {
    Map<String, Node> pairs = new LinkedHashMap<>();
    List<Node> parts = node instanceof MappingNode ? List.of(node) : items(node, key);
    for (Node part : parts) {
      if (part instanceof MappingNode mapping) {
        for (NodeTuple pair : mapping.getValue()) {
          String name = pair.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
          putPair(pairs, name, pair.getValueNode(), pair.getKeyNode(), key);
        }
      } else if (part instanceof ScalarNode scalar && scalar.getValue().indexOf('=') > 0) {
        int equals = scalar.getValue().indexOf('=');
        Node value =
            new ScalarNode(
                Tag.STR,
                scalar.getValue().substring(equals + 1),
                scalar.getStartMark(),
                scalar.getEndMark(),
                scalar.getScalarStyle());
        putPair(pairs, scalar.getValue().substring(0, equals), value, part, key);
      } else {
        draft.problem(
            place(part), "Invalid %s: an entry is no pair (expected NAME: VALUE).".formatted(key));
      }
    }
    return pairs;
  }

  private void putPair(Map<String, Node> pairs, String name, Node value, Node at, String key) {
    if (pairs.put(name, value) != null) {
      draft.problem(place(at), "Invalid %s: '%s' is given twice.".formatted(key, name));
    }
  }

  private List<Node> items(Node node, String key) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    if (isNull(node)) {
      return List.of();
    }
    if (node instanceof MappingNode) {
      return List.of(node);
    }
    draft.problem(place(node), "Invalid %s: it is one text (expected a list).".formatted(key));
    return List.of();
  }

  private List<String> texts(Node node, String key) {
    List<Node> parts = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    List<String> texts = new ArrayList<>();
    parts.forEach(part -> text(part, key).ifPresent(texts::add));
    return texts;
  }

  /** As it is written; a key without a value says nothing. */
  private Optional<String> text(Node node, String key) {
    if (node instanceof ScalarNode scalar) {
      return isNull(node) ? Optional.empty() : Optional.of(scalar.getValue());
    }
    draft.problem(place(node), "Invalid %s: it has parts (expected one text).".formatted(key));
    return Optional.empty();
  }

  private Optional<Boolean> flag(Map<String, Node> fields, String key) {
    return word(fields, key, Map.of("true", true, "yes", true, "false", false, "no", false));
  }

  private <T> Optional<T> word(Map<String, Node> fields, String key, Map<String, T> words) {
    Node node = fields.get(key);
    if (node == null) {
      return Optional.empty();
    }
    Optional<String> text = text(node, key);
    Optional<T> meant = text.map(each -> words.get(each.toLowerCase(Locale.ROOT)));
    if (text.isPresent() && meant.isEmpty()) {
      draft.problem(
          place(node),
          "Invalid %s: '%s' (expected %s)."
              .formatted(
                  key, text.get(), String.join(" or ", words.keySet().stream().sorted().toList())));
    }
    return meant;
  }

  private static boolean isMappingWith(Node node, String key) {
    return node instanceof MappingNode mapping
        && mapping.getValue().stream()
            .anyMatch(
                pair ->
                    pair.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key));
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private String resolved(TrainingKeys key, String text) {
    return key == TrainingKeys.CODE_DIR || key == TrainingKeys.LOG_URL ? address(text) : text;
  }

  private String address(String text) {
    return SCHEME.matcher(text).matches() ? text : StorageUri.of(base.resolve(text)).value();
  }

  private Place place(Node node) {
    return Place.of(file, node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
  }
}
