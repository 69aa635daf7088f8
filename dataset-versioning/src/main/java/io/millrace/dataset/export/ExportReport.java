package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.StorageUri;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What an export did with every one of the selected samples.
 *
 * @param subject what was exported: {@code pets@V001}, or {@code pets} for the working state
 * @param selection the selection by its canonical text
 * @param tally of the samples, each of which is exported or left out
 * @param files in the target, this report aside
 * @param bytes of these files
 */
public record ExportReport(
    ExportId exportId,
    String subject,
    String selection,
    String format,
    MediaMode media,
    StorageUri target,
    ExportTally tally,
    long files,
    long bytes,
    Instant startedAt,
    Duration elapsed) {
  public ExportReport {
    requireNonNull(exportId, "exportId is null");
    requireNonNull(subject, "subject is null");
    requireNonNull(selection, "selection is null");
    requireNonNull(format, "format is null");
    requireNonNull(media, "media is null");
    requireNonNull(target, "target is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(elapsed, "elapsed is null");
    long leftOut = total(tally.leftOut());
    if (tally.seen() != tally.exported() + leftOut) {
      throw new IllegalStateException(
          "%s samples were seen, but %s exported and %s left out"
              .formatted(tally.seen(), tally.exported(), leftOut));
    }
  }

  public long seen() {
    return tally.seen();
  }

  public long exported() {
    return tally.exported();
  }

  public long leftOut() {
    return total(tally.leftOut());
  }

  /** The one line that ends an export. */
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "exported %d of %d samples, left out %d%s, %d %s, %d bytes, %.1f s",
        exported(),
        seen(),
        leftOut(),
        leftOut() == 0 ? "" : " (" + tally.leftOutSummary() + ")",
        files,
        files == 1 ? "file" : "files",
        bytes,
        elapsed.toMillis() / 1000.0);
  }

  /** The {@link #toLine() line}, and one more for each loss and for the target. */
  public String toText() {
    StringBuilder text = new StringBuilder(toLine());
    tally
        .losses()
        .forEach(
            (loss, count) ->
                text.append("\n  lost in ").append(format).append(", ").append(loss.toText(count)));
    if (!tally.isLossless()) {
      text.append("\n  for example ").append(tally.example());
    }
    return text.append("\n  in ").append(target).toString();
  }

  /** One JSON object; the keys are the components' names in snake case. */
  public String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("export_id", exportId.value());
    json.put("subject", subject);
    json.put("selection", selection);
    json.put("format", format);
    json.put("media", media.toString());
    json.put("target", target.toString());
    json.put("started_at", startedAt.toString());
    json.put("seen", seen());
    json.put("exported", exported());
    ObjectNode parts = json.putObject("parts");
    tally.parts().forEach((part, count) -> parts.put(part.name(), count));
    ObjectNode leftOut = json.putObject("left_out");
    tally.leftOut().forEach((reason, count) -> leftOut.put(reason.code(), count));
    ObjectNode losses = json.putObject("losses");
    tally.losses().forEach((loss, count) -> losses.put(loss.code(), count));
    json.put("example", tally.isLossless() ? null : tally.example());
    json.put("files", files);
    json.put("bytes", bytes);
    json.put("seconds", elapsed.toMillis() / 1000.0);
    return json.toString();
  }

  private static long total(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
