package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.ingestion.BoxPolicy;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportReport;
import io.millrace.ingestion.OnError;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The command {@code millrace dataset}. */
@Command(name = "dataset", description = "Create, fill and look at datasets.")
final class DatasetCommand extends CommandGroup {
  @ParentCommand MillraceCommand millrace;

  @Command(name = "create", description = "Make an empty dataset.")
  int create(
      @Parameters(paramLabel = "NAME", description = "1 to 64 of A-Z, a-z, 0-9, _ and -.")
          DatasetName name,
      @Option(
              names = "--type",
              required = true,
              paramLabel = "TYPE",
              description = "What is annotated: ${COMPLETION-CANDIDATES}.")
          LabelTaskType type,
      @Option(
              names = "--description",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "At most 256 characters.")
          String description) {
    DatasetLayout layout =
        millrace.options.catalog().create(name, type, description, Clock.systemUTC());
    Console console = millrace.options.console(spec);
    console.line("Created dataset %s in %s".formatted(name, layout.root()));
    console.json(
        JsonNodeFactory.instance
            .objectNode()
            .put("name", name.value())
            .put("type", type.name())
            .put("location", layout.root().value()));
    return ExitCode.DONE;
  }

  @Command(
      name = "import",
      description =
          "Import a directory or a manifest; every input is taken or refused with a reason.")
  int importSource(
      @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.") DatasetName name,
      @Parameters(index = "1", paramLabel = "SOURCE", description = "A directory or a manifest.")
          StorageUri source,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              required = true,
              description = "How the source is laid out: ${COMPLETION-CANDIDATES}.")
          ImportFormat format,
      @Option(
              names = "--on-error",
              paramLabel = "WHAT",
              defaultValue = "skip",
              description = "skip a bad input, or fail at the first (default: skip).")
          OnError onError,
      @Option(
              names = "--max-rejects",
              paramLabel = "N|P%",
              description = "Give up, and change nothing, at more rejects than that.")
          FailureLimit maxRejects,
      @Option(
              names = "--boxes-outside",
              paramLabel = "WHAT",
              defaultValue = "reject",
              description =
                  "Of an image with an object outside it: reject the image, clip the object, or"
                      + " keep it (default: reject).")
          BoxPolicy boxPolicy,
      @Mixin SparkOptions spark) {
    ImportConfig config =
        ImportConfig.of(millrace.options.catalog().find(name), source, format)
            .withOnError(onError)
            .withMaxRejects(maxRejects == null ? FailureLimit.UNLIMITED : maxRejects)
            .withBoxPolicy(boxPolicy);
    try (SparkEngine engine = spark.start()) {
      ImportReport report = DatasetJobs.importInto(engine, config);
      Console console = millrace.options.console(spec);
      console.line(report.toText());
      console.json(report.toJson());
    }
    return ExitCode.DONE;
  }

  @Command(name = "list", description = "List the datasets. Starts no engine.")
  int list() {
    List<DatasetSummary> datasets = millrace.options.catalog().list();
    Console console = millrace.options.console(spec);
    if (datasets.isEmpty()) {
      console.line(
          "No datasets in %s. Make one with: millrace dataset create NAME --type TYPE"
              .formatted(millrace.options.datasets));
    } else {
      console.table(
          List.of("NAME", "TYPE", "SAMPLES", "VERSIONS", "CURRENT", "CREATED"),
          datasets.stream()
              .map(
                  dataset ->
                      List.of(
                          dataset.info().name().value(),
                          dataset.info().taskType().name(),
                          Long.toString(dataset.samples()),
                          Integer.toString(dataset.versions().size()),
                          dataset.current().map(VersionName::value).orElse("-"),
                          Console.time(dataset.info().createdAt())))
              .toList());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    datasets.forEach(dataset -> json.add(toJson(dataset)));
    console.json(json);
    return ExitCode.DONE;
  }

  @Command(name = "show", description = "Show a dataset and its versions. Starts no engine.")
  int show(@Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName name) {
    DatasetSummary dataset = millrace.options.catalog().show(name);
    Console console = millrace.options.console(spec);
    console.line("name         " + dataset.info().name());
    console.line("type         " + dataset.info().taskType());
    if (!dataset.info().description().isEmpty()) {
      console.line("description  " + dataset.info().description());
    }
    console.line("location     " + dataset.layout().root());
    console.line("created      " + Console.time(dataset.info().createdAt()));
    console.line("samples      " + dataset.samples());
    console.line("rejects      " + dataset.rejects());
    if (dataset.versions().isEmpty()) {
      console.line("versions     none; publish one with: millrace version publish " + name);
    } else {
      console.line("");
      VersionCommand.print(console, dataset.versions(), dataset.current());
    }
    console.json(toJson(dataset));
    return ExitCode.DONE;
  }

  private static ObjectNode toJson(DatasetSummary dataset) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", dataset.info().name().value())
            .put("id", dataset.info().id())
            .put("type", dataset.info().taskType().name())
            .put("description", dataset.info().description())
            .put("created_at", dataset.info().createdAt().toString())
            .put("location", dataset.layout().root().value())
            .put("samples", dataset.samples())
            .put("rejects", dataset.rejects())
            .put("current", dataset.current().map(VersionName::value).orElse(null));
    ArrayNode versions = json.putArray("versions");
    for (DatasetVersion version : dataset.versions()) {
      versions.add(VersionCommand.toJson(version));
    }
    return json;
  }
}
