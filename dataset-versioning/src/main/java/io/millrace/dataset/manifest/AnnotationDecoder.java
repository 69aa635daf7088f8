package io.millrace.dataset.manifest;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.SampleDecoder.AnnotationFields;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads the annotations of one sample. Two types serve two label tasks each: entities belong to
 * triples where the sample has relations too, and objects to a video where the sample is a frame.
 */
final class AnnotationDecoder {
  private final Function<String, StorageUri> addresses;
  private final LabelTaskType entityTask;
  private final LabelTaskType objectTask;

  private AnnotationDecoder(
      Function<String, StorageUri> addresses, LabelTaskType entityTask, LabelTaskType objectTask) {
    this.addresses = addresses;
    this.entityTask = entityTask;
    this.objectTask = objectTask;
  }

  static AnnotationDecoder of(
      Function<String, StorageUri> addresses,
      List<AnnotationFields> annotations,
      Properties sampleProperties) {
    return new AnnotationDecoder(
        addresses, entityTask(annotations, AnnotationFields::kind), objectTask(sampleProperties));
  }

  /** The task of a sample's entities. */
  static <T> LabelTaskType entityTask(List<T> annotations, Function<T, AnnotationKind> kind) {
    for (T annotation : annotations) {
      if (kind.apply(annotation) == AnnotationKind.TEXT_TRIPLET) {
        return LabelTaskType.TEXT_TRIPLE;
      }
    }
    return LabelTaskType.NAMED_ENTITY_RECOGNITION;
  }

  /** The task of a sample's objects. */
  static LabelTaskType objectTask(Properties sampleProperties) {
    boolean isFrame =
        !sampleProperties.isEmpty()
            && Stream.of(
                    ManifestFields.PARENT_SOURCE,
                    ManifestFields.PARENT_DURATION,
                    ManifestFields.TIME_IN_VIDEO)
                .anyMatch(name -> sampleProperties.value(name).isPresent());
    return isFrame ? LabelTaskType.VIDEO_ANNOTATION : LabelTaskType.OBJECT_DETECTION;
  }

  Annotation decode(AnnotationFields annotation) throws InvalidFieldException {
    JsonFields fields = annotation.fields();
    JsonFields property = fields.nested(ManifestFields.PROPERTY);
    return switch (annotation.kind()) {
      case IMAGE_CLASSIFICATION ->
          classification(LabelTaskType.IMAGE_CLASSIFICATION, fields, property);
      case TEXT_CLASSIFICATION ->
          classification(LabelTaskType.TEXT_CLASSIFICATION, fields, property);
      case AUDIO_CLASSIFICATION ->
          classification(LabelTaskType.AUDIO_CLASSIFICATION, fields, property);
      case OBJECT_DETECTION -> objectFile(objectTask, fields, property);
      case IMAGE_SEGMENTATION -> objectFile(LabelTaskType.IMAGE_SEGMENTATION, fields, property);
      case TEXT_ENTITY -> entity(fields, property);
      case TEXT_TRIPLET -> relation(fields, property);
      case AUDIO_CONTENT -> speechContent(fields, property);
      case AUDIO_SEGMENTATION -> speechSegment(fields, property);
    };
  }

  private static Annotation classification(
      LabelTaskType taskType, JsonFields fields, JsonFields property) throws InvalidFieldException {
    Label name = fields.requiredParsed(ManifestFields.NAME, Label::new);
    return new Annotation.Classification(taskType, name, info(fields, property));
  }

  private Annotation objectFile(LabelTaskType taskType, JsonFields fields, JsonFields property)
      throws InvalidFieldException {
    StorageUri location = fields.requiredParsed(ManifestFields.ANNOTATION_LOC, addresses);
    Optional<String> format = fields.text(ManifestFields.ANNOTATION_FORMAT);
    if (format.isPresent()
        && !format.get().strip().equalsIgnoreCase(Annotation.ObjectFile.PASCAL_VOC)) {
      throw fields.invalid(
          ManifestFields.ANNOTATION_FORMAT,
          "expected %s".formatted(Annotation.ObjectFile.PASCAL_VOC));
    }
    Optional<Label> name = fields.parsed(ManifestFields.NAME, Label::new);
    return new Annotation.ObjectFile(
        taskType, location, Annotation.ObjectFile.PASCAL_VOC, name, info(fields, property));
  }

  private Annotation entity(JsonFields fields, JsonFields property) throws InvalidFieldException {
    Label name = fields.requiredParsed(ManifestFields.NAME, Label::new);
    int start = property.requiredInteger(ManifestFields.START_INDEX);
    int end = property.requiredInteger(ManifestFields.END_INDEX);
    AnnotationInfo info = info(fields, property);
    try {
      return new Annotation.TextEntity(entityTask, name, start, end, info);
    } catch (DatasetException e) {
      throw property.invalid(ManifestFields.END_INDEX, e.getMessage());
    }
  }

  private static Annotation relation(JsonFields fields, JsonFields property)
      throws InvalidFieldException {
    Label name = fields.requiredParsed(ManifestFields.NAME, Label::new);
    String from = property.requiredText(ManifestFields.FROM);
    String to = property.requiredText(ManifestFields.TO);
    AnnotationInfo info = info(fields, property);
    if (info.id().isEmpty()) {
      throw fields.missing(ManifestFields.ID);
    }
    try {
      return new Annotation.TextRelation(name, from, to, info);
    } catch (DatasetException e) {
      throw property.invalid(ManifestFields.FROM, e.getMessage());
    }
  }

  private static Annotation speechContent(JsonFields fields, JsonFields property)
      throws InvalidFieldException {
    Optional<String> content = property.text(ManifestFields.CONTENT);
    if (content.isEmpty() && !property.has(ManifestFields.CONTENT)) {
      throw property.missing(ManifestFields.CONTENT);
    }
    return new Annotation.SpeechContent(content.orElse(""), info(fields, property));
  }

  private static Annotation speechSegment(JsonFields fields, JsonFields property)
      throws InvalidFieldException {
    Optional<Label> name = fields.parsed(ManifestFields.NAME, Label::new);
    Duration start = property.requiredParsed(ManifestFields.START_TIME, ClockTime::parse);
    Duration end = property.requiredParsed(ManifestFields.END_TIME, ClockTime::parse);
    Optional<String> speaker = property.text(ManifestFields.SPEAKER);
    Optional<String> content = property.text(ManifestFields.CONTENT);
    AnnotationInfo info = info(fields, property);
    try {
      return new Annotation.SpeechSegment(name, start, end, speaker, content, info);
    } catch (DatasetException e) {
      throw property.invalid(ManifestFields.END_TIME, e.getMessage());
    }
  }

  /** Called last, when the annotation's own fields were taken: the rest is properties. */
  private static AnnotationInfo info(JsonFields fields, JsonFields property)
      throws InvalidFieldException {
    Optional<String> id = fields.text(ManifestFields.ID);
    Hardness hardness = fields.hardness();
    Optional<String> annotatedBy = fields.text(ManifestFields.ANNOTATED_BY);
    Optional<LocalDateTime> creationTime = creationTime(fields);
    OptionalDouble confidence = fields.fraction(ManifestFields.CONFIDENCE);
    return new AnnotationInfo(
        id, property.rest(), hardness, annotatedBy, creationTime, confidence, fields.foreign());
  }

  /** A time of another form is no reason to lose a label: it stays among the foreign fields. */
  private static Optional<LocalDateTime> creationTime(JsonFields fields) {
    Optional<String> text =
        fields
            .value(ManifestFields.CREATION_TIME)
            .filter(value -> !value.isContainerNode())
            .map(value -> value.asText().strip().toUpperCase(Locale.ROOT));
    try {
      Optional<LocalDateTime> time =
          text.map(value -> LocalDateTime.parse(value, ManifestFields.TIME));
      if (time.isEmpty()) {
        fields.giveBack(ManifestFields.CREATION_TIME);
      }
      return time;
    } catch (DateTimeException e) {
      fields.giveBack(ManifestFields.CREATION_TIME);
      return Optional.empty();
    }
  }
}
