package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Digest;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.dataset.versioning.MultisetDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * The files of a version of a table, as they are on storage, its manifest aside.
 *
 * @param entries by path
 */
record TableVersionFiles(List<Entry> entries) {

  /**
   * A file.
   *
   * @param path relative to where the files lie
   */
  record Entry(String path, long bytes, Digest digest) {}

  TableVersionFiles {
    entries = List.copyOf(entries);
  }

  /** Lists and digests what lies in a directory; each file is read once, by a task. */
  static TableVersionFiles in(StorageUri directory, SparkSession spark, StorageSettings settings)
      throws IOException {
    List<StoredObject> objects;
    try (Stream<StoredObject> listed = ObjectStores.of(directory, settings).list(directory)) {
      objects =
          listed
              .filter(object -> !object.uri().fileName().endsWith(".manifest"))
              .sorted(Comparator.comparing(object -> object.uri().value()))
              .toList();
    }
    if (objects.isEmpty()) {
      return new TableVersionFiles(List.of());
    }
    List<String> digests =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(
                objects.stream().map(object -> object.uri().value()).toList(), objects.size())
            .map(new FileDigest(settings))
            .collect();
    String base = directory.canonical().path();
    List<Entry> entries = new ArrayList<>(objects.size());
    for (int i = 0; i < objects.size(); i++) {
      StoredObject object = objects.get(i);
      String path = object.uri().canonical().path().substring(base.length());
      entries.add(
          new Entry(
              path.startsWith("/") ? path.substring(1) : path,
              object.sizeBytes(),
              new Digest(digests.get(i))));
    }
    return new TableVersionFiles(entries);
  }

  long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  /** What a version's seal says of its files, the manifest among them. */
  Digest seal(VersionName name, Digest manifest) {
    MultisetDigest.Adder digests = new MultisetDigest.Adder();
    entries.forEach(entry -> digests.addFile(entry.path(), entry.digest().bytes()));
    digests.addFile(name + ".manifest", manifest.bytes());
    return digests.sum().toDigest();
  }

  /** The SHA-256 of a file, in hexadecimal digits. */
  private record FileDigest(StorageSettings settings) implements Function<String, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String call(String address) throws IOException {
      StorageUri file = StorageUri.parse(address);
      MessageDigest sha256 = Digest.sha256();
      try (InputStream in =
          new DigestInputStream(ObjectStores.of(file, settings).open(file), sha256)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return Digest.of(sha256).hex();
    }
  }
}
