package io.millrace.training.hang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** A turn in what is thought of a job. */
public sealed interface HangChange {

  /**
   * The job seems to hang.
   *
   * @param sign what tells
   * @param ranks which show it, in order; at least one. They need not be to blame: where every
   *     process waits, all are named
   * @param periods how many in a row have shown it
   */
  record Suspected(Sign sign, List<Integer> ranks, int periods) implements HangChange {
    public Suspected {
      requireNonNull(sign, "sign is null");
      ranks = List.copyOf(ranks);
      checkArgument(!ranks.isEmpty(), "A suspected hang names no rank");
    }
  }

  /**
   * The job lives after all.
   *
   * @param after since the hang was suspected
   */
  record Recovered(Duration after) implements HangChange {
    public Recovered {
      requireNonNull(after, "after is null");
    }
  }

  /** What tells of a hang. */
  enum Sign {
    /** The ranks are stopped by a signal, whatever the others do. */
    STOPPED("stopped by a signal"),
    /** No rank reads or writes, and the ranks named use no CPU time. */
    SILENT("no CPU time used, and nothing read or written by any process"),
    /** No rank reads or writes, and the devices of the ranks named are busy without any change. */
    UNCHANGING("devices busy without change, and nothing read or written by any process");

    private final String words;

    Sign(String words) {
      this.words = words;
    }

    /** For messages: {@code stopped by a signal}. */
    public String words() {
      return words;
    }
  }
}
