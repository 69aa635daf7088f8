package io.millrace.jobs.cli;

import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.PublishRequest;
import picocli.CommandLine.Option;

/** The options of {@code version publish}. */
final class PublishOptions {
  @Option(
      names = "--name",
      paramLabel = "VERSION",
      description = "Its name (default: V001, V002 and so on).")
  VersionName name;

  @Option(
      names = "--train-ratio",
      paramLabel = "RATIO",
      defaultValue = "1.00",
      description =
          "Share of samples for training, 0.00 to 1.00; the rest is for evaluation, split so that"
              + " every label has its share (default: 1.00, no split).")
  String trainRatio;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed splits the same samples the same way (default: 0).")
  long seed;

  @Option(names = "--description", paramLabel = "TEXT", defaultValue = "")
  String description;

  PublishRequest toRequest() {
    return null;
  }
}
