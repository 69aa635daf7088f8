package io.millrace.training;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;

/**
 * What a training script writes: a name the script knows it by, usually {@code train_url}, and the
 * directory that the files end in. The script writes to a local directory of its node; new and
 * changed files are copied to the location while it runs and once more when it has ended.
 */
public record TrainingOutput(
    String name, StorageUri location, DataAccess access, OutputPreparation preparation) {
  public TrainingOutput {
    requireNonNull(access, "access is null");
    access.check("output", name);
    requireNonNull(location, "location is null");
    requireNonNull(preparation, "preparation is null");
  }

  /** An output that is empty when the run starts, and that the script finds as an argument. */
  public static TrainingOutput of(String name, StorageUri location) {
    return new TrainingOutput(name, location, DataAccess.ARGUMENT, OutputPreparation.EMPTY);
  }

  public TrainingOutput withAccess(DataAccess newAccess) {
    return new TrainingOutput(name, location, newAccess, preparation);
  }

  public TrainingOutput withPreparation(OutputPreparation newPreparation) {
    return new TrainingOutput(name, location, access, newPreparation);
  }
}
