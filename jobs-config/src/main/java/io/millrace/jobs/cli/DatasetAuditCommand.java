package io.millrace.jobs.cli;

import static io.millrace.dataset.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Properties;
import io.millrace.dataset.delta.AuditLog;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset audit}. */
@Command(
    name = "audit",
    description = "List who changed a dataset, when and how, latest first. Starts no engine.")
final class DatasetAuditCommand implements Callable<Integer> {
  @ParentCommand DatasetCommand dataset;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName name;

  @Mixin BranchOption branch;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "List at most so many (default: 100).")
  int limit;

  @Override
  public Integer call() {
    checkArgument(limit >= 1, "Invalid limit: %s (expected at least 1)", limit);
    List<AuditEntry> all = AuditLog.of(branch.find(dataset.millrace.options, name)).read();
    List<AuditEntry> latest = new ArrayList<>(all);
    Collections.reverse(latest);
    List<AuditEntry> entries = latest.stream().limit(limit).toList();
    Console console = dataset.millrace.options.console(spec);
    if (entries.isEmpty()) {
      console.line("Nothing is recorded of %s yet.".formatted(name));
    } else {
      console.table(
          List.of("WHEN", "WHO", "OPERATION", "PARAMETERS", "COUNTS", "RESULT"),
          entries.stream().map(DatasetAuditCommand::cells).toList());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (AuditEntry entry : entries) {
      json.addObject()
          .put("id", entry.id().toString())
          .put("at", entry.at().toString())
          .put("by", entry.by())
          .put("operation", entry.operation())
          .putRawValue("parameters", new RawValue(PropertiesJson.write(entry.parameters())))
          .putRawValue("counts", new RawValue(PropertiesJson.write(entry.counts())))
          .put("result", entry.result());
    }
    console.json(json);
    return ExitCode.DONE;
  }

  private static List<String> cells(AuditEntry entry) {
    return List.of(
        Console.time(entry.at()),
        entry.by(),
        entry.operation(),
        words(entry.parameters()),
        words(entry.counts()),
        entry.result());
  }

  /** Names and values; counts of nothing are left out. */
  private static String words(Properties properties) {
    return properties.values().entrySet().stream()
        .filter(entry -> !Long.valueOf(0).equals(entry.getValue()))
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
