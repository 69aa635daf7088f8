package io.millrace.jobs.cli;

import io.millrace.dataset.labels.AnnotationCounts;
import io.millrace.dataset.labels.EditRun;
import io.millrace.dataset.labels.LabelEditCounts;
import io.millrace.dataset.labels.LabelEditReport;
import io.millrace.dataset.labels.LabelEditReport.Result;
import io.millrace.dataset.labels.SuggestionCounts;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.ArrayList;
import java.util.List;

/** What came of an edit of labels, in words. */
final class LabelReportText {
  private LabelReportText() {}

  /** One line, and one for each reason of a refusal. */
  static List<String> lines(LabelEditReport report, EditRun.Mode mode) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s %s: %s%s"
            .formatted(
                report.operation(),
                report.dataset(),
                outcome(report, mode),
                counts(report.counts())));
    report.suggestions().ifPresent(suggestions -> addSuggestions(lines, suggestions));
    return lines;
  }

  static String json(LabelEditReport report) {
    return PropertiesJson.write(report.toProperties());
  }

  private static String outcome(LabelEditReport report, EditRun.Mode mode) {
    if (report.result() == Result.NOTHING_TO_DO) {
      return "nothing to change; ";
    }
    return mode == EditRun.Mode.DRY_RUN ? "dry run, nothing was changed; " : "";
  }

  private static String counts(LabelEditCounts counts) {
    AnnotationCounts labels = counts.annotations();
    StringBuilder text =
        new StringBuilder(
            "%d of %d selected samples changed".formatted(counts.changed(), counts.selected()));
    if (counts.deleted() > 0) {
      text.append(", %d deleted".formatted(counts.deleted()));
    }
    text.append(
        "; labels: %d added, %d changed, %d removed"
            .formatted(labels.added(), labels.changed(), labels.removed()));
    if (labels.relations() > 0) {
      text.append("; %d relations removed with their entities".formatted(labels.relations()));
    }
    return text.toString();
  }

  private static void addSuggestions(List<String> lines, SuggestionCounts suggestions) {
    lines.add(
        "%d lines read: %d labels taken, %d known already, %d refused"
            .formatted(
                suggestions.lines(),
                suggestions.taken(),
                suggestions.known(),
                suggestions.refusals()));
    suggestions
        .refused()
        .forEach(
            (reason, refusals) ->
                lines.add(
                    "  %s: %d, for example %s"
                        .formatted(reason.text(), refusals.count(), refusals.example())));
  }
}
