package io.millrace.jobs.cli;

import io.millrace.jobs.training.LaunchRecord;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.jobs.training.TrainingKeys;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code millrace train rebuild}. */
@Command(
    name = "rebuild",
    sortOptions = false,
    description =
        "Start the job of a run again, as a new run on the same back end; options change what they"
            + " name.")
final class TrainRebuildCommand extends TrainStartCommand {
  @Parameters(paramLabel = "RUN", description = "Its name or id.")
  String name;

  @Option(
      names = "--without",
      paramLabel = "NAME",
      description = "Leave out this input, output, parameter or variable. May be repeated.")
  List<String> without = List.of();

  @Override
  TrainingDraft draft() {
    TrainingDraft draft = TrainingDraft.of(run().run().job());
    if (code.userCommand != null) {
      draft.withdraw(TrainingKeys.BOOT_FILE);
    }
    if (code.bootFile != null) {
      draft.withdraw(TrainingKeys.USER_COMMAND);
    }
    for (String each : without) {
      if (!draft.withdraw(each)) {
        draft.problem(
            Place.COMMAND_LINE,
            "Invalid options: --without %s, and the job has no input, output, parameter or variable of that name (leave it out)."
                .formatted(each));
      }
    }
    return draft;
  }

  @Override
  Optional<LaunchRecord> model() throws IOException {
    return LaunchRecord.of(run().directory());
  }

  private RunRecord run() {
    return RunRegistry.at(train.runs).find(name);
  }
}
