package io.millrace.jobs.cli;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.PendingObject;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every storage that Millrace knows, each address served by the one of its scheme with the settings
 * of the process. Local addresses load no class of Hadoop.
 */
final class StoresByAddress implements ObjectStore {
  /**
   * Hadoop would close its file systems as soon as the process is told to end, while a run that is
   * being stopped still uploads its last checkpoint.
   */
  private static final Map<String, String> OPEN_TO_THE_END = Map.of("fs.automatic.close", "false");

  private Optional<StorageSettings> settings = Optional.empty();

  private ObjectStore of(StorageUri address) {
    return switch (address.scheme()) {
      case S3, S3A, OBS, HDFS -> ObjectStores.of(address, settings());
      case FILE, HTTPS, CONTENT -> ObjectStores.of(address);
    };
  }

  /** Those of the process when they were first needed. */
  private synchronized StorageSettings settings() {
    if (settings.isEmpty()) {
      settings = Optional.of(StorageSettings.ofProcess().and(OPEN_TO_THE_END));
    }
    return settings.get();
  }

  @Override
  public InputStream open(StorageUri object) throws IOException {
    return of(object).open(object);
  }

  @Override
  public PendingObject create(StorageUri object) throws IOException {
    return of(object).create(object);
  }

  @Override
  public Optional<StoredObject> find(StorageUri object) throws IOException {
    return of(object).find(object);
  }

  @Override
  public boolean isDirectory(StorageUri address) throws IOException {
    return of(address).isDirectory(address);
  }

  @Override
  public Stream<StoredObject> list(StorageUri directory) throws IOException {
    return of(directory).list(directory);
  }

  @Override
  public Stream<StoredObject> listFiles(StorageUri directory) throws IOException {
    return of(directory).listFiles(directory);
  }

  @Override
  public Stream<StorageUri> listDirectories(StorageUri directory) throws IOException {
    return of(directory).listDirectories(directory);
  }

  @Override
  public void delete(StorageUri address) throws IOException {
    of(address).delete(address);
  }

  @Override
  public void rename(StorageUri directory, StorageUri target) throws IOException {
    of(directory).rename(directory, target);
  }
}
