package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.probe.ImageType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory a label: the directory that holds an image, the last one of its path, names its only
 * label ("ModelArts imageNet 1.0"). An image in the source directory itself has no label directory
 * and is refused: the source's own name says where data lie, not what they show.
 */
public record ImagenetLayout(StorageUri source) implements ImportLayout {

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    return Stream.of(entry(new SourceDirectory(source), object));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return entries.stream()
        .map(
            entry ->
                entry instanceof LayoutEntry.MediaFile image
                    ? labelled(image.file(), inspector)
                    : new Outcome.Aside(Note.OTHER_FILE))
        .toList();
  }

  private static LayoutEntry entry(SourceDirectory directory, StoredObject object) {
    String path = directory.relativePath(object.uri());
    return !SourceDirectory.isHidden(path) && ImageType.ofFileName(path).isPresent()
        ? new LayoutEntry.MediaFile(path, object)
        : new LayoutEntry.OtherFile(path);
  }

  private Outcome labelled(StoredObject image, SampleInspector inspector) {
    String path = new SourceDirectory(source).relativePath(image.uri());
    String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    if (directory.isEmpty()) {
      return Outcome.refused(
          image.uri(),
          RejectReason.NO_LABEL_DIRECTORY,
          "The image lies in the source directory itself; move it into a directory named after its label.");
    }
    try {
      Label label = new Label(SourceDirectory.fileName(directory));
      Annotation annotation =
          new Annotation.Classification(
              LabelTaskType.IMAGE_CLASSIFICATION, label, AnnotationInfo.NONE);
      return inspector
          .image(image, Optional.empty(), List.of())
          .then(accepted -> accepted.with(accepted.sample().withAnnotations(List.of(annotation))));
    } catch (DatasetException e) {
      return Outcome.refused(image.uri(), RejectReason.INVALID_LABEL, "%s", e.getMessage());
    }
  }
}
