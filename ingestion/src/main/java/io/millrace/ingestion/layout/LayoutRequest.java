package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.TextOptions;

/**
 * What a format is asked to open.
 *
 * @param glance a look at the source
 * @param taskType of the dataset; one that the format fits
 */
public record LayoutRequest(
    SourceGlance glance, LabelTaskType taskType, Limits limits, TextOptions text) {
  public LayoutRequest {
    requireNonNull(glance, "glance is null");
    requireNonNull(taskType, "taskType is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(text, "text is null");
  }

  public StorageUri source() {
    return glance.source();
  }

  public Stores stores() {
    return glance.stores();
  }
}
