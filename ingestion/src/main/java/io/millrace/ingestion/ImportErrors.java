package io.millrace.ingestion;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.versioning.DatasetInfo;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Every failure of an import that its user can do something about. */
public final class ImportErrors {
  private static final String UNTOUCHED = "The dataset was left as it was.";

  private ImportErrors() {}

  public static DatasetException sourceMissing(StorageUri source, ImportFormat format) {
    return new DatasetException(
        "Cannot import %s: there is no such %s. Check the address."
            .formatted(source, kindOfSource(format)));
  }

  /** What a source of a format is. */
  private static String kindOfSource(ImportFormat format) {
    return switch (format) {
      case MANIFEST, SAGEMAKER -> "file";
      case AUTO, TEXT_COMBINED, UNLABELLED, TABLE -> "file or directory";
      case VOC,
          IMAGENET,
          IMAGE_TXT,
          YOLO,
          IMAGE_SEGMENTATION,
          COCO,
          TEXT_SEPARATE,
          AUDIO_DIR,
          HUGGINGFACE ->
          "directory";
    };
  }

  public static DatasetException datasetInsideSource(StorageUri source, StorageUri dataset) {
    return new DatasetException(
        "Cannot import %s: the dataset at %s lies in it and would import itself. Keep the dataset in another directory."
            .formatted(source, dataset));
  }

  public static DatasetException wrongTaskType(
      ImportFormat format, Collection<LabelTaskType> expected, DatasetInfo dataset) {
    return new DatasetException(
        "Cannot import format %s into dataset %s: it is a dataset of %s, the format is one of %s. Choose another format or dataset."
            .formatted(
                format,
                dataset.name(),
                dataset.taskType(),
                expected.stream().sorted().map(Enum::name).collect(Collectors.joining(" or "))));
  }

  /** A table where samples are imported. */
  public static DatasetException noLayout(
      StorageUri source, ImportFormat format, DatasetInfo dataset) {
    return new DatasetException(
        "Cannot import %s into dataset %s in format %s: it is a dataset of %s, which has samples and no rows. Import it into a dataset of TABLE."
            .formatted(source, dataset.name(), format, dataset.taskType()));
  }

  public static DatasetException manifestTooLarge(StorageUri manifest, long bytes, long limit) {
    return new DatasetException(
        "Cannot import %s: the manifest has %s bytes, the limit (limits.manifestBytes) is %s. Split it, or raise the limit."
            .formatted(manifest, bytes, limit));
  }

  /**
   * A source that cannot be of a format.
   *
   * @param lack what it holds instead of what makes it one, such as {@code no .txt file}
   */
  public static DatasetException lacksFiles(StorageUri source, ImportFormat format, String lack) {
    return new DatasetException(
        "Cannot import %s as format %s: it holds %s. Check the address and the format."
            .formatted(source, format, lack));
  }

  /**
   * A source that no format was recognised in.
   *
   * @param sought the formats that fit the dataset
   * @param seen the files, counted by extension
   */
  public static DatasetException notRecognised(
      StorageUri source, LabelTaskType taskType, List<ImportFormat> sought, String seen) {
    return new DatasetException(
        "Cannot import %s: it was recognised as none of the formats that fit a dataset of %s (%s); seen were %s. Check the address, or name the format."
            .formatted(
                source,
                taskType,
                sought.isEmpty()
                    ? "only table, which is not recognised"
                    : sought.stream().map(ImportFormat::toString).collect(Collectors.joining(", ")),
                seen));
  }

  public static DatasetException nothingFound(StorageUri source, ImportFormat format, long others) {
    return new DatasetException(
        "Cannot import %s: it holds nothing in format %s (%s other files were found). Check the address and the format."
            .formatted(source, format, others));
  }

  /** The first input that was refused, where none may be. */
  public static DatasetException rejected(
      StorageUri source, String input, String reasonCode, String message) {
    return new DatasetException(
        "Cannot import %s: %s was refused as %s: %s %s Repair the input, or import with on-error: skip."
            .formatted(source, input, reasonCode, message, UNTOUCHED));
  }

  /** More inputs refused than may be; the last four arguments tell of one of them. */
  public static DatasetException tooManyRejects(
      StorageUri source, FailureLimit limit, String input, String reasonCode, String message) {
    return new DatasetException(
        "Cannot import %s: more inputs were refused than max-rejects (%s) allows, for example %s as %s: %s %s Repair the input, or raise max-rejects."
            .formatted(source, limit, input, reasonCode, message, UNTOUCHED));
  }

  public static DatasetException tooManySamples(
      StorageUri source, DatasetInfo dataset, long samples, long limit) {
    return new DatasetException(
        "Cannot import %s: dataset %s would hold %s samples, the limit (limits.samples) is %s. %s Import less, or raise the limit."
            .formatted(source, dataset.name(), samples, limit, UNTOUCHED));
  }

  public static DatasetException tooManyLabels(
      StorageUri source, DatasetInfo dataset, String label, long limit) {
    return new DatasetException(
        "Cannot import %s: dataset %s would hold more labels than the limit (limits.labels) of %s, the label '%s' among them. %s Check the format, or raise the limit."
            .formatted(source, dataset.name(), limit, label, UNTOUCHED));
  }

  public static DatasetException storageFailed(StorageUri source, Exception cause) {
    return new DatasetException(
        "Cannot import %s: %s. %s Check that the source can be read, and import again."
            .formatted(source, cause.getMessage(), UNTOUCHED),
        cause);
  }

  public static DatasetException metricsInFilter(SampleFilter where) {
    return new DatasetException(
        "Cannot import where %s: metrics are measured after an import, so that none is known yet (%s). Import without them, analyse the dataset, and select by them then."
            .formatted(where, String.join(", ", where.metrics())));
  }
}
