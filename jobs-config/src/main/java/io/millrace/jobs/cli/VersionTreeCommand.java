package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionHistory;
import io.millrace.dataset.versioning.VersionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace version tree}. */
@Command(
    name = "tree",
    description =
        "Show how the versions of a dataset came from each other, deleted ones too. Starts no"
            + " engine.")
final class VersionTreeCommand implements Callable<Integer> {
  @ParentCommand VersionCommand version;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The dataset.")
  DatasetName dataset;

  @Override
  public Integer call() {
    VersionHistory history = version.millrace.options.catalog().history(dataset).history();
    Console console = version.millrace.options.console(spec);
    if (history.everyVersion().isEmpty()) {
      console.line("No versions. Publish one with: millrace version publish " + dataset);
    }
    lines(history).forEach(console::line);
    console.json(json(history, Optional.empty()));
    return ExitCode.DONE;
  }

  /** A line a version, its children below it, each further to the right. */
  static List<String> lines(VersionHistory history) {
    List<String> lines = new ArrayList<>();
    List<DatasetVersion> roots = children(history, Optional.empty());
    roots.forEach(root -> addLines(history, root, "", "", lines));
    return lines;
  }

  private static void addLines(
      VersionHistory history,
      DatasetVersion version,
      String first,
      String others,
      List<String> lines) {
    lines.add(first + described(history, version));
    List<DatasetVersion> children = children(history, Optional.of(version.name()));
    for (int child = 0; child < children.size(); child++) {
      boolean isLast = child == children.size() - 1;
      addLines(
          history,
          children.get(child),
          others + (isLast ? "└─ " : "├─ "),
          others + (isLast ? "   " : "│  "),
          lines);
    }
  }

  private static String described(VersionHistory history, DatasetVersion version) {
    StringBuilder line = new StringBuilder(version.name().value());
    line.append("  ").append(version.samples()).append(" samples");
    line.append("  ").append(Console.time(version.createdAt()));
    if (!version.branch().equals(BranchName.MAIN)) {
      line.append("  on ").append(version.branch());
    }
    if (version.state() == VersionState.DELETED) {
      line.append("  deleted");
    }
    for (BranchName branch : history.branches()) {
      if (history.current(branch).filter(version.name()::equals).isPresent()) {
        line.append("  (current")
            .append(branch.equals(BranchName.MAIN) ? "" : " of " + branch)
            .append(")");
      }
    }
    tags(history, version).forEach(tag -> line.append("  #").append(tag));
    if (!version.description().isEmpty()) {
      line.append("  ").append(version.description());
    }
    return line.toString();
  }

  private static List<String> tags(VersionHistory history, DatasetVersion version) {
    return history.tags().entrySet().stream()
        .filter(tag -> tag.getValue().equals(version.name()))
        .map(tag -> tag.getKey().value())
        .toList();
  }

  private static List<DatasetVersion> children(
      VersionHistory history, Optional<VersionName> parent) {
    return history.everyVersion().stream()
        .filter(version -> version.parent().equals(parent))
        .toList();
  }

  private static ArrayNode json(VersionHistory history, Optional<VersionName> parent) {
    ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
    for (DatasetVersion version : children(history, parent)) {
      ObjectNode node = VersionCommand.toJson(version);
      ArrayNode tags = node.putArray("tags");
      tags(history, version).forEach(tags::add);
      node.set("children", json(history, Optional.of(version.name())));
      nodes.add(node);
    }
    return nodes;
  }
}
