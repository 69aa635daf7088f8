package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.probe.ImageType;
import java.util.Set;

/** A directory of images a label. */
final class ImagenetFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.IMAGENET;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.IMAGE_CLASSIFICATION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) {
    long images = glance.count(path -> ImageType.ofFileName(path).isPresent());
    long inDirectories =
        glance.count(path -> path.contains("/") && ImageType.ofFileName(path).isPresent());
    return inDirectories == 0
        ? Recognition.NONE
        : new Recognition(
            (int) (30 + 20 * inDirectories / images),
            "%s of %s images seen lie in directories, whose names can be labels"
                .formatted(inDirectories, images));
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    return new LabelDirectoryLayout(request.source(), request.taskType());
  }
}
