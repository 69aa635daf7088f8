package io.millrace.inference;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.dataset.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * The result manifest: one line an input, in the byte form of ModelArts' guide, and its sequels
 * {@code _1}, {@code _2} ... where it outgrows its limit. The first file is written last: where it
 * is, the manifest is complete.
 */
public final class ResultManifest {
  private final ObjectStore store;
  private final BatchOutput output;
  private final long maxBytes;

  /**
   * @param maxBytes of a file; a single longer line has a file of its own
   */
  public ResultManifest(ObjectStore store, BatchOutput output, long maxBytes) {
    this.store = store;
    this.output = output;
    this.maxBytes = maxBytes;
  }

  /** The line of an outcome, without a line end. */
  public static String line(Outcome outcome) {
    StringBuilder line = new StringBuilder("{\"source\": ");
    appendText(line, outcome.source());
    if (outcome instanceof Outcome.Successful successful) {
      line.append(",\"result\":\"SUCCESSFUL\",\"inference-loc\": ");
      appendText(line, successful.location().value());
    } else if (outcome instanceof Outcome.Failed failed) {
      line.append(",\"result\":\"FAILED\",\"error_message\": ");
      appendText(line, failed.message());
    }
    return line.append('}').toString();
  }

  /**
   * Writes all lines, replacing what an earlier run wrote.
   *
   * @return the number of files, at least 1
   */
  public int write(Iterator<String> lines) throws IOException {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream current = first;
    int files = 1;
    while (lines.hasNext()) {
      byte[] line = (lines.next() + "\n").getBytes(StandardCharsets.UTF_8);
      if (current.size() > 0 && current.size() + line.length > maxBytes) {
        if (files > 1) {
          put(files - 1, current);
        }
        current = new ByteArrayOutputStream();
        files++;
      }
      current.writeBytes(line);
    }
    if (files > 1) {
      put(files - 1, current);
    }
    put(0, first);
    deleteSequelsFrom(files);
    return files;
  }

  private void put(int number, ByteArrayOutputStream content) throws IOException {
    try (OutputStream stream = store.create(output.manifest(number))) {
      content.writeTo(stream);
    }
  }

  private void deleteSequelsFrom(int number) throws IOException {
    for (int i = number; store.find(output.manifest(i)).isPresent(); i++) {
      store.delete(output.manifest(i));
    }
  }

  private static void appendText(StringBuilder line, String text) {
    line.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, line);
    line.append('"');
  }
}
