package io.millrace.dataset;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Names a dataset and the version that is meant.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code pets}, {@code pets@current}</td><td>the version marked as current</td></tr>
 * <tr><td>{@code pets@latest}</td><td>the version published last</td></tr>
 * <tr><td>{@code pets@V003}</td><td>the version of that name</td></tr>
 * <tr><td>{@code pets@golden}</td><td>the version that the tag of that name marks</td></tr>
 * <tr><td>{@code pets@trial}</td><td>the current version of the branch of that name</td></tr>
 * <tr><td>{@code pets@2026-05-06T12:00:00Z}</td><td>the version that was current then</td></tr>
 * </table>
 */
public record DatasetRef(DatasetName dataset, String version) {
  static final String CURRENT = "current";
  static final String LATEST = "latest";

  public DatasetRef {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(version, "version is null");
    if (isTime(version)) {
      instant(version);
    } else if (!version.equals(CURRENT) && !version.equals(LATEST)) {
      new VersionName(version);
    }
  }

  public static DatasetRef parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new DatasetRef(new DatasetName(text), CURRENT)
        : new DatasetRef(new DatasetName(text.substring(0, at)), text.substring(at + 1));
  }

  public static DatasetRef of(DatasetName dataset, VersionName version) {
    return new DatasetRef(dataset, version.value());
  }

  public boolean isCurrent() {
    return version.equals(CURRENT);
  }

  public boolean isLatest() {
    return version.equals(LATEST);
  }

  /**
   * The name of a version, a tag or a branch; empty for {@code current}, {@code latest} and times.
   */
  public Optional<VersionName> versionName() {
    return isCurrent() || isLatest() || isTime(version)
        ? Optional.empty()
        : Optional.of(new VersionName(version));
  }

  /** The moment whose current version is meant; empty for all other forms. */
  public Optional<Instant> time() {
    return isTime(version) ? Optional.of(instant(version)) : Optional.empty();
  }

  /** No name has a colon, every instant has. */
  private static boolean isTime(String version) {
    return version.indexOf(':') >= 0;
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new DatasetException(
          "Invalid time of a version: '%s' (expected a date, a time and a zone, such as 2026-05-06T12:00:00Z)"
              .formatted(text),
          e);
    }
  }

  @Override
  public String toString() {
    return dataset + "@" + version;
  }
}
