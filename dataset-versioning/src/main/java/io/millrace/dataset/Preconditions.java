package io.millrace.dataset;

import java.util.Locale;

/** Checks of values that users supply; a violation is a {@link DatasetException}. */
public final class Preconditions {
  private Preconditions() {}

  /**
   * Fails with a message for the user unless the condition holds.
   *
   * @param template a {@link String#format} template, evaluated only on failure
   * @throws DatasetException with the formatted message unless {@code condition} holds
   */
  public static void checkArgument(boolean condition, String template, Object... arguments) {
    if (!condition) {
      throw new DatasetException(String.format(Locale.ROOT, template, arguments));
    }
  }
}
