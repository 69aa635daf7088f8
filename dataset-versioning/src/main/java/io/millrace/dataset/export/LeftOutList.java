package io.millrace.dataset.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.Sample;
import java.io.IOException;

/**
 * The list of samples that are not in an export, beside its report: a JSON object a line, with id,
 * source, reason and message. There is none where nothing was left out.
 */
public final class LeftOutList {
  /** Hidden, so that no reader takes it for a sample. */
  public static final String PATH = ".millrace-left-out.jsonl";

  private LeftOutList() {}

  /** Adds a sample. */
  public static void add(ExportOutput output, Sample sample, LeftOutReason reason, String message)
      throws IOException {
    output.line(
        PATH,
        JsonNodeFactory.instance
            .objectNode()
            .put("id", sample.id().value())
            .put("source", sample.source().toString())
            .put("reason", reason.code())
            .put("message", message)
            .toString());
  }
}
