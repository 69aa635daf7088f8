package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.TextOptions;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Texts with their labels in the same line. */
final class TextCombinedFormat implements SourceFormat {
  /** How many files are looked into. */
  private static final int MOST_FILES = 20;

  @Override
  public ImportFormat format() {
    return ImportFormat.TEXT_COMBINED;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.TEXT_CLASSIFICATION);
  }

  /** Looks for the default separator only: others are named together with their format. */
  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    long lines = 0;
    long labelled = 0;
    List<StoredObject> files =
        glance.files().stream()
            .filter(file -> TextCombinedLayout.isText(glance.path(file)))
            .limit(MOST_FILES)
            .toList();
    for (StoredObject file : files) {
      for (String line : glance.firstLines(file)) {
        lines += line.isBlank() ? 0 : 1;
        labelled += isLabelled(line) ? 1 : 0;
      }
    }
    return Recognition.ofPartners(
        labelled, lines, "%s of %s lines seen end in a tab and labels".formatted(labelled, lines));
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (request.glance().isDirectory()
        && request.glance().isWhole()
        && request.glance().count(TextCombinedLayout::isText) == 0) {
      throw ImportErrors.lacksFiles(request.source(), format(), "no .txt and no .csv file");
    }
    return new TextCombinedLayout(request.source(), request.text(), request.limits().lineBytes());
  }

  private static boolean isLabelled(String line) {
    int separator = line.lastIndexOf(TextOptions.DEFAULT.labelsSeparator());
    return separator > 0
        && !line.substring(0, separator).isBlank()
        && !line.substring(separator + 1).isBlank();
  }
}
