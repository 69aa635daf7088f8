package io.millrace.dataset.versioning;

/**
 * How one version differs from another. A sample that is in both counts once for each way in which
 * it differs, so that {@code relabelled}, {@code moved} and {@code changed} may overlap.
 *
 * @param added samples that only the later one has
 * @param removed samples that only the earlier one has
 * @param relabelled samples in both with other annotations: labels, shapes, stretches
 * @param moved samples in both that belong to another part
 * @param changed samples in both that differ in anything else: source, size, hard marks,
 *     properties, who annotated
 * @param unchanged samples in both that differ in nothing
 */
public record DiffCounts(
    long added, long removed, long relabelled, long moved, long changed, long unchanged) {

  public boolean isEmpty() {
    return added == 0 && removed == 0 && relabelled == 0 && moved == 0 && changed == 0;
  }

  /** Counts in the making. */
  public static final class Tally {
    private long added;
    private long removed;
    private long relabelled;
    private long moved;
    private long changed;
    private long unchanged;

    public void added() {
      added++;
    }

    public void removed() {
      removed++;
    }

    /** A sample in both. */
    public void kept(boolean isRelabelled, boolean isMoved, boolean isChanged) {
      relabelled += isRelabelled ? 1 : 0;
      moved += isMoved ? 1 : 0;
      changed += isChanged ? 1 : 0;
      unchanged += isRelabelled || isMoved || isChanged ? 0 : 1;
    }

    public DiffCounts counts() {
      return new DiffCounts(added, removed, relabelled, moved, changed, unchanged);
    }
  }
}
