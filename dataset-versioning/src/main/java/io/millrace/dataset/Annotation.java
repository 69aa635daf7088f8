package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/** What somebody or something says about a sample. */
public sealed interface Annotation {

  LabelTaskType taskType();

  AnnotationInfo info();

  /** The label it gives; empty for speech content and for a file that was not opened. */
  Optional<Label> label();

  /**
   * The same annotation with another label.
   *
   * @throws IllegalStateException for speech content, which has none
   */
  Annotation withLabel(Label label);

  /** The same annotation, of which other things are known. */
  Annotation withInfo(AnnotationInfo info);

  /** A label of the whole sample; a sample with several is multi-label. */
  record Classification(LabelTaskType taskType, Label name, AnnotationInfo info)
      implements Annotation {
    public Classification {
      requireNonNull(name, "name is null");
      requireNonNull(info, "info is null");
      checkArgument(
          taskType == LabelTaskType.IMAGE_CLASSIFICATION
              || taskType == LabelTaskType.TEXT_CLASSIFICATION
              || taskType == LabelTaskType.AUDIO_CLASSIFICATION,
          "Invalid classification: label task type %s classifies no whole sample",
          taskType);
    }

    @Override
    public Optional<Label> label() {
      return Optional.of(name);
    }

    @Override
    public Annotation withLabel(Label label) {
      return new Classification(taskType, label, info);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new Classification(taskType, name, info);
    }
  }

  /**
   * An object in an image or a video frame: its label, its shape, and what VOC says about it.
   *
   * <p>Its {@link AnnotationInfo#foreignFields()} hold, under the names of the two constants, what
   * the two files that describe it say beyond the model.
   */
  record ImageObject(
      LabelTaskType taskType, Label name, Shape shape, ObjectTraits traits, AnnotationInfo info)
      implements Annotation {
    /** Foreign field: an object, the fields of the manifest's annotation that named the file. */
    public static final String MANIFEST_FIELDS = "manifest";

    /** Foreign field: an object, what the VOC file says of this object and of the whole file. */
    public static final String VOC_FIELDS = "voc";

    public ImageObject {
      requireNonNull(name, "name is null");
      requireNonNull(shape, "shape is null");
      requireNonNull(traits, "traits is null");
      requireNonNull(info, "info is null");
      checkImageObject(taskType);
    }

    @Override
    public Optional<Label> label() {
      return Optional.of(name);
    }

    @Override
    public Annotation withLabel(Label label) {
      return new ImageObject(taskType, label, shape, traits, info);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new ImageObject(taskType, name, shape, traits, info);
    }
  }

  /**
   * The address of a file that holds the objects, as a manifest line names it; an import opens the
   * file and puts its {@link ImageObject}s in place.
   *
   * @param format {@code PASCAL VOC}, the only one there is
   * @param name the label that some manifests repeat here
   */
  record ObjectFile(
      LabelTaskType taskType,
      StorageUri location,
      String format,
      Optional<Label> name,
      AnnotationInfo info)
      implements Annotation {
    public static final String PASCAL_VOC = "PASCAL VOC";

    public ObjectFile {
      requireNonNull(location, "location is null");
      requireNonNull(name, "name is null");
      requireNonNull(info, "info is null");
      checkArgument(
          PASCAL_VOC.equals(format),
          "Invalid annotation-format: '%s' (expected %s)",
          format,
          PASCAL_VOC);
      checkImageObject(taskType);
    }

    @Override
    public Optional<Label> label() {
      return name;
    }

    @Override
    public Annotation withLabel(Label label) {
      return new ObjectFile(taskType, location, format, Optional.of(label), info);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new ObjectFile(taskType, location, format, name, info);
    }
  }

  /**
   * A named stretch of a text.
   *
   * @param start index of its first character, counted from 0
   * @param end index after its last character
   */
  record TextEntity(LabelTaskType taskType, Label name, int start, int end, AnnotationInfo info)
      implements Annotation {
    public TextEntity {
      requireNonNull(name, "name is null");
      requireNonNull(info, "info is null");
      checkArgument(
          taskType == LabelTaskType.NAMED_ENTITY_RECOGNITION
              || taskType == LabelTaskType.TEXT_TRIPLE,
          "Invalid text entity: label task type %s has no entities",
          taskType);
      checkArgument(
          start >= 0 && end > start,
          "Invalid text entity: from %s to %s (expected 0 <= start_index < end_index)",
          start,
          end);
    }

    @Override
    public Optional<Label> label() {
      return Optional.of(name);
    }

    @Override
    public Annotation withLabel(Label label) {
      return new TextEntity(taskType, label, start, end, info);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new TextEntity(taskType, name, start, end, info);
    }
  }

  /** A relation between two entities of a text, named by their ids. */
  record TextRelation(Label name, String from, String to, AnnotationInfo info)
      implements Annotation {
    public TextRelation {
      requireNonNull(name, "name is null");
      requireNonNull(info, "info is null");
      checkArgument(
          from != null && !from.isBlank() && to != null && !to.isBlank(),
          "Invalid text relation: from '%s' to '%s' (expected two entity ids)",
          from,
          to);
    }

    @Override
    public LabelTaskType taskType() {
      return LabelTaskType.TEXT_TRIPLE;
    }

    @Override
    public Optional<Label> label() {
      return Optional.of(name);
    }

    @Override
    public Annotation withLabel(Label label) {
      return new TextRelation(label, from, to, info);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new TextRelation(name, from, to, info);
    }
  }

  /** What is said in a whole recording. */
  record SpeechContent(String content, AnnotationInfo info) implements Annotation {
    public SpeechContent {
      requireNonNull(content, "content is null");
      requireNonNull(info, "info is null");
    }

    @Override
    public LabelTaskType taskType() {
      return LabelTaskType.SPEECH_CONTENT;
    }

    @Override
    public Optional<Label> label() {
      return Optional.empty();
    }

    @Override
    public Annotation withLabel(Label label) {
      throw new IllegalStateException("Speech content has no label to change to " + label);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new SpeechContent(content, info);
    }
  }

  /**
   * A stretch of a recording, who speaks in it and what is said.
   *
   * @param start from the beginning of the recording, in milliseconds precision
   * @param end not before {@code start}
   */
  record SpeechSegment(
      Optional<Label> name,
      Duration start,
      Duration end,
      Optional<String> speaker,
      Optional<String> content,
      AnnotationInfo info)
      implements Annotation {
    public SpeechSegment {
      requireNonNull(name, "name is null");
      requireNonNull(speaker, "speaker is null");
      requireNonNull(content, "content is null");
      requireNonNull(info, "info is null");
      checkArgument(
          !start.isNegative() && end.compareTo(start) >= 0,
          "Invalid speech segment: from %s to %s (expected 0 <= start_time <= end_time)",
          start,
          end);
    }

    @Override
    public LabelTaskType taskType() {
      return LabelTaskType.SPEECH_SEGMENTATION;
    }

    @Override
    public Optional<Label> label() {
      return name;
    }

    @Override
    public Annotation withLabel(Label label) {
      return new SpeechSegment(Optional.of(label), start, end, speaker, content, info);
    }

    @Override
    public Annotation withInfo(AnnotationInfo info) {
      return new SpeechSegment(name, start, end, speaker, content, info);
    }
  }

  private static void checkImageObject(LabelTaskType taskType) {
    checkArgument(
        taskType == LabelTaskType.OBJECT_DETECTION
            || taskType == LabelTaskType.IMAGE_SEGMENTATION
            || taskType == LabelTaskType.VIDEO_ANNOTATION,
        "Invalid object: label task type %s has no objects in images",
        taskType);
  }
}
