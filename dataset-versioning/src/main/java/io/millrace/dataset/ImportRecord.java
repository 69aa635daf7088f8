package io.millrace.dataset;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * That an import began to change a dataset. It stays when the import is killed in the middle.
 *
 * @param source what was imported, in its canonical form
 * @param format how it was laid out
 * @param settings the settings that decide what is taken, as the text of a JSON object
 */
public record ImportRecord(
    ImportId id, StorageUri source, String format, String settings, Instant startedAt) {
  public ImportRecord {
    requireNonNull(id, "id is null");
    requireNonNull(source, "source is null");
    requireNonNull(format, "format is null");
    requireNonNull(settings, "settings is null");
    requireNonNull(startedAt, "startedAt is null");
  }
}
