package io.millrace.dataset;

/**
 * The name of a line of work on a dataset: samples and versions that change beside those of {@link
 * #MAIN}.
 *
 * <p>It stands where a version name may stand ({@code pets@branch}), so it has the same form, and
 * versions, tags and branches of one dataset never share a name.
 */
public record BranchName(String value) implements Comparable<BranchName> {
  /** The branch that a dataset is made with; what names no branch means this one. */
  public static final BranchName MAIN = new BranchName("main");

  public BranchName {
    VersionName.checkForm("branch name", value);
  }

  @Override
  public int compareTo(BranchName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
