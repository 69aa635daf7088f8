package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a collection of garbage found, or removed.
 *
 * @param mode whether it was removed
 * @param garbage by kind
 */
public record GcReport(GcMode mode, List<Garbage> garbage) {
  /** What is done with what nothing refers to. */
  public enum GcMode {
    /** It is told, and nothing else. */
    DRY_RUN,
    REMOVE
  }

  /** Why something is garbage. */
  public enum Kind {
    /** Rows and files of a publishing that never became a version. */
    UNFINISHED_PUBLISHING,
    /** Rows, files and metrics of a version that was deleted. */
    DELETED_VERSION,
    /** The working state of a branch that was deleted, or never came to be. */
    LOST_BRANCH,
    /** A copy of a source to which no sample of any branch or version refers. */
    MEDIA_COPY,
    /** Files of tables that no state within the tables' retention needs. */
    OLD_TABLE_FILES
  }

  /**
   * Some garbage.
   *
   * @param what its name, such as a publish id, a version, a branch, a table
   * @param files how many
   * @param bytes together; those of table rows count when the old table files go
   */
  public record Garbage(Kind kind, String what, long files, long bytes) {
    public Garbage {
      requireNonNull(kind, "kind is null");
      requireNonNull(what, "what is null");
      checkArgument(files >= 0 && bytes >= 0, "Invalid garbage: %s files, %s bytes", files, bytes);
    }
  }

  public GcReport {
    requireNonNull(mode, "mode is null");
    garbage = List.copyOf(garbage);
  }

  public long bytes() {
    return garbage.stream().mapToLong(Garbage::bytes).sum();
  }
}
