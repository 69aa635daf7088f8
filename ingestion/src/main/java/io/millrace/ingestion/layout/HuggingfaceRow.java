package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.ingestion.RejectReason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A row of HuggingFace's metadata: the name of a file and what is known of it.
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>file_name, else the first *_file_name</td><td>the file, relative to the metadata</td></tr>
 * <tr><td>label, labels</td><td>one label or a list of them, texts or numbers, of images and
 *     recordings</td></tr>
 * <tr><td>objects</td><td>of images: {@code bbox}, a list of x, y, width, height in pixels, and
 *     {@code categories} (or category, label, labels) of the same length</td></tr>
 * <tr><td>transcription, text, sentence</td><td>what is said, in datasets of speech content; the
 *     first of them</td></tr>
 * <tr><td>all others</td><td>kept as properties</td></tr>
 * </table>
 *
 * @see <a href="https://huggingface.co/docs/datasets/image_dataset">Create an image dataset</a>
 */
final class HuggingfaceRow {
  private static final String FILE_NAME = "file_name";
  private static final List<String> LABELS = List.of("label", "labels");
  private static final List<String> CATEGORIES =
      List.of("categories", "category", "label", "labels");
  private static final List<String> TRANSCRIPTS = List.of("transcription", "text", "sentence");
  private static final String OBJECTS = "objects";

  private final LabelTaskType taskType;
  private final Map<String, Object> rest;
  private final List<Annotation> annotations = new ArrayList<>();

  private HuggingfaceRow(Map<String, Object> values, LabelTaskType taskType) {
    this.rest = new LinkedHashMap<>(values);
    this.taskType = taskType;
  }

  /** A row that says what it should not; {@link HuggingfaceLayout} turns it into a refusal. */
  static final class RowFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectReason reason;

    RowFaultException(RejectReason reason, String message) {
      super(message);
      this.reason = reason;
    }

    RejectReason reason() {
      return reason;
    }
  }

  /**
   * The sample that a row describes, its file not looked at.
   *
   * @param directory of the metadata
   */
  static Sample parse(StorageUri directory, Map<String, Object> values, LabelTaskType taskType)
      throws RowFaultException {
    return new HuggingfaceRow(values, taskType).parse(directory);
  }

  private Sample parse(StorageUri directory) throws RowFaultException {
    StorageUri file = file(directory);
    DatasetKind kind = taskType.kind();
    try {
      if (kind == DatasetKind.IMAGE) {
        takeLabels(LabelTaskType.IMAGE_CLASSIFICATION);
        takeObjects();
      } else if (kind == DatasetKind.AUDIO) {
        takeLabels(LabelTaskType.AUDIO_CLASSIFICATION);
      }
      if (taskType == LabelTaskType.SPEECH_CONTENT) {
        takeTranscript();
      }
      // The time is set when the sample is inspected.
      return Sample.of(file, kind, 0, Instant.EPOCH)
          .withAnnotations(annotations)
          .withProperties(new Properties(rest));
    } catch (DatasetException e) {
      throw new RowFaultException(RejectReason.INVALID_LABEL, e.getMessage());
    }
  }

  private StorageUri file(StorageUri directory) throws RowFaultException {
    String column =
        Stream.concat(
                Stream.of(FILE_NAME),
                rest.keySet().stream().filter(name -> name.endsWith("_" + FILE_NAME)))
            .filter(rest::containsKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new RowFaultException(
                        RejectReason.BROKEN_LINE, "The row has no column file_name."));
    if (!(rest.remove(column) instanceof String name) || name.isBlank()) {
      throw new RowFaultException(
          RejectReason.BROKEN_LINE, "The %s of the row is empty.".formatted(column));
    }
    try {
      return directory.resolve(name);
    } catch (DatasetException e) {
      throw new RowFaultException(RejectReason.BROKEN_LINE, e.getMessage());
    }
  }

  private void takeLabels(LabelTaskType labelType) {
    Optional<String> column = LABELS.stream().filter(rest::containsKey).findFirst();
    if (column.isEmpty()) {
      return;
    }
    Object value = rest.remove(column.get());
    List<?> labels =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    for (Object label : labels) {
      if (label != null && !label.toString().isBlank()) {
        annotations.add(
            new Annotation.Classification(labelType, label(label), AnnotationInfo.NONE));
      }
    }
  }

  private void takeTranscript() {
    Optional<String> column = TRANSCRIPTS.stream().filter(rest::containsKey).findFirst();
    if (column.isPresent() && rest.get(column.get()) instanceof String content) {
      rest.remove(column.get());
      annotations.add(new Annotation.SpeechContent(content, AnnotationInfo.NONE));
    }
  }

  private void takeObjects() throws RowFaultException {
    Object value = rest.get(OBJECTS);
    Object objects = value instanceof String json ? objectsOf(json) : value;
    if (objects == null) {
      return;
    }
    if (!(objects instanceof Map<?, ?> columns)
        || !(columns.get("bbox") instanceof List<?> boxes)) {
      throw new RowFaultException(
          RejectReason.BROKEN_LINE, "The objects of the row have no list 'bbox'.");
    }
    List<?> categories =
        CATEGORIES.stream()
            .map(columns::get)
            .filter(List.class::isInstance)
            .map(List.class::cast)
            .findFirst()
            .orElse(List.of());
    if (categories.size() != boxes.size()) {
      throw new RowFaultException(
          RejectReason.BROKEN_LINE,
          "The objects of the row have %s boxes and %s categories."
              .formatted(boxes.size(), categories.size()));
    }
    for (int i = 0; i < boxes.size(); i++) {
      annotations.add(
          new Annotation.ImageObject(
              LabelTaskType.OBJECT_DETECTION,
              label(categories.get(i)),
              box(boxes.get(i), i + 1),
              ObjectTraits.DEFAULT,
              AnnotationInfo.NONE));
    }
    rest.remove(OBJECTS);
  }

  /** The objects of a cell of CSV, which are JSON; nothing for an empty cell. */
  private static Object objectsOf(String json) throws RowFaultException {
    try {
      return json.isBlank() ? null : PropertiesJson.read(json).values();
    } catch (DatasetException e) {
      throw new RowFaultException(
          RejectReason.BROKEN_LINE, "The objects of the row are no JSON object.");
    }
  }

  private static BoundingBox box(Object value, int number) throws RowFaultException {
    List<Double> sides =
        value instanceof List<?> list
            ? list.stream().flatMap(side -> number(side).stream()).toList()
            : List.of();
    if (sides.size() != 4 || sides.get(2) <= 0 || sides.get(3) <= 0) {
      throw new RowFaultException(
          RejectReason.BROKEN_BOX,
          "Box %s of the row is %s (expected x, y, width and height, the latter two above 0)."
              .formatted(number, value));
    }
    return new BoundingBox(
        sides.get(0), sides.get(1), sides.get(0) + sides.get(2), sides.get(1) + sides.get(3));
  }

  private static Optional<Double> number(Object value) {
    return value instanceof Long || value instanceof BigDecimal
        ? Optional.of(((Number) value).doubleValue()).filter(Double::isFinite)
        : Optional.empty();
  }

  private static Label label(Object value) {
    return new Label(String.valueOf(value));
  }
}
