package io.millrace.jobs.demo;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a demo is run on.
 *
 * @param output the directory that takes everything the demo makes
 * @param source a directory in the VOC layout; empty to draw pictures
 * @param pictures how many are drawn
 * @param seed of the drawing, the split, the groups and the training
 * @param trainingSeconds after which training ends at the end of an epoch, 10 to 3600
 * @param python the interpreter to try first
 * @param threads Spark tasks that run at once
 */
public record DemoConfig(
    Path output,
    Optional<Path> source,
    int pictures,
    long seed,
    int trainingSeconds,
    Optional<String> python,
    int threads) {
  public DemoConfig {
    requireNonNull(output, "output is null");
    requireNonNull(source, "source is null");
    requireNonNull(python, "python is null");
    checkArgument(
        trainingSeconds >= 10 && trainingSeconds <= 3600,
        "Invalid train-seconds: %s (expected 10 to 3600)",
        trainingSeconds);
  }
}
