package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of the dataset's kind, without labels; all others are left out. Datasets of free format
 * take every file that is not hidden.
 *
 * @param source a directory or a file
 */
public record UnlabelledLayout(StorageUri source, DatasetKind kind) implements ImportLayout {
  public UnlabelledLayout {
    requireNonNull(source, "source is null");
    requireNonNull(kind, "kind is null");
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    String path = new SourceDirectory(source).relativePath(object.uri());
    return Stream.of(
        MediaFiles.accepts(kind, path)
            ? new LayoutEntry.MediaFile(path, object)
            : new LayoutEntry.OtherFile(path));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return entries.stream()
        .map(
            entry ->
                entry instanceof LayoutEntry.MediaFile media
                    ? inspector.media(kind, media.file(), Optional.empty(), List.of())
                    : new Outcome.Aside(Note.OTHER_FILE))
        .toList();
  }
}
