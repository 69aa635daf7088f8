package io.millrace.inference;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Identifies one scoring of one input; it is part of every result's name. Running a task again
 * under its id scores only what has no result yet.
 */
public record TaskId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public TaskId {
    checkArgument(
        value != null && FORM.matcher(value).matches(),
        "Invalid task id: '%s' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -)",
        value);
  }

  /** A new id that no other task has. */
  public static TaskId random() {
    return new TaskId(
        UUID.randomUUID().toString().replace("-", "").substring(0, 12).toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return value;
  }
}
