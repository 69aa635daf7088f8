package io.millrace.dataset.delta;

import static io.delta.kernel.types.StringType.STRING;
import static io.delta.kernel.types.TimestampType.TIMESTAMP;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.Row;
import io.delta.kernel.types.StructType;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.versioning.DatasetInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code dataset}: one row that says what the dataset is. */
final class DatasetInfoTable {
  private static final StructType SCHEMA =
      new StructType()
          .add("name", STRING)
          .add("id", STRING)
          .add("task_type", STRING)
          .add("description", STRING)
          .add("created_at", TIMESTAMP);

  private DatasetInfoTable() {}

  static void create(DatasetLayout layout, DatasetInfo info) throws IOException {
    List<Object[]> rows = new ArrayList<>(1);
    rows.add(
        new Object[] {
          info.name().value(),
          info.id(),
          info.taskType().name(),
          info.description(),
          KernelTable.micros(info.createdAt())
        });
    KernelTable.at(layout.datasetTable()).create(SCHEMA, rows);
  }

  /**
   * What the dataset is.
   *
   * @throws io.millrace.dataset.DatasetException if the directory holds no dataset
   */
  static DatasetInfo read(DatasetLayout layout) {
    return find(layout).orElseThrow(() -> DatasetErrors.notADataset(layout.root()));
  }

  /** What the dataset is; empty for a directory that holds none, or one not created to the end. */
  static Optional<DatasetInfo> find(DatasetLayout layout) {
    KernelTable table = KernelTable.at(layout.datasetTable());
    Optional<Snapshot> snapshot = table.snapshot();
    if (snapshot.isEmpty()) {
      return Optional.empty();
    }
    try {
      return table.rows(snapshot.get(), DatasetInfoTable::info).stream().findFirst();
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.datasetTable(), e);
    }
  }

  private static DatasetInfo info(Row row) {
    return new DatasetInfo(
        new DatasetName(row.getString(0)),
        row.getString(1),
        LabelTaskType.valueOf(row.getString(2)),
        row.getString(3),
        KernelTable.instant(row.getLong(4)));
  }
}
