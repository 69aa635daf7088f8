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
import io.millrace.ingestion.layout.Outcome.Accepted;
import io.millrace.ingestion.probe.ImageType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images with their labels beside them: {@code 10.jpg} and {@code 10.txt} in the same directory,
 * one label a line ("ModelArts image classification 1.0"). Spaces around a label, empty lines and
 * repeated labels do not count. A file without a label says that somebody looked and found nothing;
 * its image is imported without labels, and noted. See {@link TextPair} for images without file and
 * files without image.
 */
public record ImageTxtLayout(StorageUri source) implements ImportLayout {

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    return Stream.of(entry(new SourceDirectory(source), object));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return TextPair.of(entries).outcomes(inspector, ImageTxtLayout::labelled);
  }

  static boolean isText(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".txt");
  }

  private static LayoutEntry entry(SourceDirectory directory, StoredObject object) {
    String path = directory.relativePath(object.uri());
    if (SourceDirectory.isHidden(path)) {
      return new LayoutEntry.OtherFile(path);
    }
    if (ImageType.ofFileName(path).isPresent()) {
      return new LayoutEntry.MediaFile(SourceDirectory.withoutExtension(path), object);
    }
    return isText(path)
        ? new LayoutEntry.AnnotationFile(SourceDirectory.withoutExtension(path), object)
        : new LayoutEntry.OtherFile(path);
  }

  private static Outcome labelled(Accepted image, TextFile.Read text, SampleInspector inspector) {
    Set<Label> labels = new LinkedHashSet<>();
    List<String> lines = text.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty()) {
        continue;
      }
      try {
        labels.add(new Label(line));
      } catch (DatasetException e) {
        return new TextFile.Broken(
                text.file(),
                RejectReason.INVALID_LABEL,
                "line %d: %s.".formatted(i + 1, e.getMessage()))
            .refusalOf(image.sample().source());
      }
    }
    List<Annotation> annotations = new ArrayList<>();
    for (Label label : labels) {
      annotations.add(
          new Annotation.Classification(
              LabelTaskType.IMAGE_CLASSIFICATION, label, AnnotationInfo.NONE));
    }
    return image.with(
        image.sample().withAnnotations(annotations),
        annotations.isEmpty() ? List.of(Note.EMPTY_ANNOTATION) : List.of());
  }
}
