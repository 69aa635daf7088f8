package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.util.EnumSet;
import java.util.Set;

/** Files of the dataset's kind, and nothing that labels them. */
final class UnlabelledFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.UNLABELLED;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.complementOf(EnumSet.of(LabelTaskType.TABLE));
  }

  /** Fits every source that holds files of the kind, and less than any format that labels them. */
  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) {
    DatasetKind kind = taskType.kind();
    long samples = glance.count(path -> MediaFiles.accepts(kind, path));
    return samples == 0
        ? Recognition.NONE
        : new Recognition(
            (int) (1 + 28 * samples / glance.files().size()),
            "%s of %s files seen are of kind %s".formatted(samples, glance.files().size(), kind));
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    DatasetKind kind = request.taskType().kind();
    if (request.glance().isWhole()
        && request.glance().count(path -> MediaFiles.accepts(kind, path)) == 0) {
      throw ImportErrors.lacksFiles(
          request.source(), format(), "no file of kind %s".formatted(kind));
    }
    return new UnlabelledLayout(request.source(), kind);
  }
}
