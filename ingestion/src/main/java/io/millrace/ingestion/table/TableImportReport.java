package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.ImportId;
import io.millrace.ingestion.RejectCounts;
import io.millrace.ingestion.RejectReason;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a table import did with every row.
 *
 * @param source a directory, a file, or a table of a database
 * @param sources files, or 1 for a table of a database
 * @param unchangedSources those of them that look as they did when they were imported last
 * @param otherFiles files of a directory that are of another kind, and were not read
 * @param seen rows; a file that is refused as a whole counts as one
 * @param imported rows that the dataset has now and were read by this import
 * @param unchanged rows that the dataset has of sources that did not change
 * @param replaced rows that the dataset had before of sources that changed; none of those seen
 * @param rejections rows and files that were refused, by reason; no zeros
 * @param columns the dataset's columns, and what of this import's rows is null in them
 */
public record TableImportReport(
    ImportId importId,
    DatasetName dataset,
    String source,
    long sources,
    long unchangedSources,
    long otherFiles,
    long seen,
    long imported,
    long unchanged,
    long replaced,
    Map<RejectReason, Long> rejections,
    List<ColumnTally> columns,
    Duration elapsed) {

  public TableImportReport {
    requireNonNull(importId, "importId is null");
    requireNonNull(dataset, "dataset is null");
    requireNonNull(source, "source is null");
    requireNonNull(elapsed, "elapsed is null");
    columns = List.copyOf(columns);
    EnumMap<RejectReason, Long> copy = new EnumMap<>(RejectReason.class);
    copy.putAll(rejections);
    copy.values().removeIf(count -> count == 0);
    rejections = Collections.unmodifiableMap(copy);
    long rejected = RejectCounts.total(rejections);
    if (seen != imported + unchanged + rejected) {
      throw new IllegalStateException(
          "%s rows were seen, but %s imported, %s unchanged and %s rejected"
              .formatted(seen, imported, unchanged, rejected));
    }
    for (ColumnTally column : columns) {
      if (column.empty() + column.unparsed() > imported) {
        throw new IllegalStateException(
            "%s rows were imported, but %s has more nulls".formatted(imported, column));
      }
    }
  }

  /** Rows and files that were refused, for whatever reason. */
  public long rejected() {
    return RejectCounts.total(rejections);
  }

  /**
   * The one line that ends an import, such as {@code imported 344 rows, replaced 0, unchanged 0,
   * rejected 2 (2 column-count), 8 columns, 1 file, 3.2 s, 107 rows/s}. The rate counts the rows
   * that were read.
   */
  public String toLine() {
    long read = imported + rejected();
    return String.format(
        Locale.ROOT,
        "imported %d rows, replaced %d, unchanged %d, rejected %d%s, %d %s, %d %s, %.1f s, %d rows/s",
        imported,
        replaced,
        unchanged,
        rejected(),
        RejectCounts.summary(rejections),
        columns.size(),
        columns.size() == 1 ? "column" : "columns",
        sources,
        sources == 1 ? "source" : "sources",
        seconds(),
        (long) Math.floor(read / Math.max(seconds(), 0.001)));
  }

  /** The {@link #toLine() line}, and one more for every column with nulls. */
  public String toText() {
    StringBuilder text = new StringBuilder(toLine());
    for (ColumnTally column : columns) {
      if (column.empty() + column.unparsed() > 0) {
        text.append(
            "\n  %s: %s empty, %s not a value of its type"
                .formatted(column.column(), column.empty(), column.unparsed()));
      }
    }
    if (unchangedSources > 0) {
      text.append("\n  %s of %s sources did not change".formatted(unchangedSources, sources));
    }
    if (otherFiles > 0) {
      text.append("\n  ").append(otherFiles).append(" other files ignored");
    }
    return text.toString();
  }

  /** One JSON object; the keys are the components' names in snake case. */
  public String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("import_id", importId.value());
    json.put("dataset", dataset.value());
    json.put("source", source);
    json.put("format", "table");
    json.put("sources", sources);
    json.put("unchanged_sources", unchangedSources);
    json.put("other_files", otherFiles);
    json.put("seen", seen);
    json.put("imported", imported);
    json.put("unchanged", unchanged);
    json.put("replaced", replaced);
    json.put("rejected", rejected());
    ObjectNode reasons = json.putObject("rejections");
    rejections.forEach((reason, count) -> reasons.put(reason.code(), count));
    ArrayNode list = json.putArray("columns");
    for (ColumnTally column : columns) {
      list.addObject()
          .put("name", column.column().name())
          .put("type", column.column().type().toString())
          .put("empty", column.empty())
          .put("unparsed", column.unparsed());
    }
    json.put("seconds", Math.round(seconds() * 1000) / 1000.0);
    return json.toString();
  }

  private double seconds() {
    return elapsed.toMillis() / 1000.0;
  }
}
