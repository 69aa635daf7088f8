package io.millrace.dataset.export;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StorageErrors;
import java.util.Collection;
import java.util.stream.Collectors;

/** Every failure of an export that its user can do something about. */
public final class ExportErrors {
  private ExportErrors() {}

  static DatasetException mediaMode(ExportFormat format, MediaMode media) {
    return new DatasetException(
        "Invalid media: %s (format %s knows %s)"
            .formatted(
                media,
                format.name(),
                format.mediaModes().stream()
                    .map(MediaMode::toString)
                    .collect(Collectors.joining(" or "))));
  }

  static DatasetException unwritableScheme(StorageUri target) {
    return new DatasetException(
        "Cannot export to %s: nothing can be written there. Give a directory or an address such as s3://BUCKET/path."
            .formatted(target));
  }

  public static DatasetException wrongTaskType(
      String subject, LabelTaskType taskType, ExportFormat format, Collection<String> fitting) {
    return new DatasetException(
        "Cannot export %s in format %s: it is a dataset of %s, the format is one of %s. Formats for it: %s."
            .formatted(
                subject,
                format.name(),
                taskType,
                format.taskTypes().stream()
                    .sorted()
                    .map(Enum::name)
                    .collect(Collectors.joining(" or ")),
                String.join(", ", fitting)));
  }

  public static DatasetException noSamples(String subject, String selection) {
    return new DatasetException(
        "Cannot export %s: no sample is selected by %s. Select others, or import some first."
            .formatted(subject, selection));
  }

  public static DatasetException noMetrics(String subject, Collection<String> metrics) {
    return new DatasetException(
        "Cannot export %s with a selection that uses metric.%s: metrics are measured of versions. Publish one, analyze it and export that version."
            .formatted(subject, String.join(", metric.", metrics)));
  }

  public static DatasetException tableAsDataset(DatasetName table, DatasetName name) {
    return new DatasetException(
        "Cannot export %s as dataset %s: it is a table, which has rows and no samples. Create %s with --type TABLE and import the rows."
            .formatted(table, name, name));
  }

  /** Nothing was written, since something would be lost. */
  public static DatasetException wouldLose(String subject, ExportFormat format, ExportTally tally) {
    return new DatasetException(
        "Cannot export %s in format %s without loss: %s. For example %s. Choose another format, or accept it with --on-loss report."
            .formatted(
                subject, format.name(), String.join("; ", tally.lossTexts()), tally.example()));
  }

  public static DatasetException nothingExported(
      String subject, ExportFormat format, ExportTally tally) {
    return new DatasetException(
        "Cannot export %s in format %s: it takes none of the %s samples (%s). For example %s."
            .formatted(
                subject, format.name(), tally.seen(), tally.leftOutSummary(), tally.example()));
  }

  static DatasetException targetIsFile(StorageUri target) {
    return new DatasetException(
        "Cannot export to %s: there is a file of that name. Name a directory that does not exist yet."
            .formatted(target));
  }

  static DatasetException targetNotEmpty(StorageUri target) {
    return new DatasetException(
        "Cannot export to %s: the directory is not empty. Name an empty one, or one that does not exist yet."
            .formatted(target));
  }

  static DatasetException targetHoldsExport(StorageUri target) {
    return new DatasetException(
        "Cannot export to %s: it holds an earlier export. Name another directory, or replace it with --replace."
            .formatted(target));
  }

  static DatasetException takenOver(StorageUri target) {
    return new DatasetException(
        "Cannot complete the export to %s: another export began there meanwhile. Export to a directory of its own."
            .formatted(target));
  }

  public static DatasetException targetInDataset(StorageUri target, StorageUri dataset) {
    return new DatasetException(
        "Cannot export to %s: the dataset at %s and its exports must not lie in each other. Name a directory elsewhere."
            .formatted(target, dataset));
  }

  public static DatasetException storageFailed(StorageUri target, Exception cause) {
    String why =
        StorageErrors.reason(target, cause)
            .orElseGet(() -> "%s. Check permissions and free space".formatted(cause.getMessage()));
    return new DatasetException("Cannot export to %s: %s.".formatted(target, why), cause);
  }
}
