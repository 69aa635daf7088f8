package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.VersionDeletion;
import io.millrace.dataset.versioning.DatasetVersion;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace version delete}. */
@Command(
    name = "delete",
    description =
        "Delete a version; samples and media stay. Its name stays taken. Starts no engine; the"
            + " space of its rows is freed by: millrace dataset gc NAME --yes")
final class VersionDeleteCommand implements Callable<Integer> {
  @ParentCommand VersionCommand version;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
  DatasetName dataset;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version.")
  VersionName name;

  @Mixin Confirmation confirmation;

  @Override
  public Integer call() {
    DatasetLayout layout = version.millrace.options.catalog().find(dataset);
    confirmation.require(
        "delete %s@%s".formatted(dataset, name), name.value(), spec.commandLine().getErr());
    DatasetVersion deleted = new VersionDeletion(layout).run(dataset, name, Instant.now());
    Console console = version.millrace.options.console(spec);
    console.line("Deleted %s@%s (%d samples)".formatted(dataset, name, deleted.samples()));
    console.json(VersionCommand.toJson(deleted.deleted()));
    return ExitCode.DONE;
  }
}
