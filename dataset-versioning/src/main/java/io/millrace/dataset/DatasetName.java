package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.regex.Pattern;

/** The name of a dataset: 1 to 64 characters, a letter first. */
public record DatasetName(String value) implements Comparable<DatasetName> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  public DatasetName {
    checkArgument(
        value != null && FORM.matcher(value).matches(),
        "Invalid dataset name: '%s' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, a letter first)",
        value);
  }

  @Override
  public int compareTo(DatasetName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
