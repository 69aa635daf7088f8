package io.millrace.training.gang;

import io.millrace.training.DaemonThreads;
import io.millrace.training.NodeLayout;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.EventLog;
import io.millrace.training.watch.LogCopy;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Brings the outputs of a run to their locations, and its logs to the job's log-url: periodically
 * while processes run, in a thread of its own since storage may be slow, and once more at the end.
 */
final class RunUploads {
  /** Logs change at every look and are copied as a whole, so they are looked at less often. */
  private static final int LOOKS_AT_OUTPUTS_PER_LOOK_AT_LOGS = 12;

  private final TrainingRun run;
  private final Duration period;
  private final List<OutputMirror> outputs = new ArrayList<>();
  private final Optional<LogCopy> logCopy;
  private final Optional<OutputMirror> logs;
  private final EventLog events;
  private final List<ScheduledFuture<?>> looks = new ArrayList<>();
  private Optional<ScheduledExecutorService> watch = Optional.empty();
  private String lastOutputFailure = "";
  private String lastLogFailure = "";

  RunUploads(
      TrainingRun run,
      LaunchSettings settings,
      RunDirectory directory,
      List<NodeLayout> nodes,
      EventLog events) {
    this.run = run;
    this.period = settings.syncPeriod();
    this.events = events;
    for (TrainingOutput output : run.job().outputs()) {
      outputs.add(
          OutputMirror.ofOutput(
              MirrorTarget.of(output.location(), settings.storage()),
              output.preparation(),
              nodes.stream().map(node -> node.outputDirectory(run.job(), output)).toList()));
    }
    this.logCopy = LogCopy.of(run);
    this.logs =
        logCopy.map(
            copy ->
                OutputMirror.ofLogs(
                    MirrorTarget.of(copy.location(), settings.storage()),
                    directory.logDirectory()));
  }

  /** Of the job's outputs, in order. */
  List<OutputMirror> outputs() {
    return List.copyOf(outputs);
  }

  /** Begins to look at what changes. */
  void begin() {
    ScheduledExecutorService started = DaemonThreads.scheduler("upload-" + run.displayName());
    long millis = period.toMillis();
    looks.add(
        started.scheduleWithFixedDelay(this::lookAtOutputs, millis, millis, TimeUnit.MILLISECONDS));
    if (logs.isPresent()) {
      long logMillis = millis * LOOKS_AT_OUTPUTS_PER_LOOK_AT_LOGS;
      looks.add(
          started.scheduleWithFixedDelay(
              () -> copyLogs(logs.get()), logMillis, logMillis, TimeUnit.MILLISECONDS));
    }
    watch = Optional.of(started);
  }

  /** Ends looking; what is just being copied is copied to its end. */
  void pause() throws InterruptedException {
    if (watch.isPresent()) {
      looks.forEach(look -> look.cancel(false));
      looks.clear();
      watch.get().shutdown();
      while (!watch.get().awaitTermination(1, TimeUnit.HOURS)) {
        events.add(RunEvent.Type.OUTPUT_UPLOADING, "A file is still being uploaded");
      }
      watch = Optional.empty();
    }
  }

  private void lookAtOutputs() {
    List<String> failures = new ArrayList<>();
    for (OutputMirror output : outputs) {
      try {
        OutputMirror.Report report = output.sync(OutputMirror.Pass.PERIODIC);
        noteConflicts(report);
        failures.addAll(report.failures());
      } catch (IOException | RuntimeException e) {
        failures.add("Cannot look at the outputs: " + e);
      }
    }
    String failure = String.join("; ", failures);
    if (!failure.isEmpty() && !failure.equals(lastOutputFailure)) {
      // Told once, not at each look; a failure that lasts fails the run in the end.
      events.add(RunEvent.Type.OUTPUT_FAILED, failure);
    }
    lastOutputFailure = failure;
  }

  private void noteConflicts(OutputMirror.Report report) {
    report.conflicts().forEach(each -> events.add(RunEvent.Type.OUTPUT_CONFLICT, each));
  }

  /**
   * Copies all outputs that have changed, when no process runs any more.
   *
   * @return a sentence for each failure
   */
  List<String> finishOutputs() {
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      failures.addAll(finish(outputs.get(i), run.job().outputs().get(i)));
    }
    failures.forEach(each -> events.add(RunEvent.Type.OUTPUT_FAILED, each));
    return failures;
  }

  private List<String> finish(OutputMirror mirror, TrainingOutput output) {
    events.add(
        RunEvent.Type.OUTPUT_UPLOADING,
        "Uploading training output (parameter: %s)".formatted(output.name()));
    long begin = System.nanoTime();
    try {
      OutputMirror.Report report = mirror.sync(OutputMirror.Pass.FINAL);
      noteConflicts(report);
      if (report.failures().isEmpty()) {
        events.add(
            RunEvent.Type.OUTPUT_UPLOADED,
            String.format(
                Locale.ROOT,
                "[duration: %.1f s] Training output (parameter: %s) uploaded to %s",
                (System.nanoTime() - begin) / 1e9,
                output.name(),
                output.location()));
      }
      return report.failures();
    } catch (IOException e) {
      return List.of("Cannot read output " + output.name() + ": " + e);
    }
  }

  /**
   * Copies the logs that have changed, when none is written any more. A failure is an event: the
   * run's own directory has the logs, so nothing is lost and no verdict changes.
   */
  void finishLogs() {
    if (logs.isPresent() && copyLogs(logs.get())) {
      events.add(
          RunEvent.Type.LOGS_UPLOADED,
          "Training logs uploaded to " + logCopy.orElseThrow().location());
    }
  }

  private boolean copyLogs(OutputMirror mirror) {
    String failure;
    try {
      failure = String.join("; ", mirror.sync(OutputMirror.Pass.FINAL).failures());
    } catch (IOException | RuntimeException e) {
      failure = "Cannot copy the logs: " + e;
    }
    if (!failure.isEmpty() && !failure.equals(lastLogFailure)) {
      events.add(RunEvent.Type.LOGS_FAILED, failure);
    }
    lastLogFailure = failure;
    return failure.isEmpty();
  }
}
