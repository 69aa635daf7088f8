package io.millrace.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import io.millrace.training.HyperparameterConstraint.Choice;
import io.millrace.training.HyperparameterConstraint.Range;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Runs as JSON, the form of {@code spec.json}: {@code decode(encode(run))} equals the run. */
public final class TrainingJobJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TrainingJobJson() {}

  public static String encode(TrainingRun run) {
    TrainingJob job = run.job();
    ObjectNode root = JSON.createObjectNode();
    root.put("id", run.id().value());
    root.put("name", job.name());
    root.put("description", job.description());
    job.experiment().ifPresent(value -> root.put("experiment", value));
    job.code().ifPresent(value -> root.put("code-dir", value.toString()));
    job.bootFile().ifPresent(value -> root.put("boot-file", value));
    if (job.algorithm() instanceof Algorithm.UserCommand user) {
      root.put("user-command", user.command());
    }
    job.algorithm().image().ifPresent(value -> root.put("image", value));
    root.put("framework", lowerCase(job.framework()));
    for (TrainingInput input : job.inputs()) {
      ObjectNode node = root.withArray("inputs").addObject();
      node.put("name", input.name());
      node.put("location", input.location().value());
      node.put("access", lowerCase(input.access()));
      node.put("delivery", lowerCase(input.delivery()));
      input.version().ifPresent(version -> node.put("dataset", version.toString()));
    }
    for (TrainingOutput output : job.outputs()) {
      ObjectNode node = root.withArray("outputs").addObject();
      node.put("name", output.name());
      node.put("location", output.location().value());
      node.put("access", lowerCase(output.access()));
      node.put("preparation", lowerCase(output.preparation()));
    }
    for (Hyperparameter parameter : job.parameters()) {
      encode(parameter, root.withArray("parameters").addObject());
    }
    ObjectNode environment = root.putObject("environment");
    job.environment().forEach(environment::put);
    encode(job.resources(), root);
    root.put("layout", lowerCase(job.layout()));
    root.put("mode", lowerCase(job.mode()));
    encode(job.nodeSettings(), root);
    job.logs().location().ifPresent(value -> root.put("log-url", value.value()));
    root.put("log-retention", lowerCase(job.logs().retention()));
    for (Notification each : job.notifications()) {
      ObjectNode node = root.withArray("notifications").addObject();
      node.put("url", each.url().toString());
      each.on().stream().sorted().forEach(event -> node.withArray("on").add(lowerCase(event)));
    }
    job.autoStop().ifPresent(value -> root.put("auto-stop-seconds", value.toSeconds()));
    root.put("retries", job.retries());
    ObjectNode cloud = root.putObject("cloud-settings");
    job.cloudSettings().forEach(cloud::put);
    return root.toPrettyString() + "\n";
  }

  private static void encode(Hyperparameter parameter, ObjectNode node) {
    node.put("name", parameter.name());
    node.put("type", lowerCase(parameter.type()));
    parameter.value().ifPresent(value -> node.put("value", value));
    parameter
        .constraint()
        .ifPresent(
            constraint -> {
              if (constraint instanceof Range range) {
                node.putArray("range")
                    .add(range.least().toPlainString())
                    .add(range.most().toPlainString());
              } else if (constraint instanceof Choice choice) {
                choice.values().forEach(node.putArray("choice")::add);
              }
            });
    node.put("presence", lowerCase(parameter.presence()));
  }

  private static void encode(Resources resources, ObjectNode root) {
    root.put("nodes", resources.nodes());
    root.put("devices-per-node", resources.devicesPerNode());
    root.put("device-type", lowerCase(resources.deviceType()));
    resources.flavor().ifPresent(value -> root.put("flavor", value));
    resources.pool().ifPresent(value -> root.put("pool", value));
    root.put("priority", resources.priority());
  }

  private static void encode(NodeSettings settings, ObjectNode root) {
    settings.localCodeDirectory().ifPresent(value -> root.put("local-code-dir", value));
    settings.workingDirectory().ifPresent(value -> root.put("working-dir", value));
    settings.uid().ifPresent(value -> root.put("uid", value));
    for (Mount mount : settings.mounts()) {
      root.withArray("mounts")
          .addObject()
          .put("source", mount.source())
          .put("path", mount.path())
          .put("access", lowerCase(mount.access()));
    }
  }

  /**
   * Reads a run back. A field that an older release did not write has the value that it meant.
   *
   * @throws DatasetException naming the field that is missing or wrong
   */
  public static TrainingRun decode(String text) {
    JsonNode root = parse(text);
    List<TrainingInput> inputs = new ArrayList<>();
    for (JsonNode node : root.path("inputs")) {
      inputs.add(
          new TrainingInput(
              text(node, "name"),
              StorageUri.parse(text(node, "location")),
              constant(DataAccess.class, node, "access"),
              constant(InputDelivery.class, node, "delivery", InputDelivery.LINKED),
              optional(node, "dataset").map(DatasetRef::parse)));
    }
    List<TrainingOutput> outputs = new ArrayList<>();
    for (JsonNode node : root.path("outputs")) {
      outputs.add(
          new TrainingOutput(
              text(node, "name"),
              StorageUri.parse(text(node, "location")),
              constant(DataAccess.class, node, "access", DataAccess.ARGUMENT),
              constant(OutputPreparation.class, node, "preparation")));
    }
    List<Hyperparameter> parameters = new ArrayList<>();
    root.path("parameters").forEach(node -> parameters.add(parameter(node)));
    List<Notification> notifications = new ArrayList<>();
    root.path("notifications").forEach(node -> notifications.add(notification(node)));
    return new TrainingRun(
        new RunId(text(root, "id")),
        new TrainingJob(
            text(root, "name"),
            text(root, "description"),
            optional(root, "experiment"),
            algorithm(root),
            constant(Framework.class, root, "framework", Framework.PYTORCH),
            inputs,
            outputs,
            parameters,
            texts(root.path("environment")),
            new Resources(
                number(root, "nodes"),
                number(root, "devices-per-node"),
                constant(DeviceType.class, root, "device-type", DeviceType.CPU),
                optional(root, "flavor"),
                optional(root, "pool"),
                root.has("priority") ? number(root, "priority") : 1),
            constant(ProcessLayout.class, root, "layout"),
            constant(TrainingMode.class, root, "mode", TrainingMode.NORMAL),
            nodeSettings(root),
            new LogKeeping(
                optional(root, "log-url").map(StorageUri::parse),
                constant(
                    LogKeeping.Retention.class,
                    root,
                    "log-retention",
                    LogKeeping.Retention.WITH_RUN)),
            notifications,
            root.has("auto-stop-seconds")
                ? Optional.of(Duration.ofSeconds(number(root, "auto-stop-seconds")))
                : Optional.empty(),
            number(root, "retries"),
            texts(root.path("cloud-settings"))));
  }

  private static Algorithm algorithm(JsonNode root) {
    Optional<String> image = optional(root, "image");
    Optional<CodeLocation> code = optional(root, "code-dir").map(CodeLocation::parse);
    return optional(root, "user-command")
        .<Algorithm>map(command -> new Algorithm.UserCommand(command, code, image))
        .orElseGet(
            () ->
                new Algorithm.BootFile(
                    CodeLocation.parse(text(root, "code-dir")), text(root, "boot-file"), image));
  }

  private static NodeSettings nodeSettings(JsonNode root) {
    List<Mount> mounts = new ArrayList<>();
    for (JsonNode node : root.path("mounts")) {
      mounts.add(
          new Mount(
              text(node, "source"),
              text(node, "path"),
              constant(Mount.Access.class, node, "access")));
    }
    return new NodeSettings(
        optional(root, "local-code-dir"),
        optional(root, "working-dir"),
        root.has("uid") ? OptionalInt.of(number(root, "uid")) : OptionalInt.empty(),
        mounts);
  }

  private static Notification notification(JsonNode node) {
    List<NotificationEvent> events = new ArrayList<>();
    for (JsonNode event : node.path("on")) {
      events.add(constant(NotificationEvent.class, event.asText(), "on"));
    }
    return Notification.of(URI.create(text(node, "url")), events);
  }

  private static Hyperparameter parameter(JsonNode node) {
    Optional<HyperparameterConstraint> constraint = Optional.empty();
    if (node.has("range")) {
      constraint =
          Optional.of(
              new Range(
                  new BigDecimal(node.path("range").path(0).asText()),
                  new BigDecimal(node.path("range").path(1).asText())));
    } else if (node.has("choice")) {
      List<String> values = new ArrayList<>();
      node.path("choice").forEach(value -> values.add(value.asText()));
      constraint = Optional.of(new Choice(values));
    }
    return new Hyperparameter(
        text(node, "name"),
        constant(HyperparameterType.class, node, "type", HyperparameterType.STRING),
        optional(node, "value"),
        constraint,
        constant(
            Hyperparameter.Presence.class, node, "presence", Hyperparameter.Presence.OPTIONAL));
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      texts.put(each.getKey(), each.getValue().asText());
    }
    return texts;
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Cannot read a training job: " + e.getOriginalMessage() + ". Submit it again.", e);
    }
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isValueNode()) {
      throw new DatasetException(
          "Cannot read a training job: its field '%s' is missing. Submit it again."
              .formatted(name));
    }
    return value;
  }

  private static String text(JsonNode node, String name) {
    return field(node, name).asText();
  }

  private static int number(JsonNode node, String name) {
    JsonNode value = field(node, name);
    if (!value.isInt()) {
      throw new DatasetException(
          "Cannot read a training job: its field '%s' is '%s' (expected a whole number)."
              .formatted(name, value.asText()));
    }
    return value.intValue();
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<String> optional(JsonNode node, String name) {
    return node.has(name) ? Optional.of(text(node, name)) : Optional.empty();
  }

  private static <E extends Enum<E>> E constant(Class<E> type, JsonNode node, String name) {
    return constant(type, text(node, name), name);
  }

  private static <E extends Enum<E>> E constant(
      Class<E> type, JsonNode node, String name, E otherwise) {
    return node.has(name) ? constant(type, node, name) : otherwise;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text, String name) {
    for (E constant : type.getEnumConstants()) {
      if (lowerCase(constant).equals(text)) {
        return constant;
      }
    }
    throw new DatasetException(
        "Cannot read a training job: its field '%s' is '%s', which is unknown."
            .formatted(name, text));
  }
}
