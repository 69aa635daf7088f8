package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.FirstNamed;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetSummary;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The command {@code millrace version}. */
@Command(
    name = "version",
    description = "Publish, list, compare, mark, verify, export and delete versions of a dataset.",
    subcommands = {
      VersionShowCommand.class,
      VersionDiffCommand.class,
      VersionTreeCommand.class,
      VersionVerifyCommand.class,
      VersionMarkCommands.SetCurrent.class,
      VersionMarkCommands.Tag.class,
      VersionMarkCommands.Untag.class,
      VersionDeleteCommand.class,
      ExportCommands.OfVersion.class
    })
final class VersionCommand extends CommandGroup {
  @ParentCommand MillraceCommand millrace;

  @Command(
      name = "publish",
      description = "Freeze the dataset's samples as a version that never changes again.")
  int publish(
      @Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName dataset,
      @Mixin BranchOption branch,
      @Mixin PublishOptions options,
      @Mixin SparkOptions spark) {
    var layout = branch.find(millrace.options, dataset);
    var request = options.toRequest();
    try (SparkEngine engine = spark.start()) {
      DatasetVersion version = DatasetJobs.publish(engine, layout, request);
      Console console = millrace.options.console(spec);
      console.line(
          "Published %s@%s: %d samples (%s)"
              .formatted(dataset, version.name(), version.samples(), counts(version.parts())));
      console.line("manifest: " + version.manifest());
      options.note().ifPresent(console::line);
      console.json(toJson(version));
    }
    return ExitCode.DONE;
  }

  @Command(name = "list", description = "List the versions of a dataset. Starts no engine.")
  int list(@Parameters(paramLabel = "NAME", description = "The dataset.") DatasetName name) {
    DatasetSummary dataset = millrace.options.catalog().show(name);
    Console console = millrace.options.console(spec);
    if (dataset.versions().isEmpty()) {
      console.line("No versions. Publish one with: millrace version publish " + name);
    } else {
      print(console, dataset.versions(), dataset.current());
    }
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    dataset.versions().forEach(version -> json.add(toJson(version)));
    console.json(json);
    return ExitCode.DONE;
  }

  static void print(Console console, List<DatasetVersion> versions, Optional<VersionName> current) {
    console.table(
        List.of(
            "VERSION",
            "",
            "TYPE",
            "SAMPLES",
            "PARTS",
            "LABELS",
            "SIZE",
            "MEDIA",
            "PARENT",
            "PUBLISHED"),
        versions.stream()
            .map(
                version ->
                    List.of(
                        version.name().value(),
                        current.filter(version.name()::equals).isPresent() ? "current" : "",
                        version.taskType().name(),
                        Long.toString(version.samples()),
                        counts(version.parts()),
                        counts(version.labels()),
                        Console.bytes(version.seal().sizeBytes()),
                        Console.bytes(version.mediaBytes()),
                        version.parent().map(VersionName::value).orElse("-"),
                        Console.time(version.createdAt())))
            .toList());
  }

  static ObjectNode toJson(DatasetVersion version) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", version.name().value())
            .put("type", version.taskType().name())
            .put("description", version.description())
            .put("created_at", version.createdAt().toString())
            .put("parent", version.parent().map(VersionName::value).orElse(null))
            .put("state", version.state().name())
            .put("manifest", version.manifest().value())
            .put("manifest_sha256", version.manifestDigest().hex())
            .put("format", version.format().name())
            .put("branch", version.branch().value())
            .put("samples", version.samples())
            .put("size_bytes", version.seal().sizeBytes())
            .put("media_bytes", version.mediaBytes());
    ObjectNode parts = json.putObject("parts");
    version.parts().forEach(parts::put);
    ObjectNode labels = json.putObject("labels");
    version.labels().forEach(labels::put);
    return json;
  }

  /**
   * Counts in a few words, such as {@code EVAL 120, TRAIN 476}; at most five, then how many more.
   */
  private static String counts(Map<String, Long> counts) {
    return FirstNamed.of(
        counts.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList(),
        5);
  }
}
