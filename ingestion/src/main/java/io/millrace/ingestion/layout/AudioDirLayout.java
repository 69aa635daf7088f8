package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of recordings a label ("ModelArts audio classification dir 1.0"); see {@link
 * LabelDirectory}.
 */
public record AudioDirLayout(StorageUri source) implements ImportLayout {

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    String path = new SourceDirectory(source).relativePath(object.uri());
    return Stream.of(
        MediaFiles.accepts(DatasetKind.AUDIO, path)
            ? new LayoutEntry.MediaFile(path, object)
            : new LayoutEntry.OtherFile(path));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    LabelDirectory labels = new LabelDirectory(source, LabelTaskType.AUDIO_CLASSIFICATION);
    return entries.stream()
        .map(
            entry ->
                entry instanceof LayoutEntry.MediaFile recording
                    ? labels.labelled(recording.file(), inspector)
                    : new Outcome.Aside(Note.OTHER_FILE))
        .toList();
  }
}
