package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.RejectReason;
import java.util.List;
import java.util.Optional;

/**
 * A source whose directories are labels: the directory that holds a file, the last one of its path,
 * names its only label. A file in the source itself has no label directory and is refused: the
 * source's own name says where data lie, not what they show.
 */
record LabelDirectory(StorageUri source, LabelTaskType taskType) {

  /** The file as a sample with the label of its directory. */
  Outcome labelled(StoredObject file, SampleInspector inspector) {
    String path = new SourceDirectory(source).relativePath(file.uri());
    String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    if (directory.isEmpty()) {
      return Outcome.refused(
          file.uri(),
          RejectReason.NO_LABEL_DIRECTORY,
          "The file lies in the source directory itself; move it into a directory named after its label.");
    }
    try {
      Label label = new Label(SourceDirectory.fileName(directory));
      Annotation annotation = new Annotation.Classification(taskType, label, AnnotationInfo.NONE);
      return inspector
          .media(taskType.kind(), file, Optional.empty(), List.of())
          .then(accepted -> accepted.with(accepted.sample().withAnnotations(List.of(annotation))));
    } catch (DatasetException e) {
      return Outcome.refused(file.uri(), RejectReason.INVALID_LABEL, "%s", e.getMessage());
    }
  }
}
