package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.StorageUri;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of a task.
 *
 * @param inputs lines of the result manifest
 * @param failures failed inputs a {@link FailureReason}
 * @param reused successful inputs whose answers an earlier run had left
 * @param ignored files of the input directory that are no images
 * @param large images over {@link #RECOMMENDED_IMAGE_BYTES}
 * @param scoring from the start of the Spark job to its end
 * @param times busy time of all threads
 * @param manifests the result manifest and its sequels
 * @param table the directory of the Parquet table
 * @param evaluation empty where no input carried labels
 */
public record BatchReport(
    TaskId taskId,
    Verdict verdict,
    long inputs,
    long successful,
    long failed,
    SortedMap<FailureReason, Long> failures,
    long reused,
    long ignored,
    long large,
    Duration scoring,
    StageTimes.Totals times,
    StorageUri answers,
    List<StorageUri> manifests,
    StorageUri table,
    Optional<Evaluation> evaluation) {

  /** The size of an image that ModelArts' guide recommends to stay under. */
  public static final long RECOMMENDED_IMAGE_BYTES = 12L * 1024 * 1024;

  private static final JsonMapper MAPPER = new JsonMapper();

  /** Whether the task counts as done. */
  public enum Verdict {
    SUCCEEDED,
    /** Every input was tried, but more failed than {@link BatchConfig#maxFailures()} allows. */
    TOO_MANY_FAILURES
  }

  public BatchReport {
    requireNonNull(taskId, "taskId is null");
    requireNonNull(verdict, "verdict is null");
    requireNonNull(scoring, "scoring is null");
    requireNonNull(times, "times is null");
    requireNonNull(answers, "answers is null");
    requireNonNull(table, "table is null");
    requireNonNull(evaluation, "evaluation is null");
    checkArgument(
        inputs == successful + failed,
        "Invalid report: %s inputs but %s successful and %s failed",
        inputs,
        successful,
        failed);
    checkArgument(
        reused >= 0 && reused <= successful,
        "Invalid report: %s of %s answers reused",
        reused,
        successful);
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    checkArgument(
        failures.values().stream().mapToLong(Long::longValue).sum() == failed,
        "Invalid report: %s failed inputs but reasons for %s",
        failed,
        failures);
    manifests = List.copyOf(manifests);
  }

  /** Images that this run scored in a second of {@link #scoring()}; 0 where there were none. */
  public double imagesPerSecond() {
    double seconds = scoring.toNanos() / 1e9;
    return seconds > 0 ? (successful - reused) / seconds : 0;
  }

  /** All figures as one JSON object. */
  public String toJson() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("task_id", taskId.value());
    root.put("verdict", verdict.name());
    root.put("inputs", inputs);
    root.put("successful", successful);
    root.put("failed", failed);
    ObjectNode reasons = root.putObject("failures");
    failures.forEach((reason, count) -> reasons.put(reason.name(), count));
    root.put("reused", reused);
    root.put("ignored", ignored);
    root.put("large", large);
    root.put("seconds", scoring.toMillis() / 1000.0);
    root.put("images_per_second", Math.round(imagesPerSecond() * 10) / 10.0);
    times.addTo(root.putObject("time_share"));
    root.put("answers", answers.value());
    ArrayNode files = root.putArray("manifests");
    manifests.forEach(file -> files.add(file.value()));
    root.put("table", table.value());
    evaluation.ifPresent(figures -> figures.addTo(root.putObject("evaluation")));
    return root.toString();
  }

  /** The figures a person wants to see, in a line (evaluation: a second one). */
  public String toLine() {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Scored %,d inputs: %,d successful%s, %,d failed%s in %.1f s (%.1f images/s; model"
                    + " %.0f%%, decode %.0f%%, I/O %.0f%%)",
                inputs,
                successful,
                reused == 0 ? "" : String.format(Locale.ROOT, " (%,d from before)", reused),
                failed,
                reasons(),
                scoring.toMillis() / 1000.0,
                imagesPerSecond(),
                100 * times.modelShare(),
                100 * times.decodeShare(),
                100 * times.storageShare()));
    evaluation.ifPresent(figures -> line.append('\n').append(figures.toLine()));
    return line.toString();
  }

  private String reasons() {
    return failures.isEmpty()
        ? ""
        : failures.entrySet().stream()
            .map((Map.Entry<FailureReason, Long> entry) -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
