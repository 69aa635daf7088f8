package io.millrace.dataset.delta.spark;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.delta.AuditLog;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was done to a working state, as the audit tells it. */
final class SampleOperations {
  static final String MERGE = "dataset merge";
  static final String ROLLBACK = "dataset rollback";
  static final String BRANCH = "branch create";

  private SampleOperations() {}

  /**
   * What commits did after the one that the version before was made of, the latest ones.
   *
   * @param samplesState the number of the last commit that counts
   */
  static List<AuditEntry> sinceLastVersion(DatasetTable table, long samplesState) {
    long last =
        table.history().history().everyVersion().stream()
            .filter(version -> version.branch().equals(table.layout().branch()))
            .map(DatasetVersion::provenance)
            .map(Provenance::samplesState)
            .filter(state -> state <= samplesState)
            .max(Comparator.naturalOrder())
            .orElse(-1L);
    List<AuditEntry> all =
        new ArrayList<>(
            AuditLog.of(table.layout())
                .ofSamples()
                .subMap(last, false, samplesState, true)
                .values());
    return all.subList(Math.max(0, all.size() - Provenance.MOST_OPERATIONS), all.size());
  }

  /** The merges since the state was last rolled back, latest first. */
  static List<AuditEntry> mergesSinceRollback(DatasetTable table) {
    List<AuditEntry> merges = new ArrayList<>();
    for (AuditEntry entry : AuditLog.of(table.layout()).ofSamples().descendingMap().values()) {
      if (entry.operation().equals(ROLLBACK)) {
        break;
      }
      if (entry.operation().equals(MERGE)) {
        merges.add(entry);
      }
    }
    return merges;
  }
}
