package io.millrace.dataset.delta.spark;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.AuditLog;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.Provenance;
import io.millrace.dataset.versioning.VersionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    long last = lastPublished(table).map(Provenance::samplesState).orElse(-1L);
    List<AuditEntry> all =
        new ArrayList<>(
            AuditLog.of(table.layout())
                .ofSamples()
                .subMap(Math.min(last, samplesState), false, samplesState, true)
                .values());
    return all.subList(Math.max(0, all.size() - Provenance.MOST_OPERATIONS), all.size());
  }

  /** Of the version published last on the branch, since that was created. */
  private static Optional<Provenance> lastPublished(DatasetTable table) {
    VersionHistory history = table.history().history();
    Branch branch = table.layout().workingOn();
    Optional<VersionName> last =
        history.lastOn(branch.name()).filter(name -> !branch.from().equals(Optional.of(name)));
    return history.everyVersion().stream()
        .filter(version -> last.equals(Optional.of(version.name())))
        .map(DatasetVersion::provenance)
        .findFirst();
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
