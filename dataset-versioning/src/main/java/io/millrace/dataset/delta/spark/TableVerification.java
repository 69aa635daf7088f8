package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.TableOutput;
import io.millrace.dataset.versioning.VersionVerification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Compares a version of a table with its seal: the rows, each file, and the manifest. */
final class TableVerification {
  private final DatasetTable table;

  TableVerification(DatasetTable table) {
    this.table = requireNonNull(table, "table is null");
  }

  /**
   * Verifies.
   *
   * @param version resolved from the history, so that its files are in place
   * @param manifest the digest of its manifest as it is now; empty where it is missing
   */
  VersionVerification run(DatasetVersion version, Optional<Digest> manifest) throws IOException {
    StorageSettings settings = SessionStorage.of(table.spark());
    StorageUri place = table.layout().tableFiles(version.name(), version.publishId());
    TableVersionFiles files = TableVersionFiles.in(place, table.spark(), settings);
    List<String> differences = new ArrayList<>();
    boolean hasRows =
        files.entries().stream()
            .anyMatch(file -> file.path().startsWith(TablePublishing.PARQUET + "/"));
    long rows = hasRows ? compareRows(version, place, settings, differences) : 0;
    if (!hasRows) {
      differences.add("Its rows are missing.");
    }
    if (manifest.isEmpty()) {
      differences.add("Its manifest is missing.");
    } else if (!manifest.get().equals(version.manifestDigest())) {
      differences.add("Its manifest is not the one that was published.");
    }
    if (!files.seal(version.name(), version.manifestDigest()).equals(version.seal().files())) {
      differences.add("Its files are not those that were published.");
    }
    return new VersionVerification(version.name(), rows, files.entries().size() + 1L, differences);
  }

  private long compareRows(
      DatasetVersion version,
      StorageUri place,
      StorageSettings settings,
      List<String> differences) {
    Dataset<Row> rows = TableData.of(table).version(version);
    TableVersionPart found =
        TableVersionTask.run(
            rows, TableTypes.schema(rows.schema()), new TableOutput.Parquet(), place, settings);
    if (found.rows() != version.samples()) {
      differences.add(
          "It has %s rows, and had %s when it was published."
              .formatted(found.rows(), version.samples()));
    } else if (!found.digest().toDigest().equals(version.seal().rows())) {
      differences.add("Its rows are not those that were published.");
    }
    return found.rows();
  }
}
