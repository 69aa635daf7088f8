package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An input that an import refused, and why.
 *
 * @param source the file, with a line number where it is a line of one
 * @param reasonCode a short word that reports count by, such as {@code box-outside-image}
 * @param message a sentence for the user, with the offending value
 */
public record Reject(
    ImportId importId, String source, String reasonCode, String message, Instant rejectedAt) {
  public Reject {
    requireNonNull(importId, "importId is null");
    requireNonNull(source, "source is null");
    requireNonNull(message, "message is null");
    requireNonNull(rejectedAt, "rejectedAt is null");
    checkArgument(
        reasonCode != null && !reasonCode.isBlank(),
        "Invalid reason code of a reject: it is empty");
  }
}
