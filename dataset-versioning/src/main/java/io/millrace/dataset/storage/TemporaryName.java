package io.millrace.dataset.storage;

import java.util.UUID;
import java.util.regex.Pattern;

/** The names of files that are still being written, beside the file they will become. */
final class TemporaryName {
  private static final Pattern FORM = Pattern.compile("\\.[0-9a-f-]{36}\\.writing");

  private TemporaryName() {}

  static String fresh() {
    return "." + UUID.randomUUID() + ".writing";
  }

  /** Whether a file of this name is unfinished, so that no listing shows it. */
  static boolean matches(String fileName) {
    return FORM.matcher(fileName).matches();
  }
}
