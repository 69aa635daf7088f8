package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * One operation that changed a dataset: who did what, when, and what came of it.
 *
 * @param id given before the operation, so that what is recorded twice is recognised
 * @param at when it began, in whole microseconds
 * @param by the name of the user at whose computer it ran
 * @param operation its name, such as {@code label rename}
 * @param parameters what it was asked to do; never a secret
 * @param counts what it did, as numbers
 * @param result a few words, such as {@code done} or the name of a version
 */
public record AuditEntry(
    UUID id,
    Instant at,
    String by,
    String operation,
    Properties parameters,
    Properties counts,
    String result) {

  /** The result of an operation that has no other. */
  public static final String DONE = "done";

  public AuditEntry {
    requireNonNull(id, "id is null");
    requireNonNull(at, "at is null");
    requireNonNull(parameters, "parameters is null");
    requireNonNull(counts, "counts is null");
    checkArgument(
        by != null && !by.isBlank(), "Invalid audit entry: it does not say who (by is empty)");
    checkArgument(
        operation != null && !operation.isBlank(),
        "Invalid audit entry: it does not say what (operation is empty)");
    checkArgument(
        result != null && !result.isBlank(),
        "Invalid audit entry: it does not say what came of it (result is empty)");
  }
}
