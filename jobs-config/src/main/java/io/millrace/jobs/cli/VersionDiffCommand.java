package io.millrace.jobs.cli;

import static io.millrace.dataset.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.delta.VersionIndexes;
import io.millrace.dataset.delta.spark.DiffJob;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DiffCounts;
import io.millrace.dataset.versioning.DiffFormat;
import io.millrace.dataset.versioning.SampleDifference;
import io.millrace.dataset.versioning.VersionDiff;
import io.millrace.jobs.spark.SparkEngine;
import io.millrace.jobs.spark.StateJobs;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace version diff}. */
@Command(
    name = "diff",
    description =
        "Compare two versions, or a version and what a branch has now. Counts of versions start no"
            + " engine.")
final class VersionDiffCommand implements Callable<Integer> {
  @ParentCommand VersionCommand version;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  DatasetName dataset;

  @Parameters(
      index = "1",
      paramLabel = "FROM",
      description =
          "The earlier: a version, tag, branch or time; working:BRANCH for what a branch has now.")
  String from;

  @Parameters(index = "2", paramLabel = "TO", description = "The later, in the same words.")
  String to;

  @Option(names = "--rows", description = "Lists the samples that differ, and how (starts Spark).")
  boolean rows;

  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      description =
          "With --rows: only samples that this selects by what they are in TO, or were in FROM.")
  SampleFilter where;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --rows: print at most so many (default: 100).")
  Integer limit;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "With --rows: write all of them to a new directory instead of printing some.")
  StorageUri output;

  @Option(
      names = "--output-as",
      paramLabel = "FORMAT",
      description = "With --output: ${COMPLETION-CANDIDATES} (default: PARQUET).")
  DiffFormat outputFormat;

  @Mixin SparkOptions spark;

  @Override
  public Integer call() {
    checkOptions();
    StateRef before = StateRef.of(dataset, from);
    StateRef after = StateRef.of(dataset, to);
    DatasetCatalog catalog = version.millrace.options.catalog();
    if (!rows
        && before instanceof StateRef.Published earlier
        && after instanceof StateRef.Published later) {
      DatasetHistory history = catalog.history(dataset);
      print(
          VersionIndexes.diff(
              catalog.find(dataset), history.resolve(earlier.ref()), history.resolve(later.ref())));
      return ExitCode.DONE;
    }
    check(catalog, before);
    check(catalog, after);
    try (SparkEngine engine = spark.start()) {
      SampleFilter selection = where == null ? SampleFilter.ALL : where;
      DiffJob job = StateJobs.diff(engine, catalog, before, after, selection);
      if (output != null) {
        write(job);
      } else {
        print(before, after, job);
      }
    }
    return ExitCode.DONE;
  }

  private void checkOptions() {
    checkArgument(
        rows || (where == null && limit == null && output == null),
        "Cannot compare with --where, --limit or --output alone: they are about samples. Add --rows.");
    if (outputFormat != null && output == null) {
      throw new DatasetException(
          "Cannot compare with --output-as alone: it says how files are written. Add --output DIR.");
    }
    checkArgument(limit == null || limit >= 1, "Invalid limit: %s (expected at least 1)", limit);
  }

  /** Before the engine is started. */
  private void check(DatasetCatalog catalog, StateRef state) {
    if (state instanceof StateRef.Working working) {
      catalog.find(dataset, working.branch());
    } else {
      catalog.history(dataset).resolve(((StateRef.Published) state).ref());
    }
  }

  private void print(VersionDiff diff) {
    Console console = version.millrace.options.console(spec);
    console.line(
        "%s@%s (%d samples) to %s@%s (%d samples)"
            .formatted(
                dataset,
                diff.from().name(),
                diff.from().samples(),
                dataset,
                diff.to().name(),
                diff.to().samples()));
    console.line(DiffText.counts(diff.counts()));
    if (!diff.parts().isEmpty()) {
      console.line("");
      console.table(List.of("PART", "BEFORE", "AFTER", ""), DiffText.rows(diff.parts()));
    }
    if (!diff.labels().isEmpty()) {
      console.line("");
      console.table(List.of("LABEL", "BEFORE", "AFTER", ""), DiffText.rows(diff.labels()));
    }
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("dataset", dataset.value())
            .put("from", diff.from().name().value())
            .put("to", diff.to().name().value());
    json.set("samples", DiffText.json(diff.counts()));
    json.set("parts", DiffText.json(diff.parts()));
    json.set("labels", DiffText.json(diff.labels()));
    console.json(json);
  }

  private void print(StateRef before, StateRef after, DiffJob job) {
    Console console = version.millrace.options.console(spec);
    DiffCounts counts = job.counts();
    console.line("%s to %s".formatted(before, after));
    console.line(DiffText.counts(counts));
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("dataset", dataset.value())
            .put("from", from)
            .put("to", to);
    json.set("samples", DiffText.json(counts));
    if (rows) {
      List<SampleDifference> differences = job.first(Optional.ofNullable(limit).orElse(100));
      if (!differences.isEmpty()) {
        console.line("");
        console.table(
            List.of("CHANGE", "ID", "SOURCE", "LABELS", "PART", "FIELDS"),
            differences.stream().map(DiffText::cells).toList());
      }
      ArrayNode listed = json.putArray("rows");
      differences.forEach(difference -> listed.add(DiffText.json(difference)));
    }
    console.json(json);
  }

  private void write(DiffJob job) {
    job.write(output, outputFormat == null ? DiffFormat.PARQUET : outputFormat);
    Console console = version.millrace.options.console(spec);
    console.line("Wrote the samples that differ to %s".formatted(output));
    console.json(
        JsonNodeFactory.instance
            .objectNode()
            .put("dataset", dataset.value())
            .put("from", from)
            .put("to", to)
            .put("output", output.value()));
  }
}
