package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.probe.ImageType;
import java.util.List;
import java.util.stream.Stream;

/** A directory of images a label ("ModelArts imageNet 1.0"); see {@link LabelDirectory}. */
public record ImagenetLayout(StorageUri source) implements ImportLayout {

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    return Stream.of(entry(new SourceDirectory(source), object));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    LabelDirectory labels = new LabelDirectory(source, LabelTaskType.IMAGE_CLASSIFICATION);
    return entries.stream()
        .map(
            entry ->
                entry instanceof LayoutEntry.MediaFile image
                    ? labels.labelled(image.file(), inspector)
                    : new Outcome.Aside(Note.OTHER_FILE))
        .toList();
  }

  private static LayoutEntry entry(SourceDirectory directory, StoredObject object) {
    String path = directory.relativePath(object.uri());
    return !SourceDirectory.isHidden(path) && ImageType.ofFileName(path).isPresent()
        ? new LayoutEntry.MediaFile(path, object)
        : new LayoutEntry.OtherFile(path);
  }
}
