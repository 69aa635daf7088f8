package io.millrace.ingestion.layout;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.probe.ImageType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Images with their Pascal VOC file beside them: {@code X.jpg} and {@code X.xml} in the same
 * directory ("ModelArts PASCAL VOC 1.0"). See {@link VocPair} for images without file and files
 * without image.
 */
public record VocLayout(StorageUri source) implements ImportLayout {

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    return Stream.of(entry(new SourceDirectory(source), object));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return VocPair.of(entries).outcomes(inspector);
  }

  private static LayoutEntry entry(SourceDirectory directory, StoredObject object) {
    String path = directory.relativePath(object.uri());
    if (SourceDirectory.isHidden(path)) {
      return new LayoutEntry.OtherFile(path);
    }
    if (ImageType.ofFileName(path).isPresent()) {
      return new LayoutEntry.MediaFile(SourceDirectory.withoutExtension(path), object);
    }
    return isXml(path)
        ? new LayoutEntry.AnnotationFile(SourceDirectory.withoutExtension(path), object)
        : new LayoutEntry.OtherFile(path);
  }

  static boolean isXml(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".xml");
  }
}
