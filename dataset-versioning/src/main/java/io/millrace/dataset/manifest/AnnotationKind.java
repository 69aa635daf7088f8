package io.millrace.dataset.manifest;

import io.millrace.dataset.DatasetKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The {@code type} values of annotations in manifests. */
enum AnnotationKind {
  IMAGE_CLASSIFICATION("image_classification", DatasetKind.IMAGE),
  OBJECT_DETECTION("object_detection", DatasetKind.IMAGE),
  IMAGE_SEGMENTATION("image_segmentation", DatasetKind.IMAGE),
  TEXT_CLASSIFICATION("text_classification", DatasetKind.TEXT),
  TEXT_ENTITY("text_entity", DatasetKind.TEXT),
  TEXT_TRIPLET("text_triplet", DatasetKind.TEXT),
  AUDIO_CLASSIFICATION("audio_classification", DatasetKind.AUDIO),
  AUDIO_CONTENT("audio_content", DatasetKind.AUDIO),
  AUDIO_SEGMENTATION("audio_segmentation", DatasetKind.AUDIO);

  private static final String PREFIX = "modelarts/";
  private static final String SOUND_CLASSIFICATION = "sound_classification";

  private final String word;
  private final DatasetKind kind;

  AnnotationKind(String word, DatasetKind kind) {
    this.word = word;
    this.kind = kind;
  }

  /** As it is written. */
  String type() {
    return PREFIX + word;
  }

  /** The kind of the samples it annotates. */
  DatasetKind kind() {
    return kind;
  }

  /** Reads a type with or without its prefix; empty for an unknown one. */
  static Optional<AnnotationKind> parse(String type) {
    String word = type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
    return word.equals(SOUND_CLASSIFICATION)
        ? Optional.of(AUDIO_CLASSIFICATION)
        : Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(kind -> kind.word).toList();
  }
}
