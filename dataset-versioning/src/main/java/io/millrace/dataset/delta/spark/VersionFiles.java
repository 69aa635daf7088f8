package io.millrace.dataset.delta.spark;

import static io.millrace.dataset.versioning.MultisetDigest.Adder;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.manifest.ManifestWriter;
import io.millrace.dataset.storage.ObjectContent;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.PublishId;
import io.millrace.dataset.versioning.VersionIndex;
import io.millrace.dataset.voc.VocCodec;
import io.millrace.dataset.voc.VocDocument;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Writes the files of a version: each task a part of the manifest, a part of the index and the
 * annotation files that its part names; the driver joins the parts. Running a task twice writes the
 * same again.
 *
 * @param staging the directory for the manifest and its parts
 * @param annotations the directory for the annotation files
 * @param place the directory of the version
 * @param path where the annotation files will be in it
 */
record VersionFiles(String staging, String annotations, String place, String path)
    implements Function2<Integer, Iterator<Row>, Iterator<VersionPart>> {
  /** The name under which the index is digested. */
  static final String INDEX = "index";

  static final int ANNOTATION_FILE = VersionRows.SCHEMA.fieldIndex("annotation_file");

  /** The columns behind those of the rows. */
  private static final int ID_HASH = VersionRows.SCHEMA.length();

  private static final int LABELLING_HASH = ID_HASH + 1;
  private static final int REST_HASH = ID_HASH + 2;
  private static final int ROW_HASH = ID_HASH + 3;

  static VersionFiles of(DatasetLayout layout, VersionName version, PublishId id) {
    return new VersionFiles(
        layout.staging(id.value()).value(),
        layout.annotationsInMaking(version, id.value()).value(),
        layout.annotation(version).value(),
        layout.annotationPath(id.value()));
  }

  /**
   * Writes all files but the joined ones.
   *
   * @param rows of {@link VersionRows#SCHEMA}
   * @return what the tasks wrote, in the order in which the manifest is joined
   */
  List<VersionPart> write(Dataset<Row> rows) {
    return hashed(rows).javaRDD().mapPartitionsWithIndex(this, false).collect();
  }

  /** Rows of {@link VersionRows#SCHEMA}, and behind them the hashes of each. */
  static Dataset<Row> hashed(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>(List.of(DatasetTable.columns(VersionRows.SCHEMA)));
    columns.add(SampleHashes.ID);
    columns.add(SampleHashes.LABELLING);
    columns.add(SampleHashes.REST);
    columns.add(SampleHashes.ROW);
    return rows.select(columns.toArray(Column[]::new));
  }

  @Override
  public Iterator<VersionPart> call(Integer part, Iterator<Row> rows) throws IOException {
    StorageUri written = StorageUri.parse(annotations);
    StorageUri finalPlace = StorageUri.parse(place);
    ObjectStore store = ObjectStores.of(written);
    VocCodec voc = new VocCodec(Limits.DEFAULT);
    MessageDigest sha256 = Digest.sha256();
    VersionPart.Tally tally = new VersionPart.Tally();
    List<VersionIndex.Entry> index = new ArrayList<>();
    store.write(
        manifestPart(part),
        out -> {
          ManifestWriter manifest = new ManifestWriter(out);
          while (rows.hasNext()) {
            Row row = rows.next();
            Sample sample = SampleRows.toSample(row);
            if (row.isNullAt(ANNOTATION_FILE)) {
              manifest.write(sample);
            } else {
              String file = row.getString(ANNOTATION_FILE);
              byte[] content = voc.encode(VocDocument.of(sample));
              store.write(written.resolve(file), object -> object.write(content));
              tally.addFile(path + file, sha256.digest(content), content.length);
              manifest.write(sample, finalPlace.resolve(path + file));
            }
            tally.addSample(sample, digested(row));
            index.add(entry(row, sample.usage()));
          }
          manifest.flush();
        });
    store.write(indexPart(part), out -> VersionIndex.write(index, out));
    return List.of(tally.part(part)).iterator();
  }

  /**
   * Makes the manifest of its parts, in their order.
   *
   * @return its path, digest and size
   */
  WrittenFile joinManifest(List<VersionPart> parts, VersionName name) {
    StorageUri manifest = StorageUri.parse(staging).resolve(name + ".manifest");
    return joined(
        manifest,
        out -> {
          for (VersionPart part : parts) {
            try (InputStream in = open(manifestPart(part.number()))) {
              in.transferTo(out);
            }
          }
        });
  }

  /** Makes the index of its parts. */
  WrittenFile joinIndex(List<VersionPart> parts, StorageUri index) {
    return joined(
        index,
        out -> {
          List<InputStream> open = new ArrayList<>();
          try {
            for (VersionPart part : parts) {
              open.add(open(indexPart(part.number())));
            }
            VersionIndex.merge(open, out);
          } finally {
            for (InputStream in : open) {
              in.close();
            }
          }
        });
  }

  /** Removes the parts, once they were joined. */
  void removeParts() {
    StorageUri parts = StorageUri.parse(staging).resolve("parts");
    try {
      ObjectStores.of(parts).delete(parts);
    } catch (IOException e) {
      throw unwritable(parts, e);
    }
  }

  /** A file that was written whole. */
  record WrittenFile(Digest digest, long bytes) {
    void addTo(Adder files, String path) {
      files.addFile(path, digest.bytes());
    }
  }

  private static WrittenFile joined(StorageUri target, ObjectContent content) {
    MessageDigest sha256 = Digest.sha256();
    long[] bytes = new long[1];
    try {
      ObjectStores.of(target)
          .write(
              target,
              out ->
                  content.writeTo(
                      new FilterOutputStream(out) {
                        @Override
                        public void write(int b) throws IOException {
                          write(new byte[] {(byte) b}, 0, 1);
                        }

                        @Override
                        public void write(byte[] piece, int from, int length) throws IOException {
                          out.write(piece, from, length);
                          sha256.update(piece, from, length);
                          bytes[0] += length;
                        }
                      }));
    } catch (IOException e) {
      throw unwritable(target, e);
    }
    return new WrittenFile(Digest.of(sha256), bytes[0]);
  }

  /** What of a row of {@link #hashed} is digested. */
  static byte[] digested(Row row) {
    byte[] id = row.getString(0).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(id.length + 4 * Long.BYTES)
        .put(id)
        .putLong(row.getLong(ID_HASH))
        .putLong(row.getLong(LABELLING_HASH))
        .putLong(row.getLong(REST_HASH))
        .putLong(row.getLong(ROW_HASH))
        .array();
  }

  private static VersionIndex.Entry entry(Row row, Optional<Usage> usage) {
    return new VersionIndex.Entry(
        row.getLong(ID_HASH),
        row.getLong(LABELLING_HASH),
        row.getLong(REST_HASH),
        VersionIndex.partOf(usage));
  }

  private static InputStream open(StorageUri object) throws IOException {
    return ObjectStores.of(object).open(object);
  }

  private StorageUri manifestPart(int number) {
    return StorageUri.parse(staging).resolve("parts/%05d".formatted(number));
  }

  private StorageUri indexPart(int number) {
    return StorageUri.parse(staging).resolve("parts/%05d.index".formatted(number));
  }

  private static DatasetException unwritable(StorageUri target, IOException cause) {
    return new DatasetException(
        "Cannot write %s: %s. Check permissions and free space."
            .formatted(target, cause.getMessage()),
        cause);
  }
}
