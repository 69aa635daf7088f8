package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Pascal VOC, in either of its two layouts. */
final class VocFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.VOC;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.OBJECT_DETECTION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    if (!glance.isDirectory()) {
      return Recognition.NONE;
    }
    Optional<VocDevkitLayout> devkit = VocDevkitLayout.find(glance.source(), glance.store());
    if (devkit.isPresent()) {
      return new Recognition(95, "it holds JPEGImages, as the original VOCdevkit does");
    }
    return Recognition.ofPartners(glance, VocLayout::isXml, "an .xml file");
  }

  @Override
  public ImportLayout open(LayoutRequest request) throws IOException {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    Optional<VocDevkitLayout> devkit =
        VocDevkitLayout.find(request.source(), request.glance().store());
    return devkit.isPresent() ? devkit.get() : new VocLayout(request.source());
  }
}
