package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.col;

import io.delta.tables.DeltaTable;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.delta.VersionLog;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.versioning.PublishId;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows and files of publishings that never became a version. No reader sees them. */
final class PublishLeftovers {
  private static final Logger log = LoggerFactory.getLogger(PublishLeftovers.class);
  private static final String STAGING = ".staging-";

  private final DatasetTable table;
  private final DatasetLayout layout;
  private final Set<String> published;

  /**
   * The leftovers of a dataset.
   *
   * @param published the publish ids of its versions, which are never touched
   */
  PublishLeftovers(DatasetTable table, Set<String> published) {
    this.table = table;
    this.layout = table.layout();
    this.published = Set.copyOf(published);
  }

  /**
   * Removes what publishings left that began before this moment, and what is left of the staging
   * directories of versions, whose files have to be in their place.
   */
  void removeStartedBefore(Instant limit) {
    stagedIds().stream().filter(published::contains).forEach(id -> delete(layout.staging(id)));
    remove(startedBefore(limit));
  }

  /** The publishings that began before this moment and left something. */
  Set<String> startedBefore(Instant limit) {
    Set<String> ids = new HashSet<>(VersionLog.of(layout).publishIdsWithRows());
    ids.addAll(stagedIds());
    ids.removeAll(published);
    ids.removeIf(
        id -> !PublishId.isPublishId(id) || !new PublishId(id).startedAt().isBefore(limit));
    return ids;
  }

  private Set<String> stagedIds() {
    return annotationDirectories()
        .map(StorageUri::fileName)
        .filter(name -> name.startsWith(STAGING))
        .map(name -> name.substring(STAGING.length()))
        .collect(Collectors.toSet());
  }

  /** Removes what this publishing left, unless it became a version after all. */
  void remove(PublishId id) {
    if (!published.contains(id.value())) {
      remove(Set.of(id.value()));
    }
  }

  /** Removes rows and files of these publishings. */
  void remove(Collection<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    StorageUri samples = layout.versionSamplesTable();
    if (table.exists(samples)) {
      table.committing(
          "clean up",
          samples,
          () -> {
            DeltaTable.forPath(table.spark(), DatasetTable.path(samples))
                .delete(col(DatasetTable.PUBLISH_ID).isin(ids.toArray()));
            return ids;
          });
    }
    ids.forEach(this::removeFiles);
    log.info("Removed what {} unfinished publishings left in {}", ids.size(), layout.root());
  }

  /** The staging directory goes last: it shows that there is something to remove. */
  private void removeFiles(String id) {
    if (layout.isInObjectStore()) {
      annotationDirectories()
          .filter(directory -> !directory.fileName().startsWith("."))
          .forEach(directory -> delete(directory.resolve(layout.annotationPath(id))));
    }
    delete(layout.index(id));
    delete(layout.staging(id));
  }

  private Stream<StorageUri> annotationDirectories() {
    StorageUri annotation = layout.root().resolve("annotation");
    try (Stream<StorageUri> directories = ObjectStores.of(annotation).listDirectories(annotation)) {
      return directories.toList().stream();
    } catch (IOException e) {
      throw unremovable(annotation, e);
    }
  }

  private static void delete(StorageUri address) {
    try {
      ObjectStores.of(address).delete(address);
    } catch (IOException e) {
      throw unremovable(address, e);
    }
  }

  private static DatasetException unremovable(StorageUri address, IOException cause) {
    return new DatasetException(
        "Cannot remove leftovers in %s: %s. Check permissions."
            .formatted(address, cause.getMessage()),
        cause);
  }
}
