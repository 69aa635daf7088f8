package io.millrace.dataset;

import static java.util.Objects.requireNonNull;

/**
 * Names samples of a dataset: those of a published version, or those that a branch has now, the
 * working state.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code pets}, {@code pets@V003}, ...</td><td>a version, as {@link DatasetRef} has
 *     it</td></tr>
 * <tr><td>{@code pets@working:main}</td><td>the working state of the branch main</td></tr>
 * </table>
 */
public sealed interface StateRef {
  /** No name of a version, tag or branch has a colon, and no instant begins with a letter. */
  String WORKING = "working:";

  DatasetName dataset();

  /** The samples of a version. */
  record Published(DatasetRef ref) implements StateRef {
    public Published {
      requireNonNull(ref, "ref is null");
    }

    @Override
    public DatasetName dataset() {
      return ref.dataset();
    }

    @Override
    public String toString() {
      return ref.toString();
    }
  }

  /** The samples of a branch, published or not. */
  record Working(DatasetName dataset, BranchName branch) implements StateRef {
    public Working {
      requireNonNull(dataset, "dataset is null");
      requireNonNull(branch, "branch is null");
    }

    @Override
    public String toString() {
      return dataset + "@" + WORKING + branch;
    }
  }

  /** Reads {@code NAME}, {@code NAME@VERSION} or {@code NAME@working:BRANCH}. */
  static StateRef parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new Published(DatasetRef.parse(text))
        : of(new DatasetName(text.substring(0, at)), text.substring(at + 1));
  }

  /**
   * Reads what stands behind the @.
   *
   * @param state a version, a tag, a branch, a time, {@code current}, {@code latest} or {@code
   *     working:BRANCH}
   */
  static StateRef of(DatasetName dataset, String state) {
    return state.startsWith(WORKING)
        ? new Working(dataset, new BranchName(state.substring(WORKING.length())))
        : new Published(new DatasetRef(dataset, state));
  }
}
