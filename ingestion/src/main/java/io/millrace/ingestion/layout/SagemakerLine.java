package io.millrace.ingestion.layout;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Measures;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A line of SageMaker's augmented manifest: a source, and label attributes of which each has its
 * {@code -metadata} beside it. All label attributes are taken; those of a type that annotations do
 * not have, such as the masks of semantic segmentation, are kept as properties with their metadata,
 * and so is every field that is no label attribute.
 *
 * <table>
 * <caption>Types</caption>
 * <tr><td>groundtruth/image-classification, groundtruth/text-classification</td><td>one label: the
 *     metadata's class-name</td></tr>
 * <tr><td>the same with -multilabel</td><td>a label for each number, by the class-map</td></tr>
 * <tr><td>groundtruth/object-detection</td><td>boxes of left, top, width, height, by the
 *     class-map</td></tr>
 * <tr><td>groundtruth/text-span</td><td>named entities, by their offsets</td></tr>
 * </table>
 *
 * @see <a href="https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html">Labelling job
 *     output data</a>
 */
final class SagemakerLine {
  static final String SOURCE_REF = "source-ref";
  static final String SOURCE = "source";
  static final String METADATA = "-metadata";
  private static final String TYPES = "groundtruth/";

  private final JsonLine line;
  private final ObjectNode kept = JsonLine.newObject();
  private final List<Annotation> annotations = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();
  private Optional<DatasetKind> stated = Optional.empty();
  private Measures measures = Measures.NONE;

  /**
   * What a line says.
   *
   * @param sample of the kind that its labels are of, else of free kind
   */
  record Parsed(Sample sample, List<Note> notes) {}

  private SagemakerLine(JsonLine line) {
    this.line = line;
  }

  /**
   * Reads a line.
   *
   * @param manifest which addresses may be relative to
   */
  static Parsed parse(StorageUri manifest, String text) throws JsonFaultException {
    return new SagemakerLine(JsonLine.parse(text)).parse(manifest);
  }

  private Parsed parse(StorageUri manifest) throws JsonFaultException {
    StorageUri source = source(manifest);
    for (Map.Entry<String, JsonNode> field : line.object().properties()) {
      String name = field.getKey();
      if (name.equals(SOURCE_REF) || name.equals(SOURCE)) {
        continue;
      }
      boolean isMetadata =
          name.endsWith(METADATA)
              && line.object().has(name.substring(0, name.length() - METADATA.length()));
      if (isMetadata) {
        continue;
      }
      if (line.object().get(name + METADATA) instanceof ObjectNode metadata) {
        readAttribute(name, field.getValue(), metadata);
      } else {
        kept.set(name, field.getValue());
      }
    }
    DatasetKind kind = stated.orElse(source.isContent() ? DatasetKind.TEXT : DatasetKind.FREE);
    Sample sample =
        Sample.of(source, kind, 0, Instant.EPOCH)
            .withMeasures(measures)
            .withAnnotations(annotations)
            .withProperties(properties(kept, JsonPointer.empty()));
    return new Parsed(sample, notes);
  }

  private StorageUri source(StorageUri manifest) throws JsonFaultException {
    boolean isAddress = line.object().has(SOURCE_REF);
    String name = isAddress ? SOURCE_REF : SOURCE;
    JsonPointer place = at(name);
    if (isAddress && line.object().has(SOURCE)) {
      throw line.fault(at(SOURCE), "the line has both source-ref and source");
    }
    JsonNode value = line.object().get(name);
    if (value == null) {
      throw line.fault(place, "the line has neither source-ref nor source");
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw line.fault(place, "%s is no text, or an empty one", name);
    }
    try {
      String text = value.textValue();
      if (!isAddress) {
        return StorageUri.ofContent(text);
      }
      return text.startsWith("/") || text.matches("(?s)[A-Za-z0-9]+:.*")
          ? StorageUri.parse(text)
          : manifest.parent().orElse(manifest).resolve(text);
    } catch (DatasetException e) {
      throw line.fault(place, "%s", e.getMessage());
    }
  }

  private void readAttribute(String name, JsonNode value, ObjectNode metadata)
      throws JsonFaultException {
    String type = metadata.path("type").asText();
    switch (type.startsWith(TYPES) ? type.substring(TYPES.length()) : "") {
      case "image-classification" ->
          readLabel(LabelTaskType.IMAGE_CLASSIFICATION, name, value, metadata);
      case "text-classification" ->
          readLabel(LabelTaskType.TEXT_CLASSIFICATION, name, value, metadata);
      case "image-classification-multilabel" ->
          readLabels(LabelTaskType.IMAGE_CLASSIFICATION, name, value, metadata);
      case "text-classification-multilabel" ->
          readLabels(LabelTaskType.TEXT_CLASSIFICATION, name, value, metadata);
      case "object-detection" -> readBoxes(name, value, metadata);
      case "text-span", "named-entity-recognition" -> readEntities(name, value, metadata);
      default -> {
        kept.set(name, value);
        kept.set(name + METADATA, metadata);
        notes.add(Note.ATTRIBUTE_KEPT);
      }
    }
  }

  private void readLabel(LabelTaskType taskType, String name, JsonNode value, ObjectNode metadata)
      throws JsonFaultException {
    state(taskType);
    JsonNode className = metadata.get("class-name");
    Label label =
        className == null
            ? className(value, metadata, at(name))
            : label(className.asText(), at(name + METADATA).appendProperty("class-name"));
    annotations.add(
        new Annotation.Classification(
            taskType, label, info(name, metadata, metadata.path("confidence"))));
  }

  private void readLabels(LabelTaskType taskType, String name, JsonNode value, ObjectNode metadata)
      throws JsonFaultException {
    state(taskType);
    requireArray(value, at(name));
    for (int i = 0; i < value.size(); i++) {
      JsonNode confidence = metadata.path("confidence-map").path(value.get(i).asText());
      annotations.add(
          new Annotation.Classification(
              taskType,
              className(value.get(i), metadata, at(name).appendIndex(i)),
              info(name, metadata, confidence)));
    }
  }

  private void readBoxes(String name, JsonNode value, ObjectNode metadata)
      throws JsonFaultException {
    state(LabelTaskType.OBJECT_DETECTION);
    JsonNode boxes = value.path("annotations");
    JsonPointer place = at(name).appendProperty("annotations");
    requireArray(boxes, place);
    for (int i = 0; i < boxes.size(); i++) {
      JsonNode box = boxes.get(i);
      JsonPointer here = place.appendIndex(i);
      double left = number(box, "left", here);
      double top = number(box, "top", here);
      double width = number(box, "width", here);
      double height = number(box, "height", here);
      if (width <= 0 || height <= 0) {
        throw line.fault(RejectReason.BROKEN_BOX, here, "the box is %s x %s pixels", width, height);
      }
      annotations.add(
          new Annotation.ImageObject(
              LabelTaskType.OBJECT_DETECTION,
              className(box.path("class_id"), metadata, here.appendProperty("class_id")),
              new BoundingBox(left, top, left + width, top + height),
              ObjectTraits.DEFAULT,
              info(name, metadata, metadata.path("objects").path(i).path("confidence"))));
    }
    JsonNode size = value.path("image_size").path(0);
    if (size.path("width").asInt() >= 1 && size.path("height").asInt() >= 1) {
      measures =
          Measures.ofVideo(
              size.path("width").asInt(), size.path("height").asInt(), OptionalDouble.empty());
    }
  }

  private void readEntities(String name, JsonNode value, ObjectNode metadata)
      throws JsonFaultException {
    state(LabelTaskType.NAMED_ENTITY_RECOGNITION);
    JsonNode entities = value.path("annotations").path("entities");
    JsonPointer place = at(name).appendProperty("annotations").appendProperty("entities");
    requireArray(entities, place);
    for (int i = 0; i < entities.size(); i++) {
      JsonNode entity = entities.get(i);
      JsonPointer here = place.appendIndex(i);
      try {
        annotations.add(
            new Annotation.TextEntity(
                LabelTaskType.NAMED_ENTITY_RECOGNITION,
                label(entity.path("label").asText(), here.appendProperty("label")),
                (int) number(entity, "startOffset", here),
                (int) number(entity, "endOffset", here),
                info(name, metadata, metadata.path("entities").path(i).path("confidence"))));
      } catch (DatasetException e) {
        throw line.fault(here, "%s", e.getMessage());
      }
    }
  }

  /** The label of a class number, else of the text that stands in its place. */
  private Label className(JsonNode id, ObjectNode metadata, JsonPointer place)
      throws JsonFaultException {
    JsonNode mapped = metadata.path("class-map").path(id.asText());
    if (mapped.isTextual()) {
      return label(mapped.textValue(), place);
    }
    if (metadata.has("class-map") || !id.isTextual()) {
      throw line.fault(place, "class %s is not in the class-map", id);
    }
    return label(id.textValue(), place);
  }

  private Label label(String name, JsonPointer place) throws JsonFaultException {
    try {
      return new Label(name);
    } catch (DatasetException e) {
      throw line.fault(RejectReason.INVALID_LABEL, place, "%s", e.getMessage());
    }
  }

  private AnnotationInfo info(String name, ObjectNode metadata, JsonNode confidence)
      throws JsonFaultException {
    JsonPointer place = at(name + METADATA);
    ObjectNode properties = JsonLine.newObject();
    if (metadata.has("job-name")) {
      properties.set("job-name", metadata.get("job-name"));
    }
    boolean isConfident = confidence.isNumber();
    if (isConfident && (confidence.asDouble() < 0 || confidence.asDouble() > 1)) {
      throw line.fault(place, "the confidence is %s (expected 0 to 1)", confidence);
    }
    return new AnnotationInfo(
        Optional.empty(),
        properties(properties, place),
        Hardness.NONE,
        annotatedBy(metadata),
        creationTime(metadata, place),
        isConfident ? OptionalDouble.of(confidence.asDouble()) : OptionalDouble.empty(),
        "");
  }

  private static Optional<String> annotatedBy(ObjectNode metadata) {
    return switch (metadata.path("human-annotated").asText()) {
      case "yes" -> Optional.of("human");
      case "no" -> Optional.of("sagemaker/auto-labeling");
      default -> Optional.empty();
    };
  }

  /** The time in UTC, of which SageMaker's times are; whole seconds, as manifests have them. */
  private Optional<LocalDateTime> creationTime(ObjectNode metadata, JsonPointer place)
      throws JsonFaultException {
    String text = metadata.path("creation-date").asText();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      LocalDateTime time =
          text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
              ? OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
              : LocalDateTime.parse(text);
      return Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
    } catch (DateTimeParseException e) {
      throw line.fault(
          place.appendProperty("creation-date"), "creation-date '%s' is no time", text);
    }
  }

  private double number(JsonNode object, String name, JsonPointer place) throws JsonFaultException {
    JsonNode value = object.path(name);
    if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
      throw line.fault(
          RejectReason.BROKEN_BOX, place.appendProperty(name), "%s is no number", name);
    }
    return value.asDouble();
  }

  private void requireArray(JsonNode value, JsonPointer place) throws JsonFaultException {
    if (!value.isArray()) {
      throw line.fault(place, "there is no list at %s", place);
    }
  }

  private void state(LabelTaskType taskType) {
    stated = Optional.of(stated.orElse(taskType.kind()));
  }

  private Properties properties(ObjectNode fields, JsonPointer place) throws JsonFaultException {
    try {
      return PropertiesJson.read(fields.toString());
    } catch (DatasetException e) {
      throw line.fault(place, "%s", e.getMessage());
    }
  }

  private static JsonPointer at(String name) {
    return JsonPointer.empty().appendProperty(name);
  }
}
