package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import java.io.Serializable;

/** A VOCdevkit directory with mask images, and what their colours mean. */
record SegmentationKit(StorageUri root, MaskClasses classes) implements Serializable {
  SegmentationKit {
    requireNonNull(root, "root is null");
    requireNonNull(classes, "classes is null");
  }
}
