package io.millrace.jobs.demo;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a demo's training.
 *
 * @param ran false where no Python imports torch
 * @param ranks processes; 0 where none ran
 * @param exitCode of the run; empty where it did not run
 * @param message one sentence
 * @param model the directory with the trained model; empty where there is none
 */
record TrainingResult(
    boolean ran,
    int ranks,
    OptionalInt exitCode,
    double seconds,
    String message,
    Optional<Path> model) {
  TrainingResult {
    requireNonNull(exitCode, "exitCode is null");
    requireNonNull(message, "message is null");
    requireNonNull(model, "model is null");
  }

  static TrainingResult notRun(String why) {
    return new TrainingResult(false, 0, OptionalInt.empty(), 0, why, Optional.empty());
  }
}
