package io.millrace.jobs.bench;

import java.util.List;

/**
 * What one rank has left.
 *
 * @param figure as its {@link RankTask} says; of times the seconds since 1970
 */
record RankMark(long pid, double figure) {
  static RankMark parse(String text) {
    String[] words = text.split(" ", -1);
    return new RankMark(Long.parseLong(words[0]), Double.parseDouble(words[1]));
  }

  /** The greatest figure, which is that of the last or the slowest rank. */
  static double last(List<RankMark> marks) {
    return marks.stream().mapToDouble(RankMark::figure).max().orElseThrow();
  }
}
