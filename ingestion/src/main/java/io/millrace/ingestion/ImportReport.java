package io.millrace.ingestion;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.StorageUri;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an import did with every one of its inputs.
 *
 * @param seen inputs, each of which was imported, updated, unchanged or rejected; an input that was
 *     merged into another is not counted here
 * @param imported samples the dataset did not have before
 * @param updated samples it had with another content, label or property
 * @param unchanged samples it had just so
 * @param rejections how many inputs were refused for each reason; no zeros
 * @param kind what the samples are
 * @param recognition what the format was recognised by; empty text where it was named
 * @param merged inputs that had the id of another one and were merged into it
 * @param missing samples that the same source brought before and whose object is gone: how many
 *     were marked or removed now
 * @param missingPolicy whether they were marked or removed
 * @param notes how often each thing worth telling was met; no zeros
 * @param labels distinct labels of the samples that were not rejected
 */
public record ImportReport(
    ImportId importId,
    DatasetName dataset,
    DatasetKind kind,
    StorageUri source,
    ImportFormat format,
    String recognition,
    long seen,
    long imported,
    long updated,
    long unchanged,
    Map<RejectReason, Long> rejections,
    long merged,
    long missing,
    MissingPolicy missingPolicy,
    Map<Note, Long> notes,
    long labels,
    Duration elapsed) {

  public ImportReport {
    requireNonNull(importId, "importId is null");
    requireNonNull(dataset, "dataset is null");
    requireNonNull(source, "source is null");
    requireNonNull(format, "format is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(recognition, "recognition is null");
    requireNonNull(missingPolicy, "missingPolicy is null");
    requireNonNull(elapsed, "elapsed is null");
    rejections = copyOf(rejections, RejectReason.class);
    notes = copyOf(notes, Note.class);
    long rejected = RejectCounts.total(rejections);
    if (seen != imported + updated + unchanged + rejected) {
      throw new IllegalStateException(
          "%s inputs were seen, but %s imported, %s updated, %s unchanged and %s rejected"
              .formatted(seen, imported, updated, unchanged, rejected));
    }
  }

  /** Inputs that were refused, for whatever reason. */
  public long rejected() {
    return RejectCounts.total(rejections);
  }

  /**
   * The one line that ends an import, such as {@code imported 998, updated 0, unchanged 0, rejected
   * 2 (1 truncated-image, 1 box-outside-image), 5 labels, 12.4 s, 80 img/s}. Reasons come by
   * falling count; the rate counts all inputs.
   */
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "imported %d, updated %d, unchanged %d, rejected %d%s, %d %s, %.1f s, %s %s/s",
        imported,
        updated,
        unchanged,
        rejected(),
        RejectCounts.summary(rejections),
        labels,
        labels == 1 ? "label" : "labels",
        seconds(),
        rate(),
        kind == DatasetKind.IMAGE ? "img" : "samples");
  }

  /** The {@link #toLine() line}, and one more for merged inputs and for each kind of note. */
  public String toText() {
    StringBuilder text = new StringBuilder(toLine());
    if (!recognition.isEmpty()) {
      text.append("\n  ").append(recognition);
    }
    if (missing > 0) {
      text.append("\n  ")
          .append(missing)
          .append(
              switch (missingPolicy) {
                case KEEP -> " samples whose source is gone marked as missing";
                case REMOVE -> " samples whose source is gone removed";
              });
    }
    if (merged > 0) {
      text.append("\n  merged ").append(merged).append(" inputs with the id of another");
    }
    notes.forEach(
        (note, count) -> text.append("\n  ").append(count).append(' ').append(note.text()));
    return text.toString();
  }

  /** One JSON object; the keys are the components' names in snake case. */
  public String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("import_id", importId.value());
    json.put("dataset", dataset.value());
    json.put("kind", kind.name());
    json.put("source", source.toString());
    json.put("format", format.toString());
    json.put("recognition", recognition.isEmpty() ? null : recognition);
    json.put("seen", seen);
    json.put("imported", imported);
    json.put("updated", updated);
    json.put("unchanged", unchanged);
    json.put("rejected", rejected());
    ObjectNode reasons = json.putObject("rejections");
    rejections.forEach((reason, count) -> reasons.put(reason.code(), count));
    json.put("merged", merged);
    json.put("missing", missing);
    json.put("missing_policy", missingPolicy.name().toLowerCase(Locale.ROOT));
    ObjectNode noted = json.putObject("notes");
    notes.forEach((note, count) -> noted.put(note.code(), count));
    json.put("labels", labels);
    json.put("seconds", Math.round(seconds() * 1000) / 1000.0);
    return json.toString();
  }

  private double seconds() {
    return elapsed.toMillis() / 1000.0;
  }

  /** Inputs a second, rounded down; slow imports get a decimal so that they do not read 0. */
  private String rate() {
    double rate = seen / Math.max(seconds(), 0.001);
    return rate < 10
        ? String.format(Locale.ROOT, "%.1f", rate)
        : Long.toString((long) Math.floor(rate));
  }

  private static <K extends Enum<K>> Map<K, Long> copyOf(Map<K, Long> counts, Class<K> type) {
    EnumMap<K, Long> copy = new EnumMap<>(type);
    counts.forEach(
        (key, count) -> {
          if (count != 0) {
            copy.put(key, count);
          }
        });
    return Collections.unmodifiableMap(copy);
  }
}
