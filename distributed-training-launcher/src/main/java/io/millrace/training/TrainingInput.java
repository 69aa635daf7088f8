package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import java.util.Optional;
import java.util.regex.Pattern;

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
    InputAccess access,
    InputDelivery delivery,
    Optional<DatasetRef> version) {

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  public TrainingInput {
    ArgumentName.check("input", name);
    requireNonNull(location, "location is null");
    requireNonNull(access, "access is null");
    requireNonNull(delivery, "delivery is null");
    requireNonNull(version, "version is null");
    checkArgument(
        access == InputAccess.ARGUMENT || VARIABLE.matcher(name).matches(),
        "Invalid input name: '%s' (expected a name without '-' for access by environment)",
        name);
  }

  /** Data that the script finds as an argument. */
  public static TrainingInput of(String name, StorageUri location) {
    return new TrainingInput(
        name, location, InputAccess.ARGUMENT, InputDelivery.LINKED, Optional.empty());
  }

  /** A dataset version that the script finds as an argument. */
  public static TrainingInput ofVersion(
      String name, DatasetRef version, StorageUri manifestDirectory) {
    return new TrainingInput(
        name, manifestDirectory, InputAccess.ARGUMENT, InputDelivery.LINKED, Optional.of(version));
  }

  public TrainingInput withAccess(InputAccess newAccess) {
    return new TrainingInput(name, location, newAccess, delivery, version);
  }

  public TrainingInput withDelivery(InputDelivery newDelivery) {
    return new TrainingInput(name, location, access, newDelivery, version);
  }
}
