package io.millrace.dataset;

/** What is annotated in a dataset; each belongs to exactly one {@link DatasetKind}. */
public enum LabelTaskType {
  IMAGE_CLASSIFICATION(DatasetKind.IMAGE),
  OBJECT_DETECTION(DatasetKind.IMAGE),
  IMAGE_SEGMENTATION(DatasetKind.IMAGE),
  AUDIO_CLASSIFICATION(DatasetKind.AUDIO),
  SPEECH_CONTENT(DatasetKind.AUDIO),
  SPEECH_SEGMENTATION(DatasetKind.AUDIO),
  TEXT_CLASSIFICATION(DatasetKind.TEXT),
  NAMED_ENTITY_RECOGNITION(DatasetKind.TEXT),
  TEXT_TRIPLE(DatasetKind.TEXT),
  VIDEO_ANNOTATION(DatasetKind.VIDEO),
  TABLE(DatasetKind.TABLE),
  /** Free-format data, which carries no annotations. */
  NONE(DatasetKind.FREE);

  private final DatasetKind kind;

  LabelTaskType(DatasetKind kind) {
    this.kind = kind;
  }

  public DatasetKind kind() {
    return kind;
  }
}
