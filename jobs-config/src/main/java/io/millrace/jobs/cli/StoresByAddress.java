package io.millrace.jobs.cli;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.PendingObject;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every storage that Millrace knows, each address served by the one of its scheme with the settings
 * of the process. Local addresses load no class of Hadoop.
 */
final class StoresByAddress implements ObjectStore {

  @Override
  public InputStream open(StorageUri object) throws IOException {
    return ObjectStores.of(object).open(object);
  }

  @Override
  public PendingObject create(StorageUri object) throws IOException {
    return ObjectStores.of(object).create(object);
  }

  @Override
  public Optional<StoredObject> find(StorageUri object) throws IOException {
    return ObjectStores.of(object).find(object);
  }

  @Override
  public boolean isDirectory(StorageUri address) throws IOException {
    return ObjectStores.of(address).isDirectory(address);
  }

  @Override
  public Stream<StoredObject> list(StorageUri directory) throws IOException {
    return ObjectStores.of(directory).list(directory);
  }

  @Override
  public Stream<StoredObject> listFiles(StorageUri directory) throws IOException {
    return ObjectStores.of(directory).listFiles(directory);
  }

  @Override
  public Stream<StorageUri> listDirectories(StorageUri directory) throws IOException {
    return ObjectStores.of(directory).listDirectories(directory);
  }

  @Override
  public void delete(StorageUri address) throws IOException {
    ObjectStores.of(address).delete(address);
  }

  @Override
  public void rename(StorageUri directory, StorageUri target) throws IOException {
    ObjectStores.of(directory).rename(directory, target);
  }
}
