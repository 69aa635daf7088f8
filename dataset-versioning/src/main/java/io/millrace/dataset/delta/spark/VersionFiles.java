package io.millrace.dataset.delta.spark;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.manifest.ManifestWriter;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.voc.VocCodec;
import io.millrace.dataset.voc.VocDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;

/**
 * Writes the manifest and annotation files of a version: each task a part of the manifest and the
 * files it names, the driver joins the parts. Running a task twice writes the same again.
 *
 * @param staging the directory to write in
 * @param place the directory that it will become, which the manifest names
 */
record VersionFiles(String staging, String place)
    implements Function2<Integer, Iterator<Row>, Iterator<Integer>> {
  private static final String ANNOTATIONS = "annotations/";
  private static final int ANNOTATION_FILE = VersionRows.SCHEMA.fieldIndex("annotation_file");

  /** Writes rows of {@link VersionRows#SCHEMA}; returns the number of the part. */
  @Override
  public Iterator<Integer> call(Integer part, Iterator<Row> rows) throws IOException {
    StorageUri stagingPlace = StorageUri.parse(staging);
    StorageUri finalPlace = StorageUri.parse(place);
    ObjectStore store = ObjectStores.of(stagingPlace);
    VocCodec voc = new VocCodec(Limits.DEFAULT);
    store.write(
        part(part),
        out -> {
          ManifestWriter manifest = new ManifestWriter(out);
          while (rows.hasNext()) {
            Row row = rows.next();
            Sample sample = SampleRows.toSample(row);
            if (row.isNullAt(ANNOTATION_FILE)) {
              manifest.write(sample);
            } else {
              String file = ANNOTATIONS + row.getString(ANNOTATION_FILE);
              byte[] content = voc.encode(VocDocument.of(sample));
              store.write(stagingPlace.resolve(file), object -> object.write(content));
              manifest.write(sample, finalPlace.resolve(file));
            }
          }
          manifest.flush();
        });
    return List.of(part).iterator();
  }

  /** Makes the manifest of its parts, in their order, and returns its digest. */
  Digest joinParts(List<Integer> parts, VersionName name) {
    StorageUri manifest = StorageUri.parse(staging).resolve(name + ".manifest");
    ObjectStore store = ObjectStores.of(manifest);
    MessageDigest sha256 = Digest.sha256();
    try {
      store.write(
          manifest,
          out -> {
            OutputStream digesting = new DigestOutputStream(out, sha256);
            for (int part : parts.stream().sorted().toList()) {
              try (InputStream in = store.open(part(part))) {
                in.transferTo(digesting);
              }
            }
          });
      store.delete(StorageUri.parse(staging).resolve("parts"));
    } catch (IOException e) {
      throw new DatasetException(
          "Cannot write %s: %s. Check permissions and free space."
              .formatted(manifest, e.getMessage()),
          e);
    }
    return new Digest(HexFormat.of().formatHex(sha256.digest()));
  }

  private StorageUri part(int number) {
    return StorageUri.parse(staging).resolve("parts/%05d".formatted(number));
  }
}
