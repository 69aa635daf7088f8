package io.millrace.dataset.delta;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.VersionName;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.DatasetInfo;
import io.millrace.dataset.versioning.DatasetVersion;
import java.util.List;
import java.util.Optional;

/**
 * A dataset at a glance.
 *
 * @param samples in the working state; of a table dataset, its rows
 * @param rejects inputs that imports refused, of all imports
 * @param versions oldest first
 * @param current the version that references without a version name mean
 * @param schema the columns of a table dataset, once they were given or imported
 */
public record DatasetSummary(
    DatasetInfo info,
    DatasetLayout layout,
    long samples,
    long rejects,
    List<DatasetVersion> versions,
    Optional<VersionName> current,
    Optional<TableSchema> schema) {
  public DatasetSummary {
    requireNonNull(info, "info is null");
    requireNonNull(layout, "layout is null");
    requireNonNull(current, "current is null");
    requireNonNull(schema, "schema is null");
    versions = List.copyOf(versions);
  }
}
