package io.millrace.jobs.cli;

import io.millrace.dataset.labels.EditRun;
import io.millrace.dataset.labels.LabelRule;
import picocli.CommandLine.Option;

/** The options of every command that edits labels. */
final class LabelOptions {
  @Option(names = "--dry-run", description = "Only counts what would change.")
  boolean dryRun;

  @Option(
      names = "--label-rule",
      paramLabel = "RULE",
      description =
          "What new labels look like: ${COMPLETION-CANDIDATES}; STRICT is 1 to 32 of A-Z, a-z,"
              + " 0-9, _ and - (default: ${DEFAULT-VALUE}).")
  LabelRule rule = LabelRule.PRINTABLE;

  EditRun toRun() {
    return EditRun.by(System.getProperty("user.name"))
        .withMode(dryRun ? EditRun.Mode.DRY_RUN : EditRun.Mode.COMMIT)
        .withRule(rule);
  }
}
