package io.millrace.jobs.bench;

import java.util.Locale;

/** What the ranks of a benchmark do, and which figure they leave; see {@code ranks.py}. */
enum RankTask {
  /** Nothing; leaves when its first line ran. */
  FIRST_LINE_ONLY,

  /** One all-reduce; leaves when it was done. */
  FIRST_REDUCE,

  /** Training; leaves the seconds of a step. */
  STEPS,

  /** Printing; leaves when its first line ran. */
  LINES,

  /** Sleeping until it is ended; leaves when its first line ran. */
  WAIT;

  /** The name in the script. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
