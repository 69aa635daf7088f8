package io.millrace.jobs.cli;

import io.millrace.jobs.training.LaunchRecord;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingJobFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code millrace train submit}. */
@Command(
    name = "submit",
    sortOptions = false,
    description =
        "Start a job and wait for its end; Ctrl-C stops it (on volcano it goes on: train attach"
            + " follows it again).")
final class TrainSubmitCommand extends TrainStartCommand {
  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "The job as YAML, with our keys or those of ModelArts' ma-cli (train.yaml); options go"
              + " before what it says.")
  Path file;

  @Override
  TrainingDraft draft() throws IOException {
    return file == null ? new TrainingDraft() : TrainingJobFile.read(file, this::ofVersion);
  }

  @Override
  Optional<LaunchRecord> model() {
    return Optional.empty();
  }
}
