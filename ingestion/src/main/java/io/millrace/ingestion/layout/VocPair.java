package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.SetMember;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An image and its annotation file, as they should be; and what else goes by the same name.
 *
 * <ul>
 *   <li>An image without file is imported without labels, and noted: it was not annotated yet.
 *   <li>A file without image is refused: its labels are of nothing.
 *   <li>A file that several images could claim ({@code X.jpg}, {@code X.png}) belongs to the one
 *       whose name it gives; the others have none. If it gives none of their names all are refused.
 *   <li>Several files for one name refuse every image of it.
 * </ul>
 */
record VocPair(
    List<StoredObject> images, List<StoredObject> annotations, Set<ImageSet> sets, long others) {

  static VocPair of(List<LayoutEntry> entries) {
    List<StoredObject> images = new ArrayList<>();
    List<StoredObject> annotations = new ArrayList<>();
    Set<ImageSet> sets = EnumSet.noneOf(ImageSet.class);
    long others = 0;
    for (LayoutEntry entry : entries) {
      if (entry instanceof MediaFile image) {
        images.add(image.file());
      } else if (entry instanceof AnnotationFile annotation) {
        annotations.add(annotation.file());
      } else if (entry instanceof SetMember member) {
        sets.add(member.set());
      } else if (entry instanceof OtherFile) {
        others++;
      } else {
        throw new IllegalStateException("A VOC directory has no entry such as " + entry);
      }
    }
    Comparator<StoredObject> byAddress = Comparator.comparing(file -> file.uri().value());
    images.sort(byAddress);
    annotations.sort(byAddress);
    return new VocPair(images, annotations, sets, others);
  }

  List<Outcome> outcomes(SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    Stream.generate(() -> new Outcome.Aside(Note.OTHER_FILE)).limit(others).forEach(outcomes::add);
    if (!images.isEmpty()) {
      outcomes.addAll(imageOutcomes(inspector));
    } else if (!annotations.isEmpty()) {
      annotations.forEach(annotation -> outcomes.add(withoutImage(annotation)));
    } else if (!sets.isEmpty()) {
      outcomes.add(new Outcome.Aside(Note.LISTED_WITHOUT_IMAGE));
    }
    return outcomes;
  }

  private List<Outcome> imageOutcomes(SampleInspector inspector) {
    if (annotations.isEmpty()) {
      return images.stream().map(image -> unlabelled(image, inspector)).toList();
    }
    if (annotations.size() > 1) {
      return ambiguous(
          "Several annotation files go by its name: %s.".formatted(names(annotations)));
    }
    StoredObject annotation = annotations.get(0);
    if (images.size() == 1) {
      return List.of(labelled(images.get(0), annotation, inspector));
    }
    Optional<String> named = inspector.annotatedFileName(annotation);
    if (images.stream().noneMatch(image -> isNamed(image, named))) {
      return ambiguous(
          "%s could be of any of %s, and names none of them."
              .formatted(annotation.uri().fileName(), names(images)));
    }
    return images.stream()
        .map(
            image ->
                isNamed(image, named)
                    ? labelled(image, annotation, inspector)
                    : unlabelled(image, inspector))
        .toList();
  }

  private List<Outcome> ambiguous(String message) {
    return images.stream()
        .<Outcome>map(
            image -> Outcome.refused(image.uri(), RejectReason.AMBIGUOUS_ANNOTATION, "%s", message))
        .toList();
  }

  private Outcome labelled(StoredObject image, StoredObject annotation, SampleInspector inspector) {
    return inspector
        .image(image, usage(), notes())
        .then(
            accepted -> inspector.annotated(accepted, annotation, LabelTaskType.OBJECT_DETECTION));
  }

  private Outcome unlabelled(StoredObject image, SampleInspector inspector) {
    List<Note> notes = new ArrayList<>(notes());
    notes.add(Note.WITHOUT_ANNOTATION);
    return inspector.image(image, usage(), notes);
  }

  private static Outcome withoutImage(StoredObject annotation) {
    return Outcome.refused(
        annotation.uri(),
        RejectReason.SOURCE_MISSING,
        "The image that the annotation file belongs to is not there.");
  }

  /** The usage of the set that lists the image; of several, the first of train, val, test. */
  private Optional<Usage> usage() {
    return sets.stream().sorted().findFirst().map(ImageSet::usage);
  }

  private List<Note> notes() {
    Set<ImageSet> distinct = EnumSet.noneOf(ImageSet.class);
    distinct.addAll(sets);
    if (sets.contains(ImageSet.TRAIN) || sets.contains(ImageSet.VAL)) {
      distinct.remove(ImageSet.TRAINVAL);
    }
    return distinct.size() > 1 ? List.of(Note.IN_SEVERAL_SETS) : List.of();
  }

  private static boolean isNamed(StoredObject image, Optional<String> name) {
    return name.isPresent() && image.uri().fileName().equals(name.get());
  }

  private static String names(List<StoredObject> files) {
    return files.stream().map(file -> file.uri().fileName()).collect(Collectors.joining(", "));
  }
}
