package io.millrace.dataset.manifest;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;

/**
 * A line that describes a sample.
 *
 * @param sample what the line says; size and time are the import's to fill in
 * @param wire the JSON text as it was read: written back, it has the same JSON value
 */
public record Accepted(long lineNumber, Sample sample, String wire) implements ParsedLine {
  public Accepted {
    requireNonNull(sample, "sample is null");
    requireNonNull(wire, "wire is null");
  }
}
