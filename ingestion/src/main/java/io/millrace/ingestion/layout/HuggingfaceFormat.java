package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** HuggingFace's folders of images, recordings or videos. */
final class HuggingfaceFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.HUGGINGFACE;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.of(
        LabelTaskType.IMAGE_CLASSIFICATION,
        LabelTaskType.OBJECT_DETECTION,
        LabelTaskType.IMAGE_SEGMENTATION,
        LabelTaskType.AUDIO_CLASSIFICATION,
        LabelTaskType.SPEECH_CONTENT,
        LabelTaskType.SPEECH_SEGMENTATION,
        LabelTaskType.VIDEO_ANNOTATION);
  }

  /**
   * Metadata that names files is proof. Without it, files in directories of usages are more than
   * what other formats of directories ask for.
   */
  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    if (!glance.isDirectory()) {
      return Recognition.NONE;
    }
    Optional<StoredObject> metadata = glance.first(HuggingfaceMetadata::isMetadata);
    if (metadata.isPresent()) {
      Optional<String> header = glance.firstLines(metadata.get()).stream().findFirst();
      if (header.isPresent() && header.get().contains("file_name")) {
        return new Recognition(
            95, "%s names files by file_name".formatted(glance.path(metadata.get())));
      }
    }
    DatasetKind kind = taskType.kind();
    List<String> files = glance.paths().filter(path -> MediaFiles.accepts(kind, path)).toList();
    long inUsages =
        files.stream()
            .map(HuggingfaceLayout::directories)
            .filter(names -> !names.isEmpty() && HuggingfaceLayout.usage(names.get(0)).isPresent())
            .count();
    return inUsages == 0
        ? Recognition.NONE
        : new Recognition(
            (int) (51 + 8 * inUsages / files.size()),
            "%s of %s files seen lie in directories such as train and test"
                .formatted(inUsages, files.size()));
  }

  @Override
  public ImportLayout open(LayoutRequest request) throws IOException {
    SourceGlance glance = request.glance();
    if (!glance.isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    DatasetKind kind = request.taskType().kind();
    boolean hasMetadata = glance.count(HuggingfaceMetadata::isMetadata) > 0;
    if (glance.isWhole()
        && !hasMetadata
        && glance.count(path -> MediaFiles.accepts(kind, path)) == 0) {
      throw ImportErrors.lacksFiles(
          request.source(), format(), "neither metadata nor a file of kind %s".formatted(kind));
    }
    return new HuggingfaceLayout(
        request.source(), request.taskType(), hasMetadata, request.limits().lineBytes());
  }
}
