package io.millrace.jobs.cli;

import static io.millrace.jobs.cli.TrainCodeOptions.say;

import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.jobs.training.TrainingJobFile;
import io.millrace.jobs.training.TrainingKeys;
import io.millrace.training.NotificationEvent;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@code train submit} that say how a run ends and who is told. */
final class TrainLifeOptions {
  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Start a failed run again so often, 0 to 3 (default: 0).")
  Integer retries;

  @Option(
      names = "--auto-stop",
      paramLabel = "HOURS",
      description = "Stop a run after 1 to 720 hours of running (default: never).")
  String autoStop;

  @Option(
      names = "--log-url",
      paramLabel = "DIR",
      description = "Where a copy of the logs goes; required for npu (default: none).")
  String logUrl;

  @Option(
      names = "--keep-logs",
      description = "The copy of the logs is to stay for ever (default: as long as the run).")
  boolean keepLogs;

  @Option(
      names = "--notify",
      paramLabel = "URL",
      description =
          "Tell this http or https address when the run is started, finished, failed, stopped or"
              + " hung.")
  List<String> notifications = List.of();

  void sayTo(TrainingDraft draft) {
    say(draft, TrainingKeys.RETRIES, retries);
    say(draft, TrainingKeys.AUTO_STOP, autoStop);
    say(
        draft,
        TrainingKeys.LOG_URL,
        logUrl == null ? null : MillraceCommand.address(logUrl).value());
    if (keepLogs) {
      say(draft, TrainingKeys.KEEP_LOGS, "true");
    }
    for (String url : notifications) {
      draft.notification(
          url,
          () -> TrainingJobFile.notification(url, Arrays.asList(NotificationEvent.values())),
          Place.COMMAND_LINE);
    }
  }
}
