package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.util.Set;

/** Images with a file of labels beside them. */
final class ImageTxtFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.IMAGE_TXT;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.IMAGE_CLASSIFICATION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) {
    if (!glance.isDirectory()) {
      return Recognition.NONE;
    }
    return Recognition.ofPartners(glance, ImageTxtLayout::isText, "a .txt file");
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    return new ImageTxtLayout(request.source());
  }
}
