package io.millrace.training.gang;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** What tells one content of a file from the next. */
record Fingerprint(long size, FileTime modified, Optional<Object> key) {
  static Fingerprint of(BasicFileAttributes attributes) {
    return new Fingerprint(
        attributes.size(),
        attributes.lastModifiedTime(),
        Optional.ofNullable(attributes.fileKey()));
  }

  static Fingerprint of(Path file) throws IOException {
    return of(Files.readAttributes(file, BasicFileAttributes.class));
  }
}
