package io.millrace.dataset.delta.spark;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.MultisetDigest;
import io.millrace.dataset.versioning.VersionFormat;
import io.millrace.dataset.versioning.VersionVerification;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all rows and files of a published version and compares them with the digests that were
 * taken when it was published. Media are not read.
 */
public final class VerifyJob {
  private static final Logger log = LoggerFactory.getLogger(VerifyJob.class);

  private final DatasetTable table;

  public VerifyJob(DatasetTable table) {
    this.table = requireNonNull(table, "table is null");
  }

  /**
   * Verifies one version.
   *
   * @throws DatasetException if there is no such version, or storage cannot be read
   */
  public VersionVerification run(DatasetRef ref) {
    DatasetVersion version = table.history().resolve(ref);
    StorageUri place = version.manifest().parent().orElseThrow();
    if (version.format() != VersionFormat.MANIFEST) {
      return verifyTable(version, place);
    }
    VerifyRows.Found found =
        VersionFiles.hashed(table.versionRows(version))
            .javaRDD()
            .mapPartitions(
                new VerifyRows(place.value(), table.layout().annotationPath(version.publishId())))
            .fold(VerifyRows.Found.NOTHING, VerifyRows.Found::plus);
    List<String> differences = new ArrayList<>();
    if (found.rows() != version.samples()) {
      differences.add(
          "It has %s rows, and had %s when it was published."
              .formatted(found.rows(), version.samples()));
    } else if (!found.rowDigest().toDigest().equals(version.seal().rows())) {
      differences.add("Its rows are not those that were published.");
    }
    if (found.missingFiles() > 0) {
      differences.add(
          "%s annotation files are missing, for example %s."
              .formatted(found.missingFiles(), String.join(", ", found.missing())));
    }
    Optional<Digest> manifest = digest(version.manifest());
    Optional<Digest> index = digest(table.layout().index(version.publishId()));
    if (manifest.isEmpty()) {
      differences.add("Its manifest is missing.");
    } else if (!manifest.get().equals(version.manifestDigest())) {
      differences.add("Its manifest is not the one that was published.");
    }
    if (index.isEmpty()) {
      differences.add("Its index is missing, by which versions are compared.");
    }
    if (manifest.isPresent() && index.isPresent() && found.missingFiles() == 0) {
      MultisetDigest.Adder joined = new MultisetDigest.Adder();
      joined.addFile(version.manifest().fileName(), manifest.get().bytes());
      joined.addFile(VersionFiles.INDEX, index.get().bytes());
      boolean isSame =
          found.fileDigest().plus(joined.sum()).toDigest().equals(version.seal().files());
      if (!isSame && manifest.get().equals(version.manifestDigest())) {
        differences.add("Its annotation files or its index are not those that were published.");
      }
    }
    long files = filesIn(place);
    if (files > found.files() + 1) {
      differences.add(
          "%s files lie in %s that were not published."
              .formatted(files - found.files() - 1, place));
    }
    log.info("Verified {}: {} differences", ref, differences.size());
    return new VersionVerification(version.name(), found.rows(), found.files() + 2, differences);
  }

  private VersionVerification verifyTable(DatasetVersion version, StorageUri place) {
    try {
      return new TableVerification(table).run(version, digest(version.manifest()));
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  private static long filesIn(StorageUri directory) {
    try (Stream<?> files = ObjectStores.of(directory).list(directory)) {
      return files.count();
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static Optional<Digest> digest(StorageUri file) {
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = ObjectStores.of(file).open(file);
        OutputStream digesting = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
      in.transferTo(digesting);
      return Optional.of(Digest.of(sha256));
    } catch (FileNotFoundException e) {
      log.debug("A file of a version is missing", e);
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DatasetException unreadable(StorageUri address, IOException cause) {
    return new DatasetException(
        "Cannot verify what lies in %s: %s. Check that the storage is reachable."
            .formatted(address, cause.getMessage()),
        cause);
  }
}
