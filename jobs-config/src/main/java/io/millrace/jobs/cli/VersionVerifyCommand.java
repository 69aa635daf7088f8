package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionVerification;
import io.millrace.jobs.spark.DatasetJobs;
import io.millrace.jobs.spark.SparkEngine;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace version verify}. */
@Command(
    name = "verify",
    description =
        "Read the rows and files of a version and compare them with what was published. Exit code"
            + " 1 if anything differs.")
final class VersionVerifyCommand implements Callable<Integer> {
  @ParentCommand VersionCommand version;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "NAME[@VERSION]",
      description = "The version (default: the current one).")
  DatasetRef ref;

  @Option(names = "--all", description = "Every version of the dataset.")
  boolean all;

  @Mixin SparkOptions spark;

  @Override
  public Integer call() {
    DatasetLayout layout = version.millrace.options.catalog().find(ref.dataset());
    DatasetHistory history = version.millrace.options.catalog().history(ref.dataset());
    List<DatasetRef> refs =
        all
            ? history.versions().stream()
                .map(DatasetVersion::name)
                .map(name -> DatasetRef.of(ref.dataset(), name))
                .toList()
            : List.of(DatasetRef.of(ref.dataset(), history.resolve(ref).name()));
    Console console = version.millrace.options.console(spec);
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    boolean isWhole = true;
    try (SparkEngine engine = spark.start()) {
      for (DatasetRef each : refs) {
        VersionVerification found = DatasetJobs.verify(engine, layout, each);
        isWhole &= found.isWhole();
        print(console, each, found);
        json.add(toJson(each, found));
      }
    }
    console.json(json);
    return isWhole ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static void print(Console console, DatasetRef ref, VersionVerification found) {
    console.line(
        "%s: %s (%d rows, %d files read)"
            .formatted(
                ref,
                found.isWhole() ? "as it was published" : "DIFFERS from what was published",
                found.rows(),
                found.files()));
    found.differences().forEach(difference -> console.line("  " + difference));
  }

  private static ObjectNode toJson(DatasetRef ref, VersionVerification found) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("version", ref.toString())
            .put("whole", found.isWhole())
            .put("rows", found.rows())
            .put("files", found.files());
    ArrayNode differences = json.putArray("differences");
    found.differences().forEach(differences::add);
    return json;
  }
}
