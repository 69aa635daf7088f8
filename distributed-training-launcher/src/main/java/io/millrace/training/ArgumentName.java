package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.regex.Pattern;

/** The form of the names that reach a script as {@code --NAME}. */
final class ArgumentName {
  /** At most 64 characters, as for ModelArts' hyperparameters. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  private ArgumentName() {}

  static void check(String kind, String name) {
    checkArgument(
        name != null && FORM.matcher(name).matches(),
        "Invalid %s name: '%s' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first)",
        kind,
        name);
  }
}
