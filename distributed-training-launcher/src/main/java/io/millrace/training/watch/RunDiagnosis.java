package io.millrace.training.watch;

import io.millrace.training.TrainingRun;
import io.millrace.training.diagnosis.Diagnosis;
import io.millrace.training.diagnosis.DiagnosisCatalogue;
import io.millrace.training.diagnosis.KnownError;
import io.millrace.training.diagnosis.WorkerLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** What the logs of a failed run tell of the cause: those of its last attempt, on all nodes. */
final class RunDiagnosis {
  /** How many diagnoses are told of one run. */
  private static final int MAX_TOLD = 3;

  private RunDiagnosis() {}

  /**
   * Reads the logs.
   *
   * @param culprit the node of the process to blame
   * @param exitCode of that process, if it has one
   * @param catalogue of known errors
   * @return texts for people, the likeliest first; empty if nothing known was found
   */
  static List<String> of(
      TrainingRun run,
      RunDirectory directory,
      int culprit,
      OptionalInt exitCode,
      DiagnosisCatalogue catalogue)
      throws IOException {
    List<WorkerLog> logs = new ArrayList<>();
    for (int node = 0; node < run.job().nodes(); node++) {
      List<Path> files = RotatingLogFile.filesOf(directory.workerLog(run, node));
      WorkerLog log =
          WorkerLog.of("worker-" + node, () -> open(files))
              .withAttemptStart(ServiceLine::beginsAttempt);
      if (node == culprit) {
        logs.add(0, exitCode.isPresent() ? log.endedWith(exitCode.getAsInt()) : log);
      } else {
        logs.add(log);
      }
    }
    List<String> told = new ArrayList<>();
    for (Diagnosis each : catalogue.diagnose(logs)) {
      boolean likely = told.isEmpty() && each.error().kind() != KnownError.Kind.REMARK;
      told.add((likely ? "Likely cause: " : "Also found: ") + each.describe());
    }
    return told.subList(0, Math.min(told.size(), MAX_TOLD));
  }

  private static InputStream open(List<Path> files) throws IOException {
    List<InputStream> parts = new ArrayList<>();
    for (Path file : files) {
      parts.add(Files.newInputStream(file));
    }
    return new SequenceInputStream(Collections.enumeration(parts));
  }
}
