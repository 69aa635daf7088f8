package io.millrace.dataset.labels;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;

/** The label task types whose labels say something of a whole sample. */
final class ClassificationTask {
  private ClassificationTask() {}

  /**
   * Fails unless whole samples have labels.
   *
   * @throws DatasetException that says what the labels are of
   */
  static void check(LabelTaskType taskType, String operation) {
    String what =
        switch (taskType) {
          case IMAGE_CLASSIFICATION, TEXT_CLASSIFICATION, AUDIO_CLASSIFICATION -> "";
          case OBJECT_DETECTION, IMAGE_SEGMENTATION, VIDEO_ANNOTATION -> "objects in images";
          case NAMED_ENTITY_RECOGNITION, TEXT_TRIPLE -> "stretches of a text";
          case SPEECH_SEGMENTATION -> "stretches of a recording";
          case SPEECH_CONTENT -> "nothing: what is said is written down";
          case TABLE, NONE -> "nothing";
        };
    if (!what.isEmpty()) {
      throw new DatasetException(
          "Cannot %s: in a dataset of %s labels are of %s, not of whole samples. Import annotations, or label apply those of a model."
              .formatted(operation, taskType, what));
    }
  }
}
