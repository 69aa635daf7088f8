package io.millrace.ingestion.layout;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.SetMember;
import io.millrace.ingestion.layout.Outcome.Accepted;
import io.millrace.ingestion.probe.ImageType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images and mask images of the original VOCdevkit, once or once a year:
 *
 * <pre>
 * JPEGImages/X.jpg                   the images
 * SegmentationClass/X.png            the class of each pixel, by colour
 * SegmentationObject/X.png           the object of each pixel, by colour; may be missing
 * ImageSets/Segmentation/train.txt   usage, as {@link VocDevkitLayout} reads lists
 * labelmap.txt                       classes and their colours; without it those of Pascal VOC
 * </pre>
 *
 * <p>Each class that an image shows becomes one object whose shape is its pixels; with a mask of
 * objects, each object. An image without mask is imported without labels, and noted; a mask without
 * image is refused. All else is counted and not imported.
 */
record SegmentationKitLayout(StorageUri source, List<SegmentationKit> kits)
    implements ImportLayout {
  static final String CLASSES = "SegmentationClass/";
  static final String LABEL_MAP = "labelmap.txt";

  private static final String IMAGES = "JPEGImages/";
  private static final String OBJECTS = "SegmentationObject/";
  private static final String SETS = "ImageSets/Segmentation/";

  SegmentationKitLayout {
    kits = List.copyOf(kits);
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    String fromSource = new SourceDirectory(source).relativePath(object.uri());
    Optional<SegmentationKit> kit = kitOf(object);
    if (kit.isEmpty() || SourceDirectory.isHidden(fromSource)) {
      return fromSource.equals(LABEL_MAP) ? Stream.empty() : Stream.of(new OtherFile(fromSource));
    }
    String path = pathIn(kit.get(), object);
    String prefix = fromSource.substring(0, fromSource.length() - path.length());
    if (path.startsWith(IMAGES) && ImageType.ofFileName(path).isPresent()) {
      return Stream.of(new MediaFile(VocDevkitLayout.key(prefix, path, IMAGES), object));
    }
    for (String masks : List.of(CLASSES, OBJECTS)) {
      if (path.startsWith(masks) && path.toLowerCase(Locale.ROOT).endsWith(".png")) {
        return Stream.of(new AnnotationFile(VocDevkitLayout.key(prefix, path, masks), object));
      }
    }
    Optional<ImageSet> set =
        path.startsWith(SETS)
            ? ImageSet.ofFileName(path.substring(SETS.length()))
            : Optional.empty();
    if (set.isPresent()) {
      return VocDevkitLayout.members(prefix, set.get(), object.uri(), stores.of(source));
    }
    return path.equals(LABEL_MAP) ? Stream.empty() : Stream.of(new OtherFile(fromSource));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    List<StoredObject> images = new ArrayList<>();
    List<StoredObject> classMasks = new ArrayList<>();
    List<StoredObject> objectMasks = new ArrayList<>();
    Set<ImageSet> sets = EnumSet.noneOf(ImageSet.class);
    for (LayoutEntry entry : entries) {
      if (entry instanceof MediaFile image) {
        images.add(image.file());
      } else if (entry instanceof AnnotationFile mask) {
        (isObjectMask(mask.file()) ? objectMasks : classMasks).add(mask.file());
      } else if (entry instanceof SetMember member) {
        sets.add(member.set());
      } else if (entry instanceof OtherFile) {
        outcomes.add(new Outcome.Aside(Note.OTHER_FILE));
      } else {
        throw new IllegalStateException("A VOC directory has no entry such as " + entry);
      }
    }
    List.of(images, classMasks, objectMasks)
        .forEach(files -> files.sort(Comparator.comparing(file -> file.uri().value())));
    if (images.isEmpty()) {
      Stream.concat(classMasks.stream(), objectMasks.stream())
          .forEach(mask -> outcomes.add(withoutImage(mask)));
      if (outcomes.isEmpty()) {
        outcomes.add(new Outcome.Aside(Note.LISTED_WITHOUT_IMAGE));
      }
      return outcomes;
    }
    Masks masks = new Masks(classMasks, objectMasks, SetMembership.of(sets));
    for (StoredObject image : images) {
      outcomes.add(
          images.size() > 1 && !masks.areNone()
              ? Outcome.refused(
                  image.uri(),
                  RejectReason.AMBIGUOUS_ANNOTATION,
                  "A mask could be of any of the %d images of this name.",
                  images.size())
              : outcome(image, masks, inspector));
    }
    return outcomes;
  }

  private record Masks(
      List<StoredObject> classMasks, List<StoredObject> objectMasks, SetMembership membership) {

    boolean areNone() {
      return classMasks.isEmpty() && objectMasks.isEmpty();
    }
  }

  private Outcome outcome(StoredObject image, Masks masks, SampleInspector inspector) {
    List<Note> notes = new ArrayList<>(masks.membership().notes());
    if (masks.areNone()) {
      notes.add(Note.WITHOUT_ANNOTATION);
      return inspector.image(image, masks.membership().usage(), notes);
    }
    if (masks.classMasks().isEmpty()) {
      return Outcome.refused(
          image.uri(),
          RejectReason.ANNOTATION_MISSING,
          "It has a mask in SegmentationObject, but none in SegmentationClass.");
    }
    if (masks.classMasks().size() > 1 || masks.objectMasks().size() > 1) {
      return Outcome.refused(
          image.uri(), RejectReason.AMBIGUOUS_ANNOTATION, "Several masks go by its name.");
    }
    return inspector
        .image(image, masks.membership().usage(), notes)
        .then(accepted -> segmented(accepted, masks, inspector));
  }

  private Outcome segmented(Accepted image, Masks masks, SampleInspector inspector) {
    StoredObject mask = masks.classMasks().get(0);
    MaskClasses classes = kitOf(mask).orElseThrow().classes();
    try {
      Optional<MaskImage> objectMask = Optional.empty();
      if (!masks.objectMasks().isEmpty()) {
        objectMask = Optional.of(inspector.mask(masks.objectMasks().get(0), image.sample()));
      }
      List<Annotation> objects = inspector.mask(mask, image.sample()).objects(classes, objectMask);
      return inspector.withObjects(
          image.with(
              image.sample(), objects.isEmpty() ? List.of(Note.EMPTY_ANNOTATION) : List.of()),
          objects);
    } catch (BrokenAnnotationException e) {
      return e.refusalOf(image.sample().source(), mask.uri());
    }
  }

  private static Outcome withoutImage(StoredObject mask) {
    return Outcome.refused(
        mask.uri(),
        RejectReason.SOURCE_MISSING,
        "The image that the mask belongs to is not there.");
  }

  private Optional<SegmentationKit> kitOf(StoredObject object) {
    return kits.stream().filter(kit -> object.uri().isSameOrBelow(kit.root())).findFirst();
  }

  private boolean isObjectMask(StoredObject mask) {
    return pathIn(kitOf(mask).orElseThrow(), mask).startsWith(OBJECTS);
  }

  private static String pathIn(SegmentationKit kit, StoredObject object) {
    return new SourceDirectory(kit.root()).relativePath(object.uri());
  }
}
