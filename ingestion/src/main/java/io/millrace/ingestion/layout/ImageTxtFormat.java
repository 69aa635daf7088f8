package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.probe.ImageType;
import java.util.Set;
import java.util.stream.Collectors;

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
    Set<String> labelled =
        glance
            .paths()
            .filter(ImageTxtLayout::isText)
            .map(SourceDirectory::withoutExtension)
            .collect(Collectors.toSet());
    long images = glance.count(path -> ImageType.ofFileName(path).isPresent());
    long pairs =
        glance.count(
            path ->
                ImageType.ofFileName(path).isPresent()
                    && labelled.contains(SourceDirectory.withoutExtension(path)));
    return Recognition.ofPartners(
        pairs,
        images,
        "%s of %s images seen have a .txt file of their name".formatted(pairs, images));
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    return new ImageTxtLayout(request.source());
  }
}
