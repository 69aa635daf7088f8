package io.millrace.ingestion;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.naming.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the source of an import is laid out. */
public enum ImportFormat {
  /** Whichever format the source is recognised as; the import says which, and why. */
  AUTO,
  /** Pascal VOC: {@code X.jpg} with {@code X.xml} beside it, or the VOCdevkit directories. */
  VOC,
  /** A directory a label; the directory that holds an image names its label. */
  IMAGENET,
  /** {@code X.jpg} with {@code X.txt} beside it, one label a line. */
  IMAGE_TXT,
  /** Darknet's obj.data with its lists, or Ultralytics' data.yaml with images and labels. */
  YOLO,
  /** Pascal VOC files with masks' colours, or the masks themselves as PNG images. */
  IMAGE_SEGMENTATION,
  /** COCO's instances files and the images that they name. */
  COCO,
  /** A text, a separator and its labels in each line. */
  TEXT_COMBINED,
  /** {@code X.txt} with the labels of its lines in {@code X_result.txt}. */
  TEXT_SEPARATE,
  /** A directory a label; the directory that holds a recording names its label. */
  AUDIO_DIR,
  /** Files of any kind, without labels. */
  UNLABELLED,
  /** A manifest file: one JSON object a line. */
  MANIFEST,
  /** An augmented manifest of SageMaker. */
  SAGEMAKER,
  /** HuggingFace's layout: a metadata.jsonl or metadata.csv beside the files that it names. */
  HUGGINGFACE,
  /** Rows of CSV or Parquet files, or of a database. */
  TABLE;

  /**
   * Reads a format's name in any case.
   *
   * @throws DatasetException for an unknown name, with the known ones and the nearest of them
   */
  public static ImportFormat parse(String text) {
    return Arrays.stream(values())
        .filter(format -> format.toString().equalsIgnoreCase(text.strip().replace('_', '-')))
        .findFirst()
        .orElseThrow(() -> unknown(text.strip()));
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static DatasetException unknown(String text) {
    List<String> known = Arrays.stream(values()).map(ImportFormat::toString).toList();
    String hint =
        NearestName.of(text, known).map(name -> " Did you mean %s?".formatted(name)).orElse("");
    return new DatasetException(
        "Invalid format: '%s' (expected one of %s).%s"
            .formatted(text, String.join(", ", known), hint));
  }
}
