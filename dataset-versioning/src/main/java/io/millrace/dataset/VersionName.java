package io.millrace.dataset;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a published version. Names are given by the user or counted: V001, V002 and so on.
 *
 * <p>{@code current} and {@code latest} are words of {@link DatasetRef} and cannot be names.
 */
public record VersionName(String value) implements Comparable<VersionName> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern COUNTED = Pattern.compile("V([0-9]{3,9})");

  public VersionName {
    checkForm("version name", value);
  }

  /** Fails unless a text can be the name of a version, a tag or a branch. */
  static void checkForm(String what, String value) {
    checkArgument(
        value != null && FORM.matcher(value).matches(),
        "Invalid %s: '%s' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -)",
        what,
        value);
    checkArgument(
        !value.equals(DatasetRef.CURRENT) && !value.equals(DatasetRef.LATEST),
        "Invalid %s: '%s' (the words current and latest are reserved for references)",
        what,
        value);
  }

  /** The name after the highest counted one: V001 where there is none. */
  public static VersionName next(Collection<VersionName> existing) {
    int highest =
        existing.stream()
            .map(name -> COUNTED.matcher(name.value))
            .filter(Matcher::matches)
            .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
            .max()
            .orElse(0);
    return new VersionName(String.format(Locale.ROOT, "V%03d", highest + 1));
  }

  @Override
  public int compareTo(VersionName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
