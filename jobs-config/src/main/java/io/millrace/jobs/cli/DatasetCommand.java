package io.millrace.jobs.cli;

import static io.millrace.dataset.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.ImportRecord;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Reject;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.delta.ImportLog;
import io.millrace.dataset.delta.RejectTable;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.ImportReport;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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
          "Import a directory, a manifest or another file; every input is taken or refused with a"
              + " reason.")
  int importSource(
      @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.") DatasetName name,
      @Parameters(index = "1", paramLabel = "SOURCE", description = "A directory or a file.")
          StorageUri source,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              defaultValue = "auto",
              description =
                  "How the source is laid out: ${COMPLETION-CANDIDATES} (default: auto, which"
                      + " says what it recognised).")
          ImportFormat format,
      @Mixin ImportOptions options,
      @Mixin SparkOptions spark) {
    ImportConfig config = options.config(millrace.options.catalog().find(name), source, format);
    Console console = millrace.options.console(spec);
    try (SparkEngine engine = spark.start()) {
      ImportReport report = imported(engine, config, options);
      console.line(report.toText());
      console.json(report.toJson());
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "sync",
      description = {
        "Import every source of a dataset again: what is new is added, what changed is updated,"
            + " what is gone is marked or removed."
      })
  int sync(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName name,
      @Mixin ImportOptions options,
      @Mixin SparkOptions spark) {
    DatasetLayout layout = millrace.options.catalog().find(name);
    List<ImportConfig> sources =
        ImportLog.of(layout).read().stream()
            .map(before -> Map.entry(before.source(), ImportFormat.parse(before.format())))
            .distinct()
            .map(source -> options.config(layout, source.getKey(), source.getValue()))
            .toList();
    Console console = millrace.options.console(spec);
    ArrayNode reports = JsonNodeFactory.instance.arrayNode();
    if (sources.isEmpty()) {
      console.line(
          "Nothing was imported into %s yet. Begin with: millrace dataset import %s SOURCE"
              .formatted(name, name));
    } else {
      try (SparkEngine engine = spark.start()) {
        for (ImportConfig config : sources) {
          ImportReport report = imported(engine, config, options);
          console.line("%s (%s)".formatted(config.source(), config.format()));
          console.line("  " + report.toText().replace("\n", "\n  "));
          reports.addRawValue(new RawValue(report.toJson()));
        }
      }
    }
    console.json(reports);
    return ExitCode.DONE;
  }

  @Command(
      name = "imports",
      description = "List the imports that changed a dataset. Starts no engine.")
  int imports(@Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName name) {
    List<ImportRecord> imports = ImportLog.of(millrace.options.catalog().find(name)).read();
    Console console = millrace.options.console(spec);
    if (imports.isEmpty()) {
      console.line("Nothing was imported into %s yet.".formatted(name));
    } else {
      console.table(
          List.of("IMPORT", "STARTED", "FORMAT", "SOURCE"),
          imports.stream()
              .map(
                  record ->
                      List.of(
                          record.id().value(),
                          Console.time(record.startedAt()),
                          record.format(),
                          record.source().toString()))
              .toList());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (ImportRecord record : imports) {
      json.addObject()
          .put("import_id", record.id().value())
          .put("source", record.source().toString())
          .put("format", record.format())
          .put("started_at", record.startedAt().toString())
          .putRawValue("settings", new RawValue(record.settings()));
    }
    console.json(json);
    return ExitCode.DONE;
  }

  @Command(
      name = "rejects",
      description = "List what imports refused, and why, latest first. Starts no engine.")
  int rejects(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName name,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "List at most so many (default: 100).")
          int limit) {
    checkArgument(limit >= 1, "Invalid limit: %s (expected at least 1)", limit);
    RejectTable table = RejectTable.of(millrace.options.catalog().find(name));
    List<Reject> rejects = table.latest(limit);
    Console console = millrace.options.console(spec);
    if (rejects.isEmpty()) {
      console.line("No import refused anything.");
    } else {
      console.table(
          List.of("REJECTED", "REASON", "SOURCE", "MESSAGE"),
          rejects.stream()
              .map(
                  reject ->
                      List.of(
                          Console.time(reject.rejectedAt()),
                          reject.reasonCode(),
                          reject.source(),
                          reject.message()))
              .toList());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Reject reject : rejects) {
      json.addObject()
          .put("import_id", reject.importId().value())
          .put("source", reject.source())
          .put("reason", reject.reasonCode())
          .put("message", reject.message())
          .put("rejected_at", reject.rejectedAt().toString());
    }
    console.json(json);
    return ExitCode.DONE;
  }

  private ImportReport imported(SparkEngine engine, ImportConfig config, ImportOptions options) {
    try (ImportProgressDisplay progress = options.progress(spec)) {
      return DatasetJobs.importInto(engine, config, progress);
    }
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
