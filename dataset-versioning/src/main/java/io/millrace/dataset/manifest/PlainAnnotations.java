package io.millrace.dataset.manifest;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StorageUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/** Reads the annotations of plain lines; see {@link PlainLines}. */
final class PlainAnnotations {
  private static final int TYPE = 0;
  private static final int NAME = 1;
  private static final int ID = 2;
  private static final int PROPERTY = 3;
  private static final int HARD = 4;
  private static final int HARD_COEFFICIENT = 5;
  private static final int ANNOTATED_BY = 6;
  private static final int CREATION_TIME = 7;
  private static final int CONFIDENCE = 8;
  private static final int ANNOTATION_LOC = 9;
  private static final int ANNOTATION_FORMAT = 10;
  private static final List<String> FIELDS =
      List.of(
          ManifestFields.TYPE,
          ManifestFields.NAME,
          ManifestFields.ID,
          ManifestFields.PROPERTY,
          ManifestFields.HARD,
          ManifestFields.HARD_COEFFICIENT,
          ManifestFields.ANNOTATED_BY,
          ManifestFields.CREATION_TIME,
          ManifestFields.CONFIDENCE,
          ManifestFields.ANNOTATION_LOC,
          ManifestFields.ANNOTATION_FORMAT);

  private static final Set<String> ENTITY_PROPERTIES =
      Set.of(ManifestFields.START_INDEX, ManifestFields.END_INDEX);
  private static final Set<String> RELATION_PROPERTIES =
      Set.of(ManifestFields.FROM, ManifestFields.TO);
  private static final Set<String> CONTENT_PROPERTIES = Set.of(ManifestFields.CONTENT);
  private static final Set<String> SEGMENT_PROPERTIES =
      Set.of(
          ManifestFields.START_TIME,
          ManifestFields.END_TIME,
          ManifestFields.SPEAKER,
          ManifestFields.CONTENT);

  private final Function<String, StorageUri> addresses;
  private final PlainValues values;
  private final PlainKeys keys = new PlainKeys(FIELDS);
  private final TextCache<Optional<AnnotationKind>> kinds = new TextCache<>(AnnotationKind::parse);
  private final TextCache<Optional<Label>> labels =
      new TextCache<>(text -> Optional.of(new Label(text)));

  PlainAnnotations(Function<String, StorageUri> addresses, PlainValues values) {
    this.addresses = addresses;
    this.values = values;
  }

  /** An array of annotations. */
  List<PlainAnnotation> read(PlainText text) throws NotPlainException {
    text.expect('[');
    if (text.accept(']')) {
      return List.of();
    }
    List<PlainAnnotation> annotations = new ArrayList<>(2);
    do {
      annotations.add(annotation(text));
    } while (text.hasMore(']'));
    return annotations;
  }

  /** The annotations as what they are on a sample with these properties. */
  List<Annotation> build(List<PlainAnnotation> annotations, Properties sampleProperties)
      throws NotPlainException {
    if (annotations.isEmpty()) {
      return List.of();
    }
    LabelTaskType entityTask =
        AnnotationDecoder.entityTask(annotations, annotation -> annotation.kind);
    LabelTaskType objectTask = AnnotationDecoder.objectTask(sampleProperties);
    if (annotations.size() == 1) {
      return List.of(build(annotations.get(0), entityTask, objectTask));
    }
    List<Annotation> built = new ArrayList<>(annotations.size());
    for (PlainAnnotation annotation : annotations) {
      built.add(build(annotation, entityTask, objectTask));
    }
    return built;
  }

  private PlainAnnotation annotation(PlainText text) throws NotPlainException {
    PlainAnnotation annotation = new PlainAnnotation();
    int seen = 0;
    int key = text.firstKey(keys);
    while (key >= 0) {
      seen = PlainLines.once(seen, key);
      switch (key) {
        case TYPE -> annotation.kind = NotPlainException.require(text.text(kinds));
        case NAME -> annotation.name = text.text(labels);
        case ID -> annotation.id = Optional.of(text.text(values.texts));
        case PROPERTY -> annotation.property = values.properties(text);
        case HARD -> annotation.isHard = values.truth(text);
        case HARD_COEFFICIENT -> annotation.coefficient = OptionalDouble.of(text.fraction());
        case ANNOTATED_BY -> annotation.annotatedBy = Optional.of(text.text(values.texts));
        case CREATION_TIME -> annotation.creationTime = Optional.of(PlainValues.time(text));
        case CONFIDENCE -> annotation.confidence = OptionalDouble.of(text.fraction());
        case ANNOTATION_LOC -> annotation.location = Optional.of(addresses.apply(text.text()));
        case ANNOTATION_FORMAT -> annotation.isFormatted = isPascalVoc(text);
        default -> throw new IllegalStateException("A key without a meaning: " + key);
      }
      key = text.nextKey(keys, key);
    }
    if ((seen & 1 << TYPE) == 0) {
      throw new NotPlainException();
    }
    return annotation;
  }

  private boolean isPascalVoc(PlainText text) throws NotPlainException {
    if (!text.text(values.texts).equals(Annotation.ObjectFile.PASCAL_VOC)) {
      throw new NotPlainException();
    }
    return true;
  }

  private static Annotation build(
      PlainAnnotation annotation, LabelTaskType entityTask, LabelTaskType objectTask)
      throws NotPlainException {
    boolean isObjectFile =
        annotation.kind == AnnotationKind.OBJECT_DETECTION
            || annotation.kind == AnnotationKind.IMAGE_SEGMENTATION;
    if (!isObjectFile && (annotation.location.isPresent() || annotation.isFormatted)) {
      throw new NotPlainException();
    }
    return switch (annotation.kind) {
      case IMAGE_CLASSIFICATION -> classification(LabelTaskType.IMAGE_CLASSIFICATION, annotation);
      case TEXT_CLASSIFICATION -> classification(LabelTaskType.TEXT_CLASSIFICATION, annotation);
      case AUDIO_CLASSIFICATION -> classification(LabelTaskType.AUDIO_CLASSIFICATION, annotation);
      case OBJECT_DETECTION -> objectFile(objectTask, annotation);
      case IMAGE_SEGMENTATION -> objectFile(LabelTaskType.IMAGE_SEGMENTATION, annotation);
      case TEXT_ENTITY -> entity(entityTask, annotation);
      case TEXT_TRIPLET -> relation(annotation);
      case AUDIO_CONTENT -> speechContent(annotation);
      case AUDIO_SEGMENTATION -> speechSegment(annotation);
    };
  }

  private static Annotation classification(LabelTaskType task, PlainAnnotation annotation)
      throws NotPlainException {
    return new Annotation.Classification(task, annotation.requiredName(), annotation.info());
  }

  private static Annotation objectFile(LabelTaskType task, PlainAnnotation annotation)
      throws NotPlainException {
    return new Annotation.ObjectFile(
        task,
        NotPlainException.require(annotation.location),
        Annotation.ObjectFile.PASCAL_VOC,
        annotation.name,
        annotation.info());
  }

  private static Annotation entity(LabelTaskType task, PlainAnnotation annotation)
      throws NotPlainException {
    Label name = annotation.requiredName();
    int start = annotation.integer(ManifestFields.START_INDEX);
    int end = annotation.integer(ManifestFields.END_INDEX);
    return new Annotation.TextEntity(
        task, name, start, end, annotation.infoWithout(ENTITY_PROPERTIES));
  }

  private static Annotation relation(PlainAnnotation annotation) throws NotPlainException {
    Label name = annotation.requiredName();
    String from = annotation.text(ManifestFields.FROM);
    String to = annotation.text(ManifestFields.TO);
    if (annotation.id.isEmpty()) {
      throw new NotPlainException();
    }
    return new Annotation.TextRelation(name, from, to, annotation.infoWithout(RELATION_PROPERTIES));
  }

  private static Annotation speechContent(PlainAnnotation annotation) throws NotPlainException {
    if (annotation.name.isPresent()) {
      throw new NotPlainException();
    }
    String content = annotation.text(ManifestFields.CONTENT);
    return new Annotation.SpeechContent(content, annotation.infoWithout(CONTENT_PROPERTIES));
  }

  private static Annotation speechSegment(PlainAnnotation annotation) throws NotPlainException {
    String start = annotation.text(ManifestFields.START_TIME);
    String end = annotation.text(ManifestFields.END_TIME);
    Optional<String> speaker = annotation.optionalText(ManifestFields.SPEAKER);
    Optional<String> content = annotation.optionalText(ManifestFields.CONTENT);
    return new Annotation.SpeechSegment(
        annotation.name,
        ClockTime.parse(start),
        ClockTime.parse(end),
        speaker,
        content,
        annotation.infoWithout(SEGMENT_PROPERTIES));
  }
}
