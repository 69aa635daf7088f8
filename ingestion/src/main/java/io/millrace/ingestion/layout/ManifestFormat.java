package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** A manifest as ModelArts writes them and published versions have them. */
final class ManifestFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.MANIFEST;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.complementOf(EnumSet.of(LabelTaskType.TABLE));
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    if (glance.isDirectory()) {
      return Recognition.NONE;
    }
    StoredObject file = glance.files().get(0);
    String name = file.uri().fileName();
    if (name.endsWith(".manifest") || name.endsWith(".manifest.gz")) {
      return new Recognition(92, "its name ends in .manifest");
    }
    String firstLine =
        new String(glance.head(file), StandardCharsets.UTF_8).lines().findFirst().orElse("");
    return firstLine.contains("\"source\"")
        ? new Recognition(90, "its first line is a JSON object with a field \"source\"")
        : Recognition.NONE;
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    long bytes = request.glance().files().get(0).sizeBytes();
    if (bytes > request.limits().manifestBytes()) {
      throw ImportErrors.manifestTooLarge(
          request.source(), bytes, request.limits().manifestBytes());
    }
    return new ManifestLayout(request.source(), request.taskType().kind(), request.limits());
  }
}
