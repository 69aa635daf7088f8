package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.StorageUri;
import java.time.Duration;
import java.util.Locale;

/**
 * What an export as a new dataset did.
 *
 * @param subject what was exported: {@code pets@V001}, or {@code pets} for the working state
 * @param selection the selection by its canonical text
 * @param origin under which the new dataset has the samples on record
 * @param samples of the new dataset, each whole
 */
public record DatasetExportReport(
    String subject,
    String selection,
    DatasetName dataset,
    StorageUri location,
    ImportId origin,
    long samples,
    Duration elapsed) {
  public DatasetExportReport {
    requireNonNull(subject, "subject is null");
    requireNonNull(selection, "selection is null");
    requireNonNull(dataset, "dataset is null");
    requireNonNull(location, "location is null");
    requireNonNull(origin, "origin is null");
    requireNonNull(elapsed, "elapsed is null");
  }

  /** Two lines for people. */
  public String toText() {
    return String.format(
        Locale.ROOT,
        "exported %d samples of %s as dataset %s, %.1f s%n  in %s",
        samples,
        subject,
        dataset,
        elapsed.toMillis() / 1000.0,
        location);
  }

  /** One JSON object; the keys are the components' names in snake case. */
  public String toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("subject", subject)
        .put("selection", selection)
        .put("dataset", dataset.value())
        .put("location", location.toString())
        .put("origin", origin.value())
        .put("samples", samples)
        .put("seconds", elapsed.toMillis() / 1000.0)
        .toString();
  }
}
