package io.millrace.training.gang;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.training.Rank;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What torchrun or msrun tells of a process that it had started and that failed, a line of JSON;
 * {@code started_ranks.py} writes it.
 *
 * @param at when the process ended, in seconds of its node's clock
 */
record ToolReport(double at, RankEnd end) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads the line.
   *
   * @param tool the place of the tool
   * @param asked whether the launcher had told the tool to end before
   * @throws IOException if it is none
   */
  static ToolReport parse(String text, Rank tool, RankEnd.Asked asked) throws IOException {
    JsonNode told = JSON.readTree(text);
    for (String name : List.of("local", "of", "code", "told", "at", "lines")) {
      if (!told.has(name)) {
        throw new IOException(
            "Not a report of a process, as it has no %s: %s".formatted(name, text));
      }
    }
    int code = told.get("code").asInt();
    List<String> lines = new ArrayList<>();
    told.get("lines").forEach(line -> lines.add(line.asText()));
    boolean byItself = asked == RankEnd.Asked.NO && !told.get("told").asBoolean();
    return new ToolReport(
        told.get("at").asDouble(),
        new RankEnd(
            tool.startedHere(told.get("local").asInt(), told.get("of").asInt()),
            code < 0 ? new RankEnd.Signalled(-code) : new RankEnd.Exited(code),
            byItself ? RankEnd.Asked.NO : RankEnd.Asked.YES,
            lines));
  }
}
