package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** YOLO, described by Darknet's obj.data or by Ultralytics' data.yaml. */
final class YoloFormat implements SourceFormat {
  private static final List<String> YAMLS = List.of("data.yaml", "data.yml", "dataset.yaml");

  @Override
  public ImportFormat format() {
    return ImportFormat.YOLO;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.OBJECT_DETECTION, LabelTaskType.IMAGE_SEGMENTATION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    if (holds(glance, DarknetData.FILE_NAME, "names")) {
      return new Recognition(96, "it holds obj.data, which names a file of labels");
    }
    for (String yaml : YAMLS) {
      if (holds(glance, yaml, "names")) {
        return new Recognition(96, "it holds %s, which names labels".formatted(yaml));
      }
    }
    return Recognition.NONE;
  }

  @Override
  public ImportLayout open(LayoutRequest request) throws IOException {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    Optional<FormatFile> data = FormatFile.find(request, DarknetData.FILE_NAME);
    if (data.isPresent()) {
      return new DarknetData(request, data.get()).layout();
    }
    for (String yaml : YAMLS) {
      Optional<FormatFile> file = FormatFile.find(request, yaml);
      if (file.isPresent()) {
        return new UltralyticsData(request, file.get()).layout();
      }
    }
    throw ImageLayoutErrors.missing(
        request.source(), format(), "obj.data (as Darknet) and no data.yaml (as Ultralytics)");
  }

  private static boolean holds(SourceGlance glance, String file, String word) throws IOException {
    Optional<StoredObject> found = glance.find(file);
    return found.isPresent()
        && new String(glance.head(found.get()), StandardCharsets.UTF_8).contains(word);
  }
}
