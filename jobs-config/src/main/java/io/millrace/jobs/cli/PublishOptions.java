package io.millrace.jobs.cli;

import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code version publish}. */
final class PublishOptions {
  @Option(
      names = "--name",
      paramLabel = "VERSION",
      description = "Its name (default: V001, V002 and so on).")
  VersionName name;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "At most 256 characters (default: none).")
  String description = "";

  @Mixin SplitOptions split = new SplitOptions();

  @Option(
      names = "--hard",
      paramLabel = "WHAT",
      description = "Marks of hard examples: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  HardPolicy hard = HardPolicy.CLEAR;

  @Option(
      names = "--usage",
      paramLabel = "WHAT",
      description =
          "Usages that samples have already: ${COMPLETION-CANDIDATES}; kept ones lie outside the"
              + " shares, and --split-where sees them in any case (default: ${DEFAULT-VALUE}).")
  UsagePolicy usage = UsagePolicy.REMOVE;

  PublishRequest toRequest() {
    return new PublishRequest(
        Optional.ofNullable(name), Optional.empty(), description, split.toPlan(), hard, usage);
  }
}
