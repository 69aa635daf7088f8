package io.millrace.dataset.versioning;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.VersionName;
import java.util.List;

/**
 * Whether a version is what it was when it was published.
 *
 * @param rows that were read
 * @param files that were read
 * @param differences a sentence each; none for a version that is whole
 */
public record VersionVerification(
    VersionName version, long rows, long files, List<String> differences) {
  public VersionVerification {
    requireNonNull(version, "version is null");
    differences = List.copyOf(differences);
  }

  public boolean isWhole() {
    return differences.isEmpty();
  }
}
