package io.millrace.dataset.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.Row;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Reject;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The table {@code rejects}, read without an engine. */
public final class RejectTable {
  private static final List<String> COLUMNS =
      List.of("import_id", "source", "reason_code", "message", "rejected_at");

  private final DatasetLayout layout;

  private RejectTable(DatasetLayout layout) {
    this.layout = layout;
  }

  public static RejectTable of(DatasetLayout layout) {
    return new RejectTable(layout);
  }

  /**
   * What imports refused, latest first, of one moment by source.
   *
   * @param limit at most so many; all rows are read whatever it is
   */
  public List<Reject> latest(int limit) {
    KernelTable table = KernelTable.at(layout.rejectsTable());
    Optional<Snapshot> snapshot = table.snapshot();
    if (snapshot.isEmpty()) {
      return List.of();
    }
    try {
      int[] ordinals = COLUMNS.stream().mapToInt(snapshot.get().getSchema()::indexOf).toArray();
      return table.rows(snapshot.get(), row -> reject(row, ordinals)).stream()
          .sorted(Comparator.comparing(Reject::rejectedAt).reversed().thenComparing(Reject::source))
          .limit(limit)
          .toList();
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.rejectsTable(), e);
    }
  }

  private static Reject reject(Row row, int[] ordinals) {
    return new Reject(
        new ImportId(row.getString(ordinals[0])),
        row.getString(ordinals[1]),
        row.getString(ordinals[2]),
        row.getString(ordinals[3]),
        KernelTable.instant(row.getLong(ordinals[4])));
  }
}
