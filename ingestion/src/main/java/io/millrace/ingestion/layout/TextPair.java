package io.millrace.ingestion.layout;

import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.SetMember;
import io.millrace.ingestion.layout.Outcome.Accepted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An image and its file of text, and what else goes by the same name.
 *
 * <ul>
 *   <li>An image without file is imported without labels, and noted: it was not annotated yet.
 *   <li>A file without image is refused: its labels are of nothing.
 *   <li>A file that several images could claim, or several files for one image, refuse the images.
 * </ul>
 */
record TextPair(
    List<StoredObject> images, List<StoredObject> texts, SetMembership membership, long others) {

  /** What becomes of an image by what its file says. */
  interface Labelling {
    Outcome label(Accepted image, TextFile.Read text, SampleInspector inspector);
  }

  static TextPair of(List<LayoutEntry> entries) {
    List<StoredObject> images = new ArrayList<>();
    List<StoredObject> texts = new ArrayList<>();
    Set<ImageSet> sets = EnumSet.noneOf(ImageSet.class);
    long others = 0;
    for (LayoutEntry entry : entries) {
      if (entry instanceof MediaFile image) {
        images.add(image.file());
      } else if (entry instanceof AnnotationFile text) {
        texts.add(text.file());
      } else if (entry instanceof SetMember member) {
        sets.add(member.set());
      } else if (entry instanceof OtherFile) {
        others++;
      } else {
        throw new IllegalStateException("A layout of texts has no entry such as " + entry);
      }
    }
    Comparator<StoredObject> byAddress = Comparator.comparing(file -> file.uri().value());
    images.sort(byAddress);
    texts.sort(byAddress);
    return new TextPair(images, texts, SetMembership.of(sets), others);
  }

  List<Outcome> outcomes(SampleInspector inspector, Labelling labelling) {
    List<Outcome> outcomes = new ArrayList<>(asides());
    if (images.isEmpty()) {
      texts.forEach(text -> outcomes.add(withoutImage(text)));
    }
    images.forEach(image -> outcomes.add(outcome(image, inspector, labelling)));
    return outcomes;
  }

  /** The files that are no part of the layout. */
  List<Outcome> asides() {
    return asides(Note.OTHER_FILE, others);
  }

  static List<Outcome> asides(Note note, long count) {
    List<Outcome> outcomes = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      outcomes.add(new Outcome.Aside(note));
    }
    return outcomes;
  }

  private Outcome outcome(StoredObject image, SampleInspector inspector, Labelling labelling) {
    List<Note> notes = new ArrayList<>(membership.notes());
    if (texts.isEmpty()) {
      notes.add(Note.WITHOUT_ANNOTATION);
      return inspector.image(image, membership.usage(), notes);
    }
    if (texts.size() > 1) {
      return Outcome.refused(
          image.uri(),
          RejectReason.AMBIGUOUS_ANNOTATION,
          "Several annotation files go by its name: %s.",
          names(texts));
    }
    if (images.size() > 1) {
      return Outcome.refused(
          image.uri(),
          RejectReason.AMBIGUOUS_ANNOTATION,
          "%s could be of any of %s.",
          names(texts),
          names(images));
    }
    return inspector
        .image(image, membership.usage(), notes)
        .then(accepted -> labelled(accepted, inspector, labelling));
  }

  private Outcome labelled(Accepted image, SampleInspector inspector, Labelling labelling) {
    TextFile text = inspector.text(texts.get(0));
    return text instanceof TextFile.Read read
        ? labelling.label(image, read, inspector)
        : ((TextFile.Broken) text).refusalOf(image.sample().source());
  }

  private static Outcome withoutImage(StoredObject text) {
    return Outcome.refused(
        text.uri(),
        RejectReason.SOURCE_MISSING,
        "The image that the annotation file belongs to is not there.");
  }

  private static String names(List<StoredObject> files) {
    return files.stream().map(file -> file.uri().fileName()).collect(Collectors.joining(", "));
  }
}
