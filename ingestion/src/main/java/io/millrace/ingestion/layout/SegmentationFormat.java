package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Segmentation in either of its two layouts: Pascal VOC files, or VOCdevkit's mask images. */
final class SegmentationFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.IMAGE_SEGMENTATION;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.IMAGE_SEGMENTATION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    if (!glance.isDirectory()) {
      return Recognition.NONE;
    }
    if (!kits(glance.source(), glance.store()).isEmpty()) {
      return new Recognition(
          97, "it holds JPEGImages and SegmentationClass, as the original VOCdevkit does");
    }
    Optional<StoredObject> annotation = glance.first(VocLayout::isXml);
    if (annotation.isEmpty()) {
      return Recognition.NONE;
    }
    String head = new String(glance.head(annotation.get()), StandardCharsets.UTF_8);
    if (head.contains("<mask_source>") || head.contains("<mask_color>")) {
      return new Recognition(
          93,
          "%s is a Pascal VOC file that names a mask or its colours"
              .formatted(glance.path(annotation.get())));
    }
    return Recognition.ofPartners(glance, VocLayout::isXml, "an .xml file");
  }

  @Override
  public ImportLayout open(LayoutRequest request) throws IOException {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    List<StorageUri> roots = kits(request.source(), request.glance().store());
    if (roots.isEmpty()) {
      return new SegmentationLayout(request.source());
    }
    List<SegmentationKit> kits = new ArrayList<>();
    for (StorageUri root : roots) {
      kits.add(new SegmentationKit(root, classes(request, root)));
    }
    return new SegmentationKitLayout(request.source(), kits);
  }

  /** The classes that the kit's own file gives, else the source's, else those of Pascal VOC. */
  private static MaskClasses classes(LayoutRequest request, StorageUri kit) throws IOException {
    String below =
        kit.equals(request.source())
            ? ""
            : new SourceDirectory(request.source()).relativePath(kit) + "/";
    Optional<FormatFile> own = FormatFile.find(request, below + SegmentationKitLayout.LABEL_MAP);
    return own.map(MaskClasses::ofLabelMap).orElse(MaskClasses.VOC);
  }

  private static List<StorageUri> kits(StorageUri source, ObjectStore store) throws IOException {
    List<StorageUri> kits = new ArrayList<>();
    Optional<VocDevkitLayout> devkit = VocDevkitLayout.find(source, store);
    if (devkit.isPresent()) {
      for (StorageUri kit : devkit.get().kits()) {
        if (store.isDirectory(kit.resolve(SegmentationKitLayout.CLASSES))) {
          kits.add(kit);
        }
      }
    }
    return kits;
  }
}
