package io.millrace.dataset;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Names a dataset and the version that is meant.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code pets}, {@code pets@current}</td><td>the version marked as current</td></tr>
 * <tr><td>{@code pets@latest}</td><td>the version published last</td></tr>
 * <tr><td>{@code pets@V003}</td><td>the version of that name</td></tr>
 * </table>
 */
public record DatasetRef(DatasetName dataset, String version) {
  static final String CURRENT = "current";
  static final String LATEST = "latest";

  public DatasetRef {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(version, "version is null");
    if (!version.equals(CURRENT) && !version.equals(LATEST)) {
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

  /** The version's own name; empty for {@code current} and {@code latest}. */
  public Optional<VersionName> versionName() {
    return isCurrent() || isLatest() ? Optional.empty() : Optional.of(new VersionName(version));
  }

  @Override
  public String toString() {
    return dataset + "@" + version;
  }
}
