package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of images or recordings a label ("ModelArts imageNet 1.0", "audio classification dir
 * 1.0"); see {@link LabelDirectory}.
 */
public record LabelDirectoryLayout(StorageUri source, LabelTaskType taskType)
    implements ImportLayout {
  public LabelDirectoryLayout {
    requireNonNull(source, "source is null");
    requireNonNull(taskType, "taskType is null");
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    String path = new SourceDirectory(source).relativePath(object.uri());
    return Stream.of(
        MediaFiles.accepts(taskType.kind(), path)
            ? new LayoutEntry.MediaFile(path, object)
            : new LayoutEntry.OtherFile(path));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    LabelDirectory labels = new LabelDirectory(source, taskType);
    return entries.stream()
        .map(
            entry ->
                entry instanceof LayoutEntry.MediaFile file
                    ? labels.labelled(file.file(), inspector)
                    : new Outcome.Aside(Note.OTHER_FILE))
        .toList();
  }
}
