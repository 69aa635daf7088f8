package io.millrace.dataset.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Writes a sample as the JSON object of one line, in ModelArts' order and spelling of fields. */
final class SampleEncoder {
  private SampleEncoder() {}

  /**
   * Lays the fields out.
   *
   * @param objectFile the file that holds the sample's objects; used only where it has some
   */
  static ObjectNode encode(Sample sample, Optional<StorageUri> objectFile) {
    ObjectNode line = ManifestJson.newObject();
    line.put(ManifestFields.SOURCE, sample.source().value());
    line.put(ManifestFields.ID, sample.id().value());
    sample.usage().ifPresent(usage -> line.put(ManifestFields.USAGE, usage.name()));
    putHardness(line, sample.hardness());
    if (sample.isLabelled()) {
      line.set(ManifestFields.ANNOTATION, annotations(sample, objectFile));
    }
    sample
        .inferenceLocation()
        .ifPresent(location -> line.put(ManifestFields.INFERENCE_LOC, location.value()));
    sample.kind().sampleType().ifPresent(code -> line.put(ManifestFields.SAMPLE_TYPE, code));
    if (!sample.properties().isEmpty()) {
      line.set(ManifestFields.PROPERTY, PropertiesJson.toNode(sample.properties()));
    }
    putForeign(line, sample.foreignFields());
    return line;
  }

  private static ArrayNode annotations(Sample sample, Optional<StorageUri> objectFile) {
    ArrayNode annotations = ManifestJson.newObject().arrayNode();
    List<Annotation.ImageObject> objects = sample.objects();
    if (!objects.isEmpty()) {
      StorageUri file =
          objectFile.orElseThrow(
              () ->
                  new IllegalStateException(
                      "Sample %s has objects, and no file was named that holds them"
                          .formatted(sample.id())));
      annotations.add(objectFile(objects, file));
    }
    sample.annotations().stream()
        .filter(annotation -> !(annotation instanceof Annotation.ImageObject))
        .forEach(annotation -> annotations.add(annotation(annotation)));
    return annotations;
  }

  /** One annotation for all objects; what they agree on is said of the file. */
  private static ObjectNode objectFile(List<Annotation.ImageObject> objects, StorageUri file) {
    boolean isSegmentation =
        objects.stream().anyMatch(object -> object.taskType() == LabelTaskType.IMAGE_SEGMENTATION);
    ObjectNode node =
        start(
            isSegmentation ? AnnotationKind.IMAGE_SEGMENTATION : AnnotationKind.OBJECT_DETECTION,
            Optional.empty());
    node.put(ManifestFields.ANNOTATION_LOC, file.value());
    node.put(ManifestFields.ANNOTATION_FORMAT, Annotation.ObjectFile.PASCAL_VOC);
    common(objects, info -> Optional.of(info.hardness()))
        .ifPresent(hardness -> putHardness(node, hardness));
    common(objects, AnnotationInfo::annotatedBy)
        .ifPresent(by -> node.put(ManifestFields.ANNOTATED_BY, by));
    common(objects, AnnotationInfo::creationTime)
        .ifPresent(
            time ->
                node.put(ManifestFields.CREATION_TIME, ManifestFields.WRITTEN_TIME.format(time)));
    common(objects, info -> Optional.of(info.confidence()))
        .orElse(OptionalDouble.empty())
        .ifPresent(confidence -> node.put(ManifestFields.CONFIDENCE, confidence));
    if (ManifestJson.readForeign(objects.get(0).info().foreignFields())
            .get(Annotation.ImageObject.MANIFEST_FIELDS)
        instanceof ObjectNode kept) {
      putAbsent(node, kept);
    }
    return node;
  }

  private static <T> Optional<T> common(
      List<Annotation.ImageObject> objects, Function<AnnotationInfo, Optional<T>> part) {
    Optional<T> first = part.apply(objects.get(0).info());
    return objects.stream().allMatch(object -> part.apply(object.info()).equals(first))
        ? first
        : Optional.empty();
  }

  private static ObjectNode annotation(Annotation annotation) {
    AnnotationInfo info = annotation.info();
    if (annotation instanceof Annotation.Classification classification) {
      return end(start(kindOf(classification), annotation.label(), info), info, info.properties());
    }
    if (annotation instanceof Annotation.ObjectFile file) {
      AnnotationKind kind =
          file.taskType() == LabelTaskType.IMAGE_SEGMENTATION
              ? AnnotationKind.IMAGE_SEGMENTATION
              : AnnotationKind.OBJECT_DETECTION;
      ObjectNode node = start(kind, annotation.label(), info);
      node.put(ManifestFields.ANNOTATION_LOC, file.location().value());
      node.put(ManifestFields.ANNOTATION_FORMAT, file.format());
      return end(node, info, info.properties());
    }
    if (annotation instanceof Annotation.TextEntity entity) {
      return end(
          start(AnnotationKind.TEXT_ENTITY, annotation.label(), info),
          info,
          info.properties()
              .with(ManifestFields.START_INDEX, (long) entity.start())
              .with(ManifestFields.END_INDEX, (long) entity.end()));
    }
    if (annotation instanceof Annotation.TextRelation relation) {
      return end(
          start(AnnotationKind.TEXT_TRIPLET, annotation.label(), info),
          info,
          info.properties()
              .with(ManifestFields.FROM, relation.from())
              .with(ManifestFields.TO, relation.to()));
    }
    if (annotation instanceof Annotation.SpeechContent speech) {
      return end(
          start(AnnotationKind.AUDIO_CONTENT, annotation.label(), info),
          info,
          info.properties().with(ManifestFields.CONTENT, speech.content()));
    }
    if (annotation instanceof Annotation.SpeechSegment segment) {
      return end(
          start(AnnotationKind.AUDIO_SEGMENTATION, annotation.label(), info),
          info,
          properties(segment));
    }
    throw new IllegalStateException("Objects are written by their file: " + annotation);
  }

  private static AnnotationKind kindOf(Annotation.Classification classification) {
    return switch (classification.taskType()) {
      case IMAGE_CLASSIFICATION -> AnnotationKind.IMAGE_CLASSIFICATION;
      case TEXT_CLASSIFICATION -> AnnotationKind.TEXT_CLASSIFICATION;
      case AUDIO_CLASSIFICATION -> AnnotationKind.AUDIO_CLASSIFICATION;
      case OBJECT_DETECTION,
          IMAGE_SEGMENTATION,
          SPEECH_CONTENT,
          SPEECH_SEGMENTATION,
          NAMED_ENTITY_RECOGNITION,
          TEXT_TRIPLE,
          VIDEO_ANNOTATION,
          TABLE,
          NONE ->
          throw new IllegalStateException("No classification: " + classification.taskType());
    };
  }

  private static Properties properties(Annotation.SpeechSegment segment) {
    Properties properties =
        segment
            .info()
            .properties()
            .with(ManifestFields.START_TIME, ClockTime.write(segment.start()))
            .with(ManifestFields.END_TIME, ClockTime.write(segment.end()));
    if (segment.speaker().isPresent()) {
      properties = properties.with(ManifestFields.SPEAKER, segment.speaker().get());
    }
    return segment.content().isPresent()
        ? properties.with(ManifestFields.CONTENT, segment.content().get())
        : properties;
  }

  private static ObjectNode start(AnnotationKind kind, Optional<Label> name, AnnotationInfo info) {
    ObjectNode node = start(kind, name);
    info.id().ifPresent(id -> node.put(ManifestFields.ID, id));
    return node;
  }

  private static ObjectNode start(AnnotationKind kind, Optional<Label> name) {
    ObjectNode node = ManifestJson.newObject();
    node.put(ManifestFields.TYPE, kind.type());
    name.ifPresent(label -> node.put(ManifestFields.NAME, label.value()));
    return node;
  }

  private static ObjectNode end(ObjectNode node, AnnotationInfo info, Properties properties) {
    if (!properties.isEmpty()) {
      node.set(ManifestFields.PROPERTY, PropertiesJson.toNode(properties));
    }
    putHardness(node, info.hardness());
    info.annotatedBy().ifPresent(by -> node.put(ManifestFields.ANNOTATED_BY, by));
    info.creationTime()
        .ifPresent(
            time ->
                node.put(ManifestFields.CREATION_TIME, ManifestFields.WRITTEN_TIME.format(time)));
    info.confidence().ifPresent(value -> node.put(ManifestFields.CONFIDENCE, value));
    putForeign(node, info.foreignFields());
    return node;
  }

  /** ModelArts writes {@code hard} as a text. */
  private static void putHardness(ObjectNode node, Hardness hardness) {
    if (hardness.hard()) {
      node.put(ManifestFields.HARD, "true");
    }
    hardness.coefficient().ifPresent(value -> node.put(ManifestFields.HARD_COEFFICIENT, value));
  }

  private static void putForeign(ObjectNode node, String foreignFields) {
    putAbsent(node, ManifestJson.readForeign(foreignFields));
  }

  /** What the model knows wins over what was kept. */
  private static void putAbsent(ObjectNode node, ObjectNode foreign) {
    foreign
        .properties()
        .forEach(
            field -> {
              if (!node.has(field.getKey())) {
                node.set(field.getKey(), field.getValue());
              }
            });
  }
}
