package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.util.List;
import java.util.Set;

/** A directory of recordings a label. */
final class AudioDirFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.AUDIO_DIR;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.AUDIO_CLASSIFICATION);
  }

  /** One directory with all recordings in it says nothing: a single label tells nothing apart. */
  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) {
    List<String> recordings =
        glance.paths().filter(path -> MediaFiles.accepts(DatasetKind.AUDIO, path)).toList();
    List<String> inDirectories = recordings.stream().filter(path -> path.contains("/")).toList();
    long labels =
        inDirectories.stream()
            .map(path -> path.substring(0, path.lastIndexOf('/')))
            .map(SourceDirectory::fileName)
            .distinct()
            .count();
    return labels < 2
        ? Recognition.NONE
        : new Recognition(
            30 + 20 * inDirectories.size() / recordings.size(),
            "%s of %s recordings seen lie in directories of %s names, which can be labels"
                .formatted(inDirectories.size(), recordings.size(), labels));
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    return new LabelDirectoryLayout(request.source(), request.taskType());
  }
}
