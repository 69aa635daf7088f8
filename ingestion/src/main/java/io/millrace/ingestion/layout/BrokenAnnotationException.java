package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.RejectReason;

/** An annotation that cannot be what it says; its image is refused. */
final class BrokenAnnotationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  BrokenAnnotationException(RejectReason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason is null");
  }

  RejectReason reason() {
    return reason;
  }

  /** The refusal of the image, which names the file that holds the annotation. */
  Outcome refusalOf(StorageUri image, StorageUri file) {
    return Outcome.refused(image, reason, "Annotation file %s: %s", file, getMessage());
  }
}
