package io.millrace.dataset.voc;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Pascal VOC file: an image and its objects.
 *
 * @param image absent in a file with an empty root, which says that somebody looked and found
 *     nothing
 * @param attributes of the root, such as labelImg's {@code verified}
 * @param others children of the root that the model does not know, {@code source} among them
 */
public record VocDocument(
    Optional<VocImage> image,
    List<VocObject> objects,
    Map<String, String> attributes,
    List<VocElement> others) {
  private static final String UNKNOWN_FOLDER = "NA";
  private static final VocElement UNKNOWN_SOURCE =
      VocElement.ofChildren("source", List.of(VocElement.ofText("database", "Unknown")));

  public VocDocument {
    requireNonNull(image, "image is null");
    objects = List.copyOf(objects);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    others = List.copyOf(others);
    checkArgument(
        image.isPresent() || (objects.isEmpty() && others.isEmpty()),
        "Invalid VOC document: it names no image, but has objects or more");
  }

  /**
   * The file for a sample's objects.
   *
   * @throws DatasetException if the sample's width or height is unknown
   */
  public static VocDocument of(Sample sample) {
    if (sample.measures().width().isEmpty() || sample.measures().height().isEmpty()) {
      throw new DatasetException(
          "Cannot write objects of %s: the image's width and height are unknown. Import it again, so that its header is read."
              .formatted(sample.source()));
    }
    List<Annotation.ImageObject> objects = sample.objects();
    VocImage image =
        new VocImage(
            sample.source().parent().map(StorageUri::fileName).orElse(UNKNOWN_FOLDER),
            sample.source().fileName(),
            sample.measures().width().getAsInt(),
            sample.measures().height().getAsInt(),
            sample.measures().channels(),
            objects.stream()
                .anyMatch(object -> object.taskType() == LabelTaskType.IMAGE_SEGMENTATION),
            objects.stream().flatMap(object -> KeptFields.maskSource(object).stream()).findFirst());
    return new VocDocument(
        Optional.of(image),
        objects.stream().map(KeptFields::toVocObject).toList(),
        Map.of(),
        List.of(UNKNOWN_SOURCE));
  }

  /** The objects as annotations of a sample. */
  public List<Annotation.ImageObject> imageObjects(LabelTaskType taskType) {
    return objects.stream()
        .map(object -> KeptFields.toImageObject(object, taskType, image))
        .toList();
  }

  /**
   * The objects as annotations of a sample, in place of the annotation that named this file: what
   * it says of all of them, each of them says for itself.
   */
  public List<Annotation.ImageObject> imageObjects(Annotation.ObjectFile file) {
    return imageObjects(file.taskType()).stream()
        .map(object -> KeptFields.inherit(object, file))
        .toList();
  }
}
