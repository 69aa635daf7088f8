package io.millrace.ingestion.layout;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.Broken;
import io.millrace.ingestion.layout.LayoutEntry.Described;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.Outcome.Accepted;
import io.millrace.ingestion.probe.ImageType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * COCO's instances files and the images that they name. The name of a file, or of its directory,
 * gives the usage of its images: train, val or test.
 *
 * <ul>
 *   <li>An image that no file lists is imported without labels, and noted.
 *   <li>An image that is listed and is not there is refused, and so is one with an annotation that
 *       cannot be read, with all its objects.
 *   <li>An annotation of an image that its file does not list is refused by itself.
 * </ul>
 *
 * @param files paths of the instances files in the source
 */
record CocoLayout(StorageUri source, LabelTaskType taskType, List<String> files)
    implements ImportLayout {
  /** Pixels by which a box may reach out, since COCO rounds x, y and size to two decimals. */
  private static final double ROUNDING = 0.0101;

  CocoLayout {
    files = List.copyOf(files);
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    String path = new SourceDirectory(source).relativePath(object.uri());
    if (files.contains(path)) {
      return described(object.uri(), path, stores.of(source));
    }
    return Stream.of(
        !SourceDirectory.isHidden(path) && ImageType.ofFileName(path).isPresent()
            ? new MediaFile(path, object)
            : new OtherFile(path));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Described> described = new ArrayList<>();
    List<Broken> broken = new ArrayList<>();
    Optional<StoredObject> image = Optional.empty();
    for (LayoutEntry entry : entries) {
      if (entry instanceof MediaFile media) {
        image = Optional.of(media.file());
      } else if (entry instanceof Described part) {
        described.add(part);
      } else if (entry instanceof Broken part) {
        broken.add(part);
      } else if (entry instanceof OtherFile) {
        outcomes.add(new Outcome.Aside(Note.OTHER_FILE));
      } else {
        throw new IllegalStateException("A COCO file has no entry such as " + entry);
      }
    }
    described.sort(
        Comparator.comparing((Described part) -> part.file().value())
            .thenComparing(part -> part.sample().isLabelled())
            .thenComparing(Described::line));
    broken.sort(Comparator.comparing(Broken::source).thenComparing(Broken::message));
    if (described.isEmpty() && image.isEmpty()) {
      broken.forEach(part -> outcomes.add(part.refused()));
    } else if (image.isEmpty()) {
      outcomes.add(
          Outcome.refused(
              described.get(0).sample().source(),
              RejectReason.SOURCE_MISSING,
              "%s lists the image, and it is not there.",
              described.get(0).file()));
    } else if (!broken.isEmpty()) {
      Broken first = broken.get(0);
      outcomes.add(
          Outcome.refused(
              image.get().uri(), first.reason(), "%s: %s", first.source(), first.message()));
    } else {
      outcomes.add(outcome(image.get(), described, inspector));
    }
    return outcomes;
  }

  private Outcome outcome(
      StoredObject image, List<Described> described, SampleInspector inspector) {
    Set<Usage> usages =
        described.stream()
            .flatMap(part -> part.sample().usage().stream())
            .collect(Collectors.toSet());
    Set<Annotation> objects = new LinkedHashSet<>();
    described.forEach(part -> objects.addAll(part.sample().annotations()));
    List<Note> notes = new ArrayList<>();
    if (described.isEmpty()) {
      notes.add(Note.WITHOUT_ANNOTATION);
    } else if (objects.isEmpty()) {
      notes.add(Note.EMPTY_ANNOTATION);
    }
    if (usages.size() > 1) {
      notes.add(Note.IN_SEVERAL_SETS);
    }
    for (Described part : described) {
      if (part.sample().annotations().size() > 1) {
        notes.add(Note.OBJECT_IN_PARTS);
      }
    }
    return inspector
        .image(image, usages.stream().sorted().findFirst(), notes)
        .then(accepted -> fitted(accepted, List.copyOf(objects), inspector));
  }

  private static Outcome fitted(
      Accepted image, List<Annotation> objects, SampleInspector inspector) {
    int width = image.sample().measures().width().orElseThrow();
    int height = image.sample().measures().height().orElseThrow();
    List<Annotation> fitted = new ArrayList<>();
    for (Annotation annotation : objects) {
      ImageObject object = (ImageObject) annotation;
      if (object.shape() instanceof Shape.Mask mask
          && (mask.width() != width || mask.height() != height)) {
        return Outcome.refused(
            image.sample().source(),
            RejectReason.MASK_SIZE_MISMATCH,
            "The mask of annotation %s has %d x %d pixels, its image %d x %d.",
            object.info().id().orElse("without id"),
            mask.width(),
            mask.height(),
            width,
            height);
      }
      fitted.add(
          object.shape() instanceof Shape.BoundingBox box
              ? new ImageObject(
                  object.taskType(),
                  object.name(),
                  new Shape.BoundingBox(
                      rounded(box.xMin(), width),
                      rounded(box.yMin(), height),
                      rounded(box.xMax(), width),
                      rounded(box.yMax(), height)),
                  object.traits(),
                  object.info())
              : object);
    }
    return inspector.withObjects(image, fitted);
  }

  private static double rounded(double edge, int size) {
    if (edge < 0 && edge >= -ROUNDING) {
      return 0;
    }
    return edge > size && edge <= size + ROUNDING ? size : edge;
  }

  private Stream<LayoutEntry> described(StorageUri file, String path, ObjectStore store)
      throws IOException {
    CocoIndex index = CocoIndex.read(source, store, file, path);
    CocoElements elements = CocoElements.open(store, file);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(elements, Spliterator.ORDERED), false)
        .filter(element -> !element.section().equals(CocoElements.CATEGORIES))
        .<LayoutEntry>map(element -> entry(file, path, index, element))
        .onClose(elements::close);
  }

  private LayoutEntry entry(
      StorageUri file, String path, CocoIndex index, CocoElements.Element element) {
    boolean isImage = element.section().equals(CocoElements.IMAGES);
    JsonNode node = element.node();
    String place = "%s:%s[%d]".formatted(file, element.section(), element.place());
    String id = node.path(isImage ? "id" : "image_id").asText();
    String name = index.images().get(id);
    if (isImage && (name == null || !name.equals(node.path("file_name").asText()))) {
      return new Broken(
          "\0" + place,
          place,
          RejectReason.BROKEN_ANNOTATION,
          "The image needs an id of its own and a file_name; its id is '%s'.".formatted(id));
    }
    if (name == null) {
      return new Broken(
          "\0" + place,
          place,
          RejectReason.SOURCE_MISSING,
          "Its image_id is '%s', which is no image of the file.".formatted(id));
    }
    String key = index.places().path(name);
    try {
      Sample sample =
          Sample.of(source.resolve(key), DatasetKind.IMAGE, 0, Instant.EPOCH)
              .withUsage(usage(path))
              .withAnnotations(
                  isImage
                      ? List.of()
                      : new CocoObject(node, taskType).annotations(index.categories()));
      return new Described(key, file, element.place(), sample);
    } catch (BrokenAnnotationException e) {
      return new Broken(key, place, e.reason(), e.getMessage());
    } catch (DatasetException e) {
      return new Broken("\0" + place, place, RejectReason.BROKEN_ANNOTATION, e.getMessage());
    }
  }

  /** The usage that a file's name gives, or else the name of the directory it is in. */
  static Optional<Usage> usage(String path) {
    String[] names = path.toLowerCase(Locale.ROOT).split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      for (String word : names[i].split("[^a-z]+", -1)) {
        switch (word) {
          case "train", "training", "trainval" -> {
            return Optional.of(Usage.TRAIN);
          }
          case "val", "valid", "validation", "minival", "valminusminival" -> {
            return Optional.of(Usage.EVAL);
          }
          case "test" -> {
            return Optional.of(Usage.TEST);
          }
          default -> {
            // Says nothing of usage.
          }
        }
      }
    }
    return Optional.empty();
  }
}
