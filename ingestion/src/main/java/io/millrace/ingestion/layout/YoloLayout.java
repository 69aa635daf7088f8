package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.SetMember;
import io.millrace.ingestion.layout.Outcome.Accepted;
import io.millrace.ingestion.probe.ImageType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images and their YOLO label files, in the sets that a file describes: Darknet's {@code obj.data}
 * with its lists, Ultralytics' {@code data.yaml} with its directories or lists. The label file of
 * {@code a/X.jpg} is {@code a/X.txt}; that of {@code images/a/X.jpg} may also be {@code
 * labels/a/X.txt}.
 *
 * <ul>
 *   <li>An image of no set is set aside and noted: the sets decide what belongs to the source.
 *   <li>An image of a set without label file shows nothing that was looked for: it is imported
 *       without labels, and noted.
 *   <li>An image that a list names and that is not there, and a label file in a set without image,
 *       are refused.
 * </ul>
 *
 * @param labels the classes in the order of their indexes
 * @param ownFiles paths of the files that describe the source
 */
record YoloLayout(
    StorageUri source,
    YoloDialect dialect,
    LabelTaskType taskType,
    List<String> labels,
    List<YoloSet> sets,
    Set<String> ownFiles)
    implements ImportLayout {
  YoloLayout {
    requireNonNull(source, "source is null");
    requireNonNull(dialect, "dialect is null");
    requireNonNull(taskType, "taskType is null");
    labels = List.copyOf(labels);
    sets = List.copyOf(sets);
    ownFiles = Set.copyOf(ownFiles);
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    String path = new SourceDirectory(source).relativePath(object.uri());
    if (ownFiles.contains(path)) {
      return Stream.empty();
    }
    List<YoloSet> lists = sets.stream().filter(set -> set.isListAt(path)).toList();
    if (!lists.isEmpty()) {
      ListedPaths paths = new ListedPaths(source, stores.of(source));
      return paths
          .read(object.uri())
          .flatMap(
              image -> lists.stream().map(list -> new SetMember(keyOfImage(image), list.set())));
    }
    if (SourceDirectory.isHidden(path)) {
      return Stream.of(new OtherFile(path));
    }
    if (ImageType.ofFileName(path).isPresent()) {
      return withMemberships(new MediaFile(keyOfImage(path), object));
    }
    return ImageTxtLayout.isText(path)
        ? withMemberships(new AnnotationFile(keyOfText(path), object))
        : Stream.of(new OtherFile(path));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    TextPair pair = TextPair.of(entries);
    if (pair.membership().isEmpty()) {
      List<Outcome> asides = new ArrayList<>(pair.asides());
      asides.addAll(TextPair.asides(Note.NOT_IN_A_SET, pair.images().size()));
      asides.addAll(TextPair.asides(Note.OTHER_FILE, pair.texts().size()));
      return asides;
    }
    if (pair.images().isEmpty() && pair.texts().isEmpty()) {
      return List.of(
          new Outcome.Refused(
              "%s/%s".formatted(source, entries.get(0).key()),
              RejectReason.SOURCE_MISSING,
              "A list of images names it, and there is no image of that name."));
    }
    return pair.outcomes(inspector, this::labelled);
  }

  private Outcome labelled(Accepted image, TextFile.Read text, SampleInspector inspector) {
    YoloLabelFile reader =
        new YoloLabelFile(
            dialect,
            taskType,
            labels,
            image.sample().measures().width().orElseThrow(),
            image.sample().measures().height().orElseThrow());
    try {
      List<Annotation> objects = reader.objects(text.lines());
      return inspector.withObjects(
          image.with(
              image.sample(), objects.isEmpty() ? List.of(Note.EMPTY_ANNOTATION) : List.of()),
          objects);
    } catch (BrokenAnnotationException e) {
      return e.refusalOf(image.sample().source(), text.file());
    }
  }

  private Stream<LayoutEntry> withMemberships(LayoutEntry entry) {
    return Stream.concat(
        Stream.of(entry),
        sets.stream()
            .filter(set -> set.isDirectoryOf(entry.key()))
            .map(set -> new SetMember(entry.key(), set.set())));
  }

  private static String keyOfImage(String path) {
    return ImageType.ofFileName(path).isPresent() ? SourceDirectory.withoutExtension(path) : path;
  }

  /** Of the last directory that is named labels, the image is in the one named images instead. */
  private static String keyOfText(String path) {
    String rooted = "/" + SourceDirectory.withoutExtension(path);
    int at = rooted.lastIndexOf("/labels/");
    return at < 0
        ? rooted.substring(1)
        : (rooted.substring(0, at) + "/images/" + rooted.substring(at + "/labels/".length()))
            .substring(1);
  }
}
