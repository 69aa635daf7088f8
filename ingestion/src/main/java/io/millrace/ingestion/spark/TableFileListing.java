package io.millrace.ingestion.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.table.TableErrors;
import io.millrace.ingestion.table.TableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The files of a table source, all of one kind, ordered by address. The driver holds the list: a
 * table comes in files of many rows, not in a file a row.
 *
 * @param others files of a directory that are of neither kind
 */
record TableFileListing(Kind kind, List<TableFile> files, long others) {
  enum Kind {
    CSV,
    PARQUET
  }

  TableFileListing {
    files = files.stream().sorted(Comparator.comparing(TableFile::source)).toList();
  }

  static TableFileListing of(StorageUri source, ObjectStore store) throws IOException {
    if (store.isDirectory(source)) {
      try (Stream<StoredObject> objects = store.list(source)) {
        return ofDirectory(source, objects);
      }
    }
    StoredObject file = store.find(source).orElseThrow(() -> TableErrors.sourceMissing(source));
    Kind kind = hasExtension(source, ".parquet") ? Kind.PARQUET : Kind.CSV;
    return new TableFileListing(kind, List.of(TableFile.of(file)), 0);
  }

  private static TableFileListing ofDirectory(StorageUri source, Stream<StoredObject> objects) {
    List<TableFile> csv = new ArrayList<>();
    List<TableFile> parquet = new ArrayList<>();
    long[] others = new long[1];
    objects.forEach(
        object -> {
          if (isHidden(source, object.uri())) {
            return;
          }
          if (hasExtension(object.uri(), ".csv")) {
            csv.add(TableFile.of(object));
          } else if (hasExtension(object.uri(), ".parquet")) {
            parquet.add(TableFile.of(object));
          } else {
            others[0]++;
          }
        });
    if (csv.isEmpty() && parquet.isEmpty()) {
      throw TableErrors.nothingFound(source, others[0]);
    }
    if (!csv.isEmpty() && !parquet.isEmpty()) {
      throw TableErrors.mixedFiles(source, csv.get(0).source(), parquet.get(0).source());
    }
    return csv.isEmpty()
        ? new TableFileListing(Kind.PARQUET, parquet, others[0])
        : new TableFileListing(Kind.CSV, csv, others[0]);
  }

  private static boolean hasExtension(StorageUri file, String extension) {
    return file.fileName().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  /** Names that begin with a dot or an underline, as engines write their own files. */
  private static boolean isHidden(StorageUri source, StorageUri file) {
    String path = file.canonical().path();
    String relative = path.substring(Math.min(path.length(), source.canonical().path().length()));
    return Stream.of(relative.split("/"))
        .anyMatch(name -> name.startsWith(".") || name.startsWith("_"));
  }
}
