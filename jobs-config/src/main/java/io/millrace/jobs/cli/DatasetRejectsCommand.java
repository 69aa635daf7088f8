package io.millrace.jobs.cli;

import static io.millrace.dataset.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.Reject;
import io.millrace.dataset.delta.RejectTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace dataset rejects}. */
@Command(
    name = "rejects",
    description = "List what imports refused, and why, latest first. Starts no engine.")
final class DatasetRejectsCommand implements Callable<Integer> {
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
    RejectTable table = RejectTable.of(branch.find(dataset.millrace.options, name));
    List<Reject> rejects = table.latest(limit);
    Console console = dataset.millrace.options.console(spec);
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
}
