package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that an export makes, which looks complete only when it is: its report, {@value
 * #REPORT}, is there.
 *
 * <p>On file systems, everything is written into a hidden directory beside the target, which gets
 * the target's name when all is whole; a process that dies leaves the hidden directory, which an
 * export to the same target one day later removes. Object stores cannot rename, so files are
 * written in place, under the mark {@value #UNFINISHED}, which goes when the report has come; an
 * export that died is known by the mark, and the next one to the same target removes what it left.
 * Of two exports to the same place of an object store the later one wins, and the earlier one fails
 * at its end, having found another mark than its own.
 */
public final class ExportTarget {
  /** The report, written last. Hidden, so that no reader takes it for a sample. */
  public static final String REPORT = ".millrace-export.json";

  static final String UNFINISHED = ".millrace-export-unfinished";

  private static final Logger log = LoggerFactory.getLogger(ExportTarget.class);

  /** Longer than any export takes: what is older was left by a process that died. */
  private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

  /** How the target gets complete. */
  private enum Way {
    RENAMED,
    IN_PLACE
  }

  private final StorageUri place;
  private final ObjectStore store;
  private final ExportId id;
  private final WhenNotEmpty whenNotEmpty;
  private final Way way;

  private ExportTarget(
      StorageUri place, ObjectStore store, ExportId id, WhenNotEmpty whenNotEmpty, Way way) {
    this.place = place;
    this.store = store;
    this.id = id;
    this.whenNotEmpty = whenNotEmpty;
    this.way = way;
  }

  /**
   * The target of one export.
   *
   * @param place a directory
   * @param store that serves it
   */
  public static ExportTarget of(
      StorageUri place, ObjectStore store, ExportId id, WhenNotEmpty whenNotEmpty) {
    requireNonNull(store, "store is null");
    requireNonNull(id, "id is null");
    Way way =
        switch (place.scheme()) {
          case FILE, HDFS -> Way.RENAMED;
          case S3, S3A, OBS -> Way.IN_PLACE;
          case HTTPS, CONTENT -> throw ExportErrors.unwritableScheme(place);
        };
    if (way == Way.RENAMED && place.parent().isEmpty()) {
      throw ExportErrors.targetNotEmpty(place);
    }
    return new ExportTarget(place, store, id, whenNotEmpty, way);
  }

  /** Where the files are written until the target is complete. */
  public StorageUri staging() {
    return way == Way.IN_PLACE ? place : beside(id.value());
  }

  /**
   * Makes sure that the target may be written.
   *
   * @throws io.millrace.dataset.DatasetException if it holds something that must stay
   */
  public void check() throws IOException {
    if (store.find(place).isPresent()) {
      throw ExportErrors.targetIsFile(place);
    }
    if (isEmpty() || holds(UNFINISHED)) {
      return;
    }
    if (!holds(REPORT)) {
      throw ExportErrors.targetNotEmpty(place);
    }
    if (whenNotEmpty == WhenNotEmpty.REFUSE) {
      throw ExportErrors.targetHoldsExport(place);
    }
  }

  /** Begins to write; call {@link #check} before. Removes what a dead export left. */
  public void begin() throws IOException {
    if (way == Way.RENAMED) {
      removeLeftovers();
    } else {
      store.delete(place);
      byte[] mark = id.value().getBytes(StandardCharsets.UTF_8);
      store.write(place.resolve(UNFINISHED), out -> out.write(mark));
    }
  }

  /** Makes the target complete. */
  public void complete(String report) throws IOException {
    byte[] content = (report + "\n").getBytes(StandardCharsets.UTF_8);
    if (way == Way.IN_PLACE) {
      if (!markedBy().equals(Optional.of(id.value()))) {
        throw ExportErrors.takenOver(place);
      }
      store.write(place.resolve(REPORT), out -> out.write(content));
      store.delete(place.resolve(UNFINISHED));
      return;
    }
    store.write(staging().resolve(REPORT), out -> out.write(content));
    removeReplaced();
    try {
      store.rename(staging(), place);
    } catch (FileAlreadyExistsException e) {
      log.info("Another export to {} was faster than {}", place, id, e);
      throw ExportErrors.targetNotEmpty(place);
    }
  }

  /** Removes what was written, after a failure. */
  public void abandon() throws IOException {
    if (way == Way.RENAMED || markedBy().equals(Optional.of(id.value()))) {
      store.delete(staging());
    }
  }

  /** The target as it was found, empty or an earlier export, makes room. */
  private void removeReplaced() throws IOException {
    check();
    if (holds(REPORT)) {
      store.delete(place);
    } else if (store.isDirectory(place)) {
      removeEmpty();
    }
  }

  private void removeEmpty() throws IOException {
    Optional<Path> local = place.localPath();
    if (local.isPresent()) {
      // Fails if something came into it meanwhile.
      Files.delete(local.get());
    } else {
      store.delete(place);
    }
  }

  private boolean isEmpty() throws IOException {
    Optional<Path> local = place.localPath();
    if (local.isPresent()) {
      // The store's listings leave out links and unfinished files.
      return !Files.isDirectory(local.get()) || isEmpty(local.get());
    }
    try (Stream<StoredObject> files = store.listFiles(place);
        Stream<StorageUri> directories = store.listDirectories(place)) {
      return files.findAny().isEmpty() && directories.findAny().isEmpty();
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  private boolean holds(String name) throws IOException {
    return store.find(place.resolve(name)).isPresent();
  }

  private Optional<String> markedBy() throws IOException {
    try (InputStream mark = store.open(place.resolve(UNFINISHED))) {
      return Optional.of(new String(mark.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      log.debug("There is no mark in {}", place, e);
      return Optional.empty();
    }
  }

  private StorageUri beside(String exportId) {
    return place.parent().orElseThrow().resolve(prefix() + exportId);
  }

  private String prefix() {
    return "." + place.fileName() + ".";
  }

  private void removeLeftovers() throws IOException {
    Instant limit = id.startedAt().minus(LEFTOVER_AGE);
    List<StorageUri> leftovers;
    try (Stream<StorageUri> directories = store.listDirectories(place.parent().orElseThrow())) {
      leftovers = directories.filter(directory -> isLeftover(directory, limit)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (StorageUri leftover : leftovers) {
      store.delete(leftover);
      log.info("Removed {}, which an unfinished export left", leftover);
    }
  }

  private boolean isLeftover(StorageUri directory, Instant limit) {
    String name = directory.fileName();
    if (!name.startsWith(prefix())) {
      return false;
    }
    String exportId = name.substring(prefix().length());
    return ExportId.isExportId(exportId) && new ExportId(exportId).startedAt().isBefore(limit);
  }
}
