package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.MultisetDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Digests rows of a version as they are now, and the annotation files that they name.
 *
 * @param place the directory of the version's files
 * @param path where the annotation files lie in it
 */
record VerifyRows(String place, String path)
    implements FlatMapFunction<Iterator<Row>, VerifyRows.Found> {
  private static final Logger log = LoggerFactory.getLogger(VerifyRows.class);
  private static final int MOST_NAMED = 3;

  /**
   * What one task found, or several together.
   *
   * @param missing files that rows name and that are not there; at most {@value #MOST_NAMED}
   */
  record Found(
      long rows,
      long files,
      MultisetDigest rowDigest,
      MultisetDigest fileDigest,
      long missingFiles,
      ArrayList<String> missing)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    static final Found NOTHING =
        new Found(0, 0, MultisetDigest.EMPTY, MultisetDigest.EMPTY, 0, new ArrayList<>());

    Found plus(Found other) {
      ArrayList<String> named = new ArrayList<>(missing);
      other.missing.stream().limit(MOST_NAMED - (long) named.size()).forEach(named::add);
      return new Found(
          rows + other.rows,
          files + other.files,
          rowDigest.plus(other.rowDigest),
          fileDigest.plus(other.fileDigest),
          missingFiles + other.missingFiles,
          named);
    }
  }

  @Override
  public Iterator<Found> call(Iterator<Row> rows) throws IOException {
    StorageUri directory = StorageUri.parse(place);
    ObjectStore store = ObjectStores.of(directory);
    MultisetDigest.Adder rowDigest = new MultisetDigest.Adder();
    MultisetDigest.Adder fileDigest = new MultisetDigest.Adder();
    ArrayList<String> missing = new ArrayList<>();
    long rowCount = 0;
    long fileCount = 0;
    long missingCount = 0;
    while (rows.hasNext()) {
      Row row = rows.next();
      rowCount++;
      rowDigest.add(VersionFiles.digested(row));
      if (!row.isNullAt(VersionFiles.ANNOTATION_FILE)) {
        String file = path + row.getString(VersionFiles.ANNOTATION_FILE);
        try (InputStream in = store.open(directory.resolve(file))) {
          fileDigest.addFile(file, Digest.sha256().digest(in.readAllBytes()));
          fileCount++;
        } catch (FileNotFoundException e) {
          log.debug("A file of a version is missing", e);
          missingCount++;
          if (missing.size() < MOST_NAMED) {
            missing.add(file);
          }
        }
      }
    }
    return List.of(
            new Found(
                rowCount, fileCount, rowDigest.sum(), fileDigest.sum(), missingCount, missing))
        .iterator();
  }
}
