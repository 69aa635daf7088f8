package io.millrace.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /**
   * Writes one into a directory, which is made where it is missing; readers see all of it or none.
   *
   * @return the file, of that name
   */
  public static Path install(Class<?> owner, String name, Path directory) throws IOException {
    Path file = Files.createDirectories(directory).resolve(name);
    WholeFile.replace(file, of(owner, name));
    return file;
  }
}
