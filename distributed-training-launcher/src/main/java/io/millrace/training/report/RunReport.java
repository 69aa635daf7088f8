package io.millrace.training.report;

import static java.util.Objects.requireNonNull;

import io.millrace.training.metrics.RunMetrics;
import io.millrace.training.resource.UtilisationLog;
import io.millrace.training.resource.UtilisationLook;
import io.millrace.training.resource.UtilisationSettings;
import io.millrace.training.resource.UtilisationSummary;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.RunRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of one run at one moment.
 *
 * @param made when it was read
 * @param looks at its processes and devices, the oldest first
 * @param lowUtilisation a warning; empty while the run goes on
 */
public record RunReport(
    RunRecord record,
    Instant made,
    Optional<String> experiment,
    List<RunEvent> events,
    RunMetrics metrics,
    List<UtilisationLook> looks,
    Optional<String> lowUtilisation) {

  public RunReport {
    requireNonNull(record, "record is null");
    requireNonNull(made, "made is null");
    requireNonNull(experiment, "experiment is null");
    events = List.copyOf(events);
    requireNonNull(metrics, "metrics is null");
    looks = List.copyOf(looks);
    requireNonNull(lowUtilisation, "lowUtilisation is null");
  }

  /**
   * Reads a run.
   *
   * @param now for the duration of a run that is not over
   */
  public static RunReport read(RunRecord record, Instant now) throws IOException {
    List<UtilisationLook> looks = UtilisationLog.read(record.directory().utilisationFile());
    List<RunEvent> events = record.events();
    return new RunReport(
        record,
        now,
        record.run().job().experiment(),
        events,
        RunMetrics.of(record),
        looks,
        lowUtilisation(record, events, looks));
  }

  /** As the launcher told it when the run ended; of a run that it did not judge, judged now. */
  private static Optional<String> lowUtilisation(
      RunRecord record, List<RunEvent> events, List<UtilisationLook> looks) {
    if (!record.status().state().isTerminal()) {
      return Optional.empty();
    }
    return events.stream()
        .filter(event -> event.type() == RunEvent.Type.UTILISATION_LOW)
        .map(RunEvent::message)
        .findFirst()
        .or(() -> UtilisationSummary.of(looks).warning(UtilisationSettings.DEFAULT.lowPercent()));
  }
}
