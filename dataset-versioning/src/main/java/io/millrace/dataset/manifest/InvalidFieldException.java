package io.millrace.dataset.manifest;

import com.fasterxml.jackson.core.JsonPointer;

/** A field that cannot be used, with its place in the line; never leaves this package. */
final class InvalidFieldException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ManifestFault fault;
  private final transient JsonPointer place;

  InvalidFieldException(ManifestFault fault, JsonPointer place, String message) {
    super(message);
    this.fault = fault;
    this.place = place;
  }

  ManifestFault fault() {
    return fault;
  }

  JsonPointer place() {
    return place;
  }
}
