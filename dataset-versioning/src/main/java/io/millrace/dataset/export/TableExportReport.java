package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.table.TableCsvWriter;
import io.millrace.dataset.table.TableSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What an export of a table dataset wrote.
 *
 * @param subject what was exported: {@code people@V001}, or {@code people} for the working state
 * @param counts of rows; of CSV also of guarded texts, and of values that an import of the files
 *     does not read back
 * @param files in the target, this report aside
 * @param bytes of these files
 */
public record TableExportReport(
    ExportId exportId,
    String subject,
    String format,
    StorageUri target,
    TableSchema columns,
    TableCsvWriter.Counts counts,
    long files,
    long bytes,
    Instant startedAt,
    Duration elapsed) {
  public TableExportReport {
    requireNonNull(exportId, "exportId is null");
    requireNonNull(subject, "subject is null");
    requireNonNull(format, "format is null");
    requireNonNull(target, "target is null");
    requireNonNull(columns, "columns is null");
    requireNonNull(counts, "counts is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(elapsed, "elapsed is null");
  }

  /** The one line that ends an export. */
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "exported %d rows, %d columns, %d %s, %d bytes, %.1f s",
        counts.rows(),
        columns.size(),
        files,
        files == 1 ? "file" : "files",
        bytes,
        elapsed.toMillis() / 1000.0);
  }

  /** The {@link #toLine() line}, one more for what differs in CSV, and for the target. */
  public String toText() {
    StringBuilder text = new StringBuilder(toLine());
    if (counts.guarded() > 0) {
      text.append(
          "\n  csv-safe: %d texts have a tab in front; --csv-safe takes it away when imported"
              .formatted(counts.guarded()));
    }
    if (counts.unreadable() > 0) {
      text.append(
          "\n  lost in csv, %d values: an import does not read them back"
              .formatted(counts.unreadable()));
    }
    return text.append("\n  columns ").append(columns).append("\n  in ").append(target).toString();
  }

  /** One JSON object; the keys are the components' names in snake case. */
  public String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("export_id", exportId.value());
    json.put("subject", subject);
    json.put("format", format);
    json.put("target", target.toString());
    json.put("started_at", startedAt.toString());
    json.put("columns", columns.toString());
    json.put("rows", counts.rows());
    json.put("guarded", counts.guarded());
    json.put("unreadable", counts.unreadable());
    json.put("files", files);
    json.put("bytes", bytes);
    json.put("seconds", elapsed.toMillis() / 1000.0);
    return json.toString();
  }
}
