package io.millrace.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    root.put("code-dir", job.codeDirectory().toString());
    root.put("boot-file", job.bootFile());
    for (TrainingInput input : job.inputs()) {
      ObjectNode node = root.withArray("inputs").addObject();
      node.put("name", input.name());
      node.put("location", input.location().value());
      node.put("access", lowerCase(input.access()));
      input.version().ifPresent(version -> node.put("dataset", version.toString()));
    }
    for (TrainingOutput output : job.outputs()) {
      ObjectNode node = root.withArray("outputs").addObject();
      node.put("name", output.name());
      node.put("location", output.location().value());
      node.put("preparation", lowerCase(output.preparation()));
    }
    for (Hyperparameter parameter : job.parameters()) {
      ObjectNode node = root.withArray("parameters").addObject();
      node.put("name", parameter.name());
      node.put("value", parameter.value());
    }
    ObjectNode environment = root.putObject("environment");
    job.environment().forEach(environment::put);
    root.put("nodes", job.nodes());
    root.put("devices-per-node", job.devicesPerNode());
    root.put("layout", lowerCase(job.layout()));
    root.put("retries", job.retries());
    return root.toPrettyString() + "\n";
  }

  /**
   * Reads a run back.
   *
   * @throws DatasetException naming the field that is missing or wrong
   */
  public static TrainingRun decode(String text) {
    JsonNode root = parse(text);
    List<TrainingInput> inputs = new ArrayList<>();
    for (JsonNode node : root.path("inputs")) {
      Optional<DatasetRef> version =
          Optional.ofNullable(node.get("dataset")).map(JsonNode::asText).map(DatasetRef::parse);
      inputs.add(
          new TrainingInput(
              text(node, "name"),
              StorageUri.parse(text(node, "location")),
              constant(InputAccess.class, node, "access"),
              version));
    }
    List<TrainingOutput> outputs = new ArrayList<>();
    for (JsonNode node : root.path("outputs")) {
      outputs.add(
          new TrainingOutput(
              text(node, "name"),
              StorageUri.parse(text(node, "location")),
              constant(OutputPreparation.class, node, "preparation")));
    }
    List<Hyperparameter> parameters = new ArrayList<>();
    for (JsonNode node : root.path("parameters")) {
      parameters.add(new Hyperparameter(text(node, "name"), text(node, "value")));
    }
    Map<String, String> environment = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> variable : root.path("environment").properties()) {
      environment.put(variable.getKey(), variable.getValue().asText());
    }
    return new TrainingRun(
        new RunId(text(root, "id")),
        new TrainingJob(
            text(root, "name"),
            text(root, "description"),
            Path.of(text(root, "code-dir")),
            text(root, "boot-file"),
            inputs,
            outputs,
            parameters,
            environment,
            number(root, "nodes"),
            number(root, "devices-per-node"),
            constant(ProcessLayout.class, root, "layout"),
            number(root, "retries")));
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

  private static <E extends Enum<E>> E constant(Class<E> type, JsonNode node, String name) {
    String text = text(node, name);
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
