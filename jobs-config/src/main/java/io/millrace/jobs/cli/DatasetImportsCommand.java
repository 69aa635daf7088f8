package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.ImportRecord;
import io.millrace.dataset.delta.ImportLog;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset imports}. */
@Command(
    name = "imports",
    description = "List the imports that changed a dataset. Starts no engine.")
final class DatasetImportsCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName name;

  @Mixin BranchOption branch;

  @Override
  public Integer call() {
    List<ImportRecord> imports = ImportLog.of(branch.find(dataset.millrace.options, name)).read();
    Console console = dataset.millrace.options.console(spec);
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
}
