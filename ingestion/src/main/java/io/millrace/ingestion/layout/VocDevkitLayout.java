package io.millrace.ingestion.layout;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import io.millrace.ingestion.probe.ImageType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directories of the original VOCdevkit, once or once a year:
 *
 * <pre>
 * JPEGImages/X.jpg           the images
 * Annotations/X.xml          what is on them
 * ImageSets/Main/train.txt   names without extension, one a line -> usage TRAIN
 * ImageSets/Main/val.txt     -> EVAL
 * ImageSets/Main/test.txt    -> TEST
 * ImageSets/Main/trainval.txt  -> TRAIN, for images that neither train.txt nor val.txt names
 * </pre>
 *
 * <p>All else (masks of segmentations, lists of single classes) is counted and not imported.
 *
 * @param source the directory that is imported
 * @param kits the directories, at or below the source, that hold a {@code JPEGImages}
 */
public record VocDevkitLayout(StorageUri source, List<StorageUri> kits) implements ImportLayout {
  private static final String IMAGES = "JPEGImages/";
  private static final String ANNOTATIONS = "Annotations/";
  private static final String SETS = "ImageSets/Main/";

  public VocDevkitLayout {
    kits = List.copyOf(kits);
  }

  /**
   * The VOCdevkit layout of a source: it holds {@code JPEGImages} itself, or directories in it
   * (such as {@code VOC2012}) or in its {@code VOCdevkit} do; empty for any other source.
   */
  public static Optional<VocDevkitLayout> find(StorageUri source, ObjectStore store)
      throws IOException {
    List<StorageUri> kits = kitsAmong(List.of(source), store);
    if (kits.isEmpty()) {
      kits = kitsAmong(directoriesOf(source, store), store);
    }
    if (kits.isEmpty()) {
      kits = kitsAmong(directoriesOf(source.resolve("VOCdevkit"), store), store);
    }
    return kits.isEmpty() ? Optional.empty() : Optional.of(new VocDevkitLayout(source, kits));
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    return entries(object, stores.of(source));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return VocPair.of(entries).outcomes(inspector);
  }

  private Stream<LayoutEntry> entries(StoredObject object, ObjectStore store) {
    String fromSource = new SourceDirectory(source).relativePath(object.uri());
    Optional<StorageUri> kit = kits.stream().filter(object.uri()::isSameOrBelow).findFirst();
    if (kit.isEmpty() || SourceDirectory.isHidden(fromSource)) {
      return Stream.of(new LayoutEntry.OtherFile(fromSource));
    }
    String path = new SourceDirectory(kit.get()).relativePath(object.uri());
    String prefix = fromSource.substring(0, fromSource.length() - path.length());
    if (path.startsWith(IMAGES) && ImageType.ofFileName(path).isPresent()) {
      return Stream.of(new LayoutEntry.MediaFile(key(prefix, path, IMAGES), object));
    }
    if (path.startsWith(ANNOTATIONS) && VocLayout.isXml(path)) {
      return Stream.of(new LayoutEntry.AnnotationFile(key(prefix, path, ANNOTATIONS), object));
    }
    return (path.startsWith(SETS)
            ? ImageSet.ofFileName(path.substring(SETS.length()))
            : Optional.<ImageSet>empty())
        .map(set -> members(prefix, set, object.uri(), store))
        .orElseGet(() -> Stream.of(new LayoutEntry.OtherFile(fromSource)));
  }

  private static List<StorageUri> kitsAmong(List<StorageUri> directories, ObjectStore store)
      throws IOException {
    List<StorageUri> kits = new ArrayList<>();
    for (StorageUri directory : directories) {
      if (store.isDirectory(directory.resolve(IMAGES))) {
        kits.add(directory);
      }
    }
    return kits;
  }

  private static List<StorageUri> directoriesOf(StorageUri directory, ObjectStore store)
      throws IOException {
    try (Stream<StorageUri> directories = store.listDirectories(directory)) {
      return directories.sorted(Comparator.comparing(StorageUri::value)).toList();
    }
  }

  private static String key(String prefix, String path, String directory) {
    return prefix + SourceDirectory.withoutExtension(path.substring(directory.length()));
  }

  /** The images that a list names; some lists carry an image's extension, which is dropped. */
  private static Stream<LayoutEntry> members(
      String prefix, ImageSet set, StorageUri list, ObjectStore store) {
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(store.open(list), StandardCharsets.UTF_8));
      return lines
          .lines()
          .map(line -> line.replace("\uFEFF", "").strip())
          .filter(line -> !line.isEmpty())
          .map(
              line ->
                  ImageType.ofFileName(line).isPresent()
                      ? SourceDirectory.withoutExtension(line)
                      : line)
          .<LayoutEntry>map(name -> new LayoutEntry.SetMember(prefix + name, set))
          .onClose(() -> close(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(BufferedReader lines) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
