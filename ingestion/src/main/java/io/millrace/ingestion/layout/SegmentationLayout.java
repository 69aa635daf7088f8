package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images with their Pascal VOC file beside them, whose objects have outlines and colours of a mask
 * image ("ModelArts image segmentation 1.0"). Where a file names a mask ({@code mask_source}), it
 * must be there, and have the size of the image; its address may be relative to the file's own
 * directory.
 *
 * <p>Masks within the source are no samples: images in directories that are named after masks, and
 * the one beside its image that the annotation file names. See {@link VocPair} for images without
 * file and files without image.
 */
public record SegmentationLayout(StorageUri source) implements ImportLayout {
  private static final Set<String> MASK_DIRECTORIES =
      Set.of(
          "segmentationclass",
          "segmentationclassraw",
          "segmentationobject",
          "segmentationobjectraw",
          "masks",
          "mask");

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    LayoutEntry entry = VocLayout.entry(new SourceDirectory(source), object);
    boolean isMask = entry instanceof MediaFile && isInMaskDirectory(entry.key());
    return Stream.of(isMask ? new OtherFile(entry.key()) : entry);
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return VocPair.of(withoutMask(entries, inspector), LabelTaskType.IMAGE_SEGMENTATION)
        .outcomes(inspector);
  }

  private static boolean isInMaskDirectory(String path) {
    String[] names = path.toLowerCase(Locale.ROOT).split("/");
    return Arrays.stream(names, 0, names.length - 1).anyMatch(MASK_DIRECTORIES::contains);
  }

  /** The entries, of several images of a name the one that is the mask as another file. */
  private static List<LayoutEntry> withoutMask(
      List<LayoutEntry> entries, SampleInspector inspector) {
    List<AnnotationFile> annotations =
        entries.stream()
            .filter(AnnotationFile.class::isInstance)
            .map(AnnotationFile.class::cast)
            .toList();
    boolean isMaskPossible =
        annotations.size() == 1 && entries.stream().filter(MediaFile.class::isInstance).count() > 1;
    Optional<String> mask =
        isMaskPossible ? inspector.maskFileName(annotations.get(0).file()) : Optional.empty();
    return entries.stream()
        .map(
            entry ->
                entry instanceof MediaFile image
                        && mask.isPresent()
                        && image.file().uri().fileName().equals(mask.get())
                    ? new OtherFile(entry.key())
                    : entry)
        .toList();
  }
}
