package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.VersionLog;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands that move marks from version to version: the current one, and tags. */
final class VersionMarkCommands {
  private VersionMarkCommands() {}

  /** The command {@code millrace version set-current}. */
  @Command(
      name = "set-current",
      description =
          "Make a version the one that NAME and NAME@current mean, and the parent of the next one."
              + " Starts no engine.")
  static final class SetCurrent implements Callable<Integer> {
    @ParentCommand VersionCommand version;
    @Spec CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
    DatasetName dataset;

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version.")
    VersionName name;

    @Option(
        names = "--branch",
        paramLabel = "BRANCH",
        description = "Whose current version it shall be (default: ${DEFAULT-VALUE}).")
    BranchName branch = BranchName.MAIN;

    @Override
    public Integer call() {
      VersionLog.of(version.millrace.options.catalog().find(dataset))
          .makeCurrent(dataset, branch, name, Instant.now());
      Console console = version.millrace.options.console(spec);
      console.line("%s@%s is the current version of %s".formatted(dataset, name, branch));
      console.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("dataset", dataset.value())
              .put("branch", branch.value())
              .put("current", name.value()));
      return ExitCode.DONE;
    }
  }

  /** The command {@code millrace version tag}. */
  @Command(
      name = "tag",
      description =
          "Mark a version with a tag, which NAME@TAG then means; a tag that marks another version"
              + " moves. A tagged version cannot be deleted. Starts no engine.")
  static final class Tag implements Callable<Integer> {
    @ParentCommand VersionCommand version;
    @Spec CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
    DatasetName dataset;

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version.")
    VersionName name;

    @Parameters(index = "2", paramLabel = "TAG", description = "The tag.")
    TagName tag;

    @Override
    public Integer call() {
      VersionLog.of(version.millrace.options.catalog().find(dataset))
          .tag(dataset, tag, name, Instant.now());
      Console console = version.millrace.options.console(spec);
      console.line("%s@%s is %s@%s".formatted(dataset, tag, dataset, name));
      console.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("dataset", dataset.value())
              .put("tag", tag.value())
              .put("version", name.value()));
      return ExitCode.DONE;
    }
  }

  /** The command {@code millrace version untag}. */
  @Command(
      name = "untag",
      description = "Remove a tag; the version that it marked stays. Starts no engine.")
  static final class Untag implements Callable<Integer> {
    @ParentCommand VersionCommand version;
    @Spec CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "The dataset.")
    DatasetName dataset;

    @Parameters(index = "1", paramLabel = "TAG", description = "The tag.")
    TagName tag;

    @Override
    public Integer call() {
      VersionLog.of(version.millrace.options.catalog().find(dataset))
          .untag(dataset, tag, Instant.now());
      Console console = version.millrace.options.console(spec);
      console.line("Removed the tag %s of %s".formatted(tag, dataset));
      console.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("dataset", dataset.value())
              .put("removed", tag.value()));
      return ExitCode.DONE;
    }
  }
}
