package io.millrace.dataset.delta.spark;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportConfig;
import io.millrace.dataset.export.ExportErrors;
import io.millrace.dataset.export.ExportTarget;
import io.millrace.dataset.export.format.ExportFormats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * What exports of samples and of tables have in common: what is checked before, and a target that
 * is complete in the end or was never there.
 *
 * @param subject what is exported, for messages
 */
record ExportRun(ExportConfig config, ExportTarget target, String subject) {

  /**
   * Fails unless the format fits and the target is free.
   *
   * @param dataset the directory of the dataset
   */
  void check(LabelTaskType taskType, StorageUri dataset) {
    if (!config.format().taskTypes().contains(taskType)) {
      throw ExportErrors.wrongTaskType(
          subject, taskType, config.format(), ExportFormats.namesFor(taskType));
    }
    if (config.target().isSameOrBelow(dataset) || dataset.isSameOrBelow(config.target())) {
      throw ExportErrors.targetInDataset(config.target(), dataset);
    }
    try {
      target.check();
    } catch (IOException e) {
      throw storageFailed(e);
    }
  }

  /** Writes all but the report, and returns it. */
  @FunctionalInterface
  interface Writing<R> {
    R toStaging() throws IOException;
  }

  /**
   * Fills the target.
   *
   * @param toJson the report as it marks the target complete
   */
  <R> R write(Writing<R> writing, Function<R, String> toJson) {
    try {
      target.begin();
      R report = writing.toStaging();
      target.complete(toJson.apply(report));
      return report;
    } catch (IOException e) {
      throw abandoned(storageFailed(e));
    } catch (RuntimeException e) {
      throw abandoned(known(e).<RuntimeException>map(f -> f).orElse(e));
    }
  }

  private RuntimeException abandoned(RuntimeException failure) {
    try {
      target.abandon();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** What a task met, if that was the storage or the data and not a defect of ours. */
  private Optional<DatasetException> known(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatasetException known) {
        return Optional.of(known);
      }
      if (cause instanceof IOException io) {
        return Optional.of(storageFailed(io));
      }
      if (cause instanceof UncheckedIOException unchecked) {
        return Optional.of(storageFailed(unchecked.getCause()));
      }
    }
    return Optional.empty();
  }

  private DatasetException storageFailed(IOException cause) {
    return ExportErrors.storageFailed(config.target(), cause);
  }
}
