package io.millrace.inference;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a task was started with. It is kept beside the results, so that a task is never continued
 * with another model or other inputs: half of the answers would be of another kind.
 *
 * @param model digest of the model and its description
 * @param input {@link InputList#identity()}
 */
public record TaskRecord(Digest model, String input) {
  private static final JsonMapper MAPPER = new JsonMapper();

  public TaskRecord {
    requireNonNull(model, "model is null");
    requireNonNull(input, "input is null");
  }

  /**
   * Leaves this record where there is none yet; also proves that the output can be written.
   *
   * @throws DatasetException if the task was started with something else
   * @throws IOException if the output cannot be written
   */
  public void claim(ObjectStore store, BatchOutput output) throws IOException {
    String earlier;
    try (InputStream stream = store.open(output.record())) {
      earlier = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      try (OutputStream stream = store.create(output.record())) {
        stream.write(toJson().getBytes(StandardCharsets.UTF_8));
      }
      return;
    }
    checkSame(earlier, output.taskId());
  }

  private void checkSame(String earlierJson, TaskId task) {
    JsonNode earlier;
    try {
      earlier = MAPPER.readTree(earlierJson);
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Cannot continue task %s: its record is damaged. Use another task id.".formatted(task),
          e);
    }
    checkSame(task, "model", earlier.path("model").asText(), model.hex());
    checkSame(task, "input", earlier.path("input").asText(), input);
  }

  private static void checkSame(TaskId task, String what, String earlier, String now) {
    if (!earlier.equals(now)) {
      throw new DatasetException(
          "Cannot continue task %s: its %s was %s and is now %s. Use another task id, or none."
              .formatted(task, what, earlier, now));
    }
  }

  private String toJson() {
    return MAPPER.createObjectNode().put("model", model.hex()).put("input", input).toString();
  }
}
