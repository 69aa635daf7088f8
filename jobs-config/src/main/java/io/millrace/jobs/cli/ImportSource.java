package io.millrace.jobs.cli;

import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.table.TableSource;
import java.util.Optional;

/**
 * What a user wants to import: an address on storage, or of a database.
 *
 * @param address empty for a database
 */
record ImportSource(String text, Optional<StorageUri> address) {

  /**
   * Reads an address as people type it.
   *
   * @throws io.millrace.dataset.DatasetException for an address of an unknown kind
   */
  static ImportSource parse(String text) {
    TableSource.checkSupported(text);
    return new ImportSource(
        text,
        TableSource.isDatabase(text)
            ? Optional.empty()
            : Optional.of(MillraceCommand.address(text)));
  }
}
