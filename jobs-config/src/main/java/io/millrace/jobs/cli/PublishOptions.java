package io.millrace.jobs.cli;

import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.PublishRequest;
import io.millrace.dataset.versioning.PublishRequest.HardPolicy;
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy;
import io.millrace.dataset.versioning.SplitPlan;
import java.util.Optional;
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

  @Option(
      names = "--train-ratio",
      paramLabel = "RATIO",
      description =
          "Share of samples for training, 0.00 to 1.00; the rest is for evaluation, split so that"
              + " every label has its share (default: ${DEFAULT-VALUE}, no split).")
  String trainRatio = "1.00";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The same seed splits the same samples the same way (default: ${DEFAULT-VALUE}).")
  long seed = 0;

  @Option(
      names = "--hard",
      paramLabel = "WHAT",
      description = "Marks of hard examples: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  HardPolicy hard = HardPolicy.CLEAR;

  @Option(
      names = "--usage",
      paramLabel = "WHAT",
      description =
          "Usages that samples have already: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  UsagePolicy usage = UsagePolicy.REMOVE;

  PublishRequest toRequest() {
    return new PublishRequest(
        Optional.ofNullable(name),
        Optional.empty(),
        description,
        SplitPlan.ofRatio(trainRatio, seed),
        hard,
        usage);
  }
}
