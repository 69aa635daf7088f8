package io.millrace.ingestion.table;

import io.millrace.dataset.DatasetException;
import java.util.Locale;

/** Where the rows of a table import come from. */
public sealed interface TableSource permits TableFiles, JdbcSource {

  /** How messages and reports name it. */
  String description();

  /** Whether a text names a database rather than files. */
  static boolean isDatabase(String text) {
    return text.toLowerCase(Locale.ROOT).startsWith("jdbc:");
  }

  /**
   * Refuses what looks like a source and can be none here.
   *
   * @throws DatasetException for a table of a Hive metastore
   */
  static void checkSupported(String text) {
    if (text.toLowerCase(Locale.ROOT).startsWith("hive:")) {
      throw TableErrors.hive(text);
    }
  }
}
