package io.millrace.ingestion.layout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.LabelTaskType;
import io.millrace.ingestion.ImportErrors;
import io.millrace.ingestion.ImportFormat;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** An augmented manifest, which labelling jobs of SageMaker write. */
final class SagemakerFormat implements SourceFormat {

  @Override
  public ImportFormat format() {
    return ImportFormat.SAGEMAKER;
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(
        LabelTaskType.IMAGE_CLASSIFICATION,
        LabelTaskType.OBJECT_DETECTION,
        LabelTaskType.IMAGE_SEGMENTATION,
        LabelTaskType.TEXT_CLASSIFICATION,
        LabelTaskType.NAMED_ENTITY_RECOGNITION);
  }

  @Override
  public Recognition recognise(SourceGlance glance, LabelTaskType taskType) throws IOException {
    if (glance.isDirectory()) {
      return Recognition.NONE;
    }
    Optional<String> line =
        glance.firstLines(glance.files().get(0)).stream()
            .filter(text -> !text.isBlank())
            .findFirst();
    return line.isPresent() ? recognise(line.get()) : Recognition.NONE;
  }

  @Override
  public ImportLayout open(LayoutRequest request) {
    if (request.glance().isDirectory()) {
      throw ImportErrors.sourceMissing(request.source(), format());
    }
    return new SagemakerLayout(
        request.source(), request.taskType().kind(), request.limits().lineBytes());
  }

  private static Recognition recognise(String line) {
    try {
      ObjectNode object = JsonLine.parse(line).object();
      if (object.has(SagemakerLine.SOURCE_REF)) {
        return new Recognition(96, "its first line is a JSON object with a field \"source-ref\"");
      }
      boolean isLabelled =
          object.has(SagemakerLine.SOURCE)
              && object.properties().stream()
                  .anyMatch(
                      field ->
                          field.getKey().endsWith(SagemakerLine.METADATA)
                              && field.getValue().isObject());
      return isLabelled
          ? new Recognition(
              96, "its first line has the fields \"source\" and a label with its metadata")
          : Recognition.NONE;
    } catch (JsonFaultException e) {
      // What is no JSON object is no augmented manifest.
      return Recognition.NONE;
    }
  }
}
