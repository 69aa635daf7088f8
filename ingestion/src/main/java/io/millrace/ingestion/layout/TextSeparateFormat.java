package io.millrace.ingestion.layout;

import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Texts with their labels in a file beside them. */
final class TextSeparateFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.TEXT_SEPARATE;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(LabelTaskType.TEXT_CLASSIFICATION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) {
    Set<String> paths =
        glance.paths().filter(TextCombinedLayout::isText).collect(Collectors.toSet());
    List<String> texts = paths.stream().filter(path -> !isResult(path, paths)).toList();
    long pairs =
        texts.stream().filter(path -> paths.contains(TextSeparateLayout.resultPath(path))).count();
    return Recognition.ofPartners(
        pairs,
        texts.size(),
        "%s of %s files of text seen have a _result file of their name"
            .formatted(pairs, texts.size()));
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (!request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    if (request.glance().isWhole() && request.glance().count(TextCombinedLayout::isText) == 0) {
      throw ImportErrors.lacksFiles(request.source(), format(), "no .txt and no .csv file");
    }
    return new TextSeparateLayout(request.source(), request.text(), request.limits().lineBytes());
  }

  private static boolean isResult(String path, Set<String> paths) {
    Optional<String> texts = TextSeparateLayout.textsPath(path);
    return texts.isPresent() && paths.contains(texts.get());
  }
}
