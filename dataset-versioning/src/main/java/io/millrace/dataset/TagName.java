package io.millrace.dataset;

/**
 * A name that a user gave to a version and can move to another.
 *
 * <p>It stands where a version name may stand ({@code pets@tag}), so it has the same form, and
 * versions, tags and branches of one dataset never share a name.
 */
public record TagName(String value) implements Comparable<TagName> {

  public TagName {
    VersionName.checkForm("tag name", value);
  }

  @Override
  public int compareTo(TagName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
