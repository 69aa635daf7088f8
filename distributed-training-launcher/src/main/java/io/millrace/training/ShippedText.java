package io.millrace.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A text that Millrace brings along, such as a program for the nodes of a job. */
public final class ShippedText {
  private ShippedText() {}

  /**
   * Reads one.
   *
   * @param owner whose package it lies in
   * @param name of the file there, which is UTF-8
   * @throws IllegalStateException if it is not on the class path: a defect of the build
   */
  public static String of(Class<?> owner, String name) {
    try (InputStream source = owner.getResourceAsStream(name)) {
      if (source == null) {
        throw new IllegalStateException(
            "Missing on the class path: %s of %s".formatted(name, owner.getPackageName()));
      }
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s from the class path".formatted(name), e);
    }
  }
}
