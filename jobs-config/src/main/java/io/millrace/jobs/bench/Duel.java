package io.millrace.jobs.bench;

import java.util.ArrayList;
import java.util.List;

/** Two contestants timed in turn: ours, theirs, ours, theirs ... */
record Duel(Timings ours, Timings theirs) {

  /** One run of a contestant. */
  @FunctionalInterface
  interface Round {
    /** Runs, and tells the seconds that count. */
    double run() throws Exception;
  }

  /** Something whose whole run counts. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** A round of which every second counts. */
  static Round timed(Work work) {
    return () -> {
      long start = System.nanoTime();
      work.run();
      return (System.nanoTime() - start) / 1e9;
    };
  }

  /**
   * Runs both in turn.
   *
   * @param warmUps rounds of each that are run first and do not count
   * @param rounds rounds of each that count; at least 1
   */
  static Duel fight(Round ours, Round theirs, int warmUps, int rounds) throws Exception {
    List<Double> mine = new ArrayList<>();
    List<Double> other = new ArrayList<>();
    for (int round = 0; round < warmUps + rounds; round++) {
      double mySeconds = ours.run();
      double otherSeconds = theirs.run();
      if (round >= warmUps) {
        mine.add(mySeconds);
        other.add(otherSeconds);
      }
    }
    return new Duel(new Timings(mine), new Timings(other));
  }

  /** How many times faster ours is, by the medians. */
  double ratio() {
    return theirs.median() / ours.median();
  }

  /** How much of their time ours takes, by the medians. */
  double share() {
    return ours.median() / theirs.median();
  }

  @Override
  public String toString() {
    return "ours %s, theirs %s".formatted(ours, theirs);
  }
}
