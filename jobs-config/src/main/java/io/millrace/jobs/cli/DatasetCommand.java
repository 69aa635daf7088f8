package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.DatasetVersion;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The command {@code millrace dataset}. */
@Command(
    name = "dataset",
    description = "Create, fill and look at datasets.",
    subcommands = {
      DatasetImportCommand.class,
      DatasetSyncCommand.class,
      ExportCommands.OfDataset.class,
      DatasetImportsCommand.class,
      DatasetRejectsCommand.class,
      DatasetGcCommand.class,
      DatasetAuditCommand.class,
      DatasetMergeCommand.class,
      DatasetRollbackCommand.class
    })
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
          String description,
      @Option(
              names = "--schema",
              paramLabel = "COLUMNS",
              description =
                  "Of type TABLE: columns such as \"name:String, age:Int\" (default: those of the"
                      + " first import). Types: String, Short, Int, Long, Double, Float, Byte,"
                      + " Date, Timestamp, Boolean.")
          TableSchema schema) {
    DatasetLayout layout =
        schema == null
            ? millrace.options.catalog().create(name, type, description, Clock.systemUTC())
            : createTable(name, type, description, schema);
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

  private DatasetLayout createTable(
      DatasetName name, LabelTaskType type, String description, TableSchema schema) {
    if (type != LabelTaskType.TABLE) {
      throw new DatasetException(
          "Cannot create dataset %s of %s with --schema: only tables have columns. Leave it out, or create it with --type TABLE."
              .formatted(name, type));
    }
    return millrace.options.catalog().createTable(name, schema, description, Clock.systemUTC());
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
  int show(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName name,
      @Mixin BranchOption branch) {
    DatasetSummary dataset = branch.show(millrace.options, name);
    Console console = millrace.options.console(spec);
    console.line("name         " + dataset.info().name());
    console.line("type         " + dataset.info().taskType());
    if (!dataset.info().description().isEmpty()) {
      console.line("description  " + dataset.info().description());
    }
    console.line("location     " + dataset.layout().root());
    console.line("created      " + Console.time(dataset.info().createdAt()));
    boolean isTable = dataset.info().taskType() == LabelTaskType.TABLE;
    if (!branch.branch.equals(BranchName.MAIN)) {
      console.line("branch       " + branch.branch);
    }
    console.line((isTable ? "rows         " : "samples      ") + dataset.samples());
    console.line("rejects      " + dataset.rejects());
    if (isTable) {
      console.line("columns      " + columns(dataset));
    }
    if (dataset.versions().isEmpty()) {
      console.line("versions     none; publish one with: millrace version publish " + name);
    } else {
      console.line("");
      VersionCommand.print(console, dataset.versions(), dataset.current());
    }
    console.json(toJson(dataset));
    return ExitCode.DONE;
  }

  /** One a line, below each other. */
  private static String columns(DatasetSummary dataset) {
    return dataset
        .schema()
        .map(
            schema ->
                schema.columns().stream()
                    .map(TableColumn::toString)
                    .collect(Collectors.joining("\n             ")))
        .orElse("none yet; the first import brings them");
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
            .put("branch", dataset.layout().branch().value())
            .put("current", dataset.current().map(VersionName::value).orElse(null));
    dataset
        .schema()
        .ifPresent(
            schema -> {
              ArrayNode columns = json.putArray("columns");
              schema
                  .columns()
                  .forEach(
                      column ->
                          columns
                              .addObject()
                              .put("name", column.name())
                              .put("type", column.type().toString()));
            });
    ArrayNode versions = json.putArray("versions");
    for (DatasetVersion version : dataset.versions()) {
      versions.add(VersionCommand.toJson(version));
    }
    return json;
  }
}
