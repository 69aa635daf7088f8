package io.millrace.training;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import java.util.Optional;

/**
 * Data that a training script reads: a name the script knows it by, usually {@code data_url}, and
 * the directory that holds it.
 *
 * @param location the data's directory; of a dataset version the directory of its manifest
 * @param version the dataset version that {@code location} belongs to; empty for other data
 */
public record TrainingInput(
    String name,
    StorageUri location,
    DataAccess access,
    InputDelivery delivery,
    Optional<DatasetRef> version) {

  public TrainingInput {
    requireNonNull(access, "access is null");
    access.check("input", name);
    requireNonNull(location, "location is null");
    requireNonNull(delivery, "delivery is null");
    requireNonNull(version, "version is null");
  }

  /** Data that the script finds as an argument, delivered as is usual for its location. */
  public static TrainingInput of(String name, StorageUri location) {
    return new TrainingInput(
        name, location, DataAccess.ARGUMENT, InputDelivery.usual(location), Optional.empty());
  }

  /** A dataset version that the script finds as an argument, delivered as is usual. */
  public static TrainingInput ofVersion(
      String name, DatasetRef version, StorageUri manifestDirectory) {
    return new TrainingInput(
        name,
        manifestDirectory,
        DataAccess.ARGUMENT,
        InputDelivery.usual(manifestDirectory),
        Optional.of(version));
  }

  public TrainingInput withAccess(DataAccess newAccess) {
    return new TrainingInput(name, location, newAccess, delivery, version);
  }

  public TrainingInput withDelivery(InputDelivery newDelivery) {
    return new TrainingInput(name, location, access, newDelivery, version);
  }
}
