package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionHistory;
import io.millrace.dataset.versioning.VersionLineage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The state that both sides of a merge come from.
 *
 * @param name for reports
 */
record MergeBase(String name, Dataset<Row> rows) {
  /** What the audit of a merge says of its source, by which the next merge finds its base. */
  static final String SOURCE_PLACE = "source-place";

  static final String SOURCE_STATE = "source-state";
  static final String SOURCE_VERSION = "source-version";

  MergeBase {
    requireNonNull(name, "name is null");
    requireNonNull(rows, "rows is null");
  }

  /** The base that the user names. */
  static MergeBase named(SampleState state) {
    return new MergeBase(state.ref().toString(), state.rows());
  }

  /**
   * The nearest common state there is: what was merged last from the same working state, if that
   * can still be read; else, within one dataset, the nearest common ancestor of the versions that
   * both sides are at, versions that were merged before counted as the target's own.
   */
  static Optional<MergeBase> find(SampleState target, SampleState source) {
    List<AuditEntry> merges = SampleOperations.mergesSinceRollback(target.table());
    return lastMerged(merges, source).or(() -> ancestor(merges, target, source));
  }

  private static Optional<MergeBase> lastMerged(List<AuditEntry> merges, SampleState source) {
    if (source.number().isEmpty()) {
      return Optional.empty();
    }
    return merges.stream()
        .filter(merge -> merge.parameters().value(SOURCE_PLACE).equals(Optional.of(place(source))))
        .flatMap(merge -> merge.parameters().value(SOURCE_STATE).stream())
        .map(Long.class::cast)
        .findFirst()
        .flatMap(state -> readable(source, state));
  }

  private static Optional<MergeBase> readable(SampleState source, long state) {
    return SampleState.kept(source.table(), state)
        .map(
            rows ->
                new MergeBase("%s as merged last (state %s)".formatted(source.ref(), state), rows));
  }

  private static Optional<MergeBase> ancestor(
      List<AuditEntry> merges, SampleState target, SampleState source) {
    if (!target.isOfSameDataset(source)) {
      return Optional.empty();
    }
    VersionHistory history = target.history();
    Optional<VersionName> ofSource =
        source.version().map(DatasetVersion::name).or(() -> at(source, history));
    Stream<VersionName> merged =
        merges.stream()
            .flatMap(merge -> merge.parameters().value(SOURCE_VERSION).stream())
            .map(name -> new VersionName((String) name));
    List<VersionName> ofTarget = Stream.concat(at(target, history).stream(), merged).toList();
    if (ofSource.isEmpty()) {
      return Optional.empty();
    }
    return VersionLineage.commonAncestor(history, ofTarget, ofSource.get())
        .map(version -> named(SampleState.of(target.table(), version)));
  }

  /** The version that a working state was at last. */
  private static Optional<VersionName> at(SampleState working, VersionHistory history) {
    BranchName branch = working.table().layout().branch();
    return history.lastOn(branch);
  }

  /** A name of a working state that none other ever has. */
  static String place(SampleState state) {
    return state.table().info().id() + "/" + state.table().layout().workingOn().place();
  }

  /** Whether two references mean the same working state. */
  static boolean isSame(SampleState target, SampleState source) {
    return source.ref() instanceof StateRef.Working && place(target).equals(place(source));
  }

  /** Looks up the base that a user names. */
  static MergeBase open(SampleState target, DatasetCatalog catalog, StateRef ref) {
    return named(SampleState.open(target.table().spark(), catalog, ref, "merge"));
  }
}
