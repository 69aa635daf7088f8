package io.millrace.jobs.training;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.training.WholeFile;
import io.millrace.training.watch.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * By which back end a run was started, and with which of its options, so that it can be attached
 * to, removed there, and started again ({@code launch.json} in the run's directory).
 *
 * @param options the values of each, by its name without hyphens before it
 */
public record LaunchRecord(Backend backend, Map<String, List<String>> options) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public LaunchRecord {
    requireNonNull(backend, "backend is null");
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** Writes it into the directory of a run. */
  public void write(RunDirectory run) throws IOException {
    ObjectNode root = JSON.createObjectNode().put("backend", backend.word());
    ObjectNode all = root.putObject("options");
    options.forEach(
        (name, values) -> {
          ArrayNode array = all.putArray(name);
          values.forEach(array::add);
        });
    WholeFile.replace(run.launchFile(), root.toPrettyString() + "\n");
  }

  /**
   * Reads that of a run; empty for a run that was not started by a command.
   *
   * @throws DatasetException if the file is damaged
   */
  public static Optional<LaunchRecord> of(RunDirectory run) throws IOException {
    if (!Files.exists(run.launchFile())) {
      return Optional.empty();
    }
    JsonNode root = JSON.readTree(Files.readString(run.launchFile()));
    Map<String, List<String>> options = new TreeMap<>();
    root.path("options")
        .properties()
        .forEach(
            option -> {
              List<String> values = new ArrayList<>();
              option.getValue().forEach(value -> values.add(value.asText()));
              options.put(option.getKey(), List.copyOf(values));
            });
    return Optional.of(new LaunchRecord(Backend.parse(root.path("backend").asText()), options));
  }
}
