package io.millrace.training.gang;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a gang succeeded, and which process is to blame if it did not.
 *
 * <p>When one process dies, the others soon fail too, for they cannot reach it; and the notice of
 * such a casualty may well come before that of the culprit. So the ends are told apart by how they
 * came, not by when: a process that was told to end is not to blame, one that complains of a lost
 * peer only if none failed by itself. Processes that a tool such as torchrun has started stand for
 * the tool, as far as it tells of them.
 *
 * @param culprit empty if every process ended with exit code 0, or was told to end
 */
record GangVerdict(Optional<RankEnd> culprit, String message) {

  /**
   * Judges.
   *
   * @param ends of all processes, in the order in which they were noticed
   */
  static GangVerdict of(List<RankEnd> ends) {
    List<RankEnd> failures = ends.stream().flatMap(end -> end.failures().stream()).toList();
    Optional<RankEnd> first = failures.stream().filter(end -> !end.isCasualty()).findFirst();
    if (first.isPresent()) {
      return new GangVerdict(first, sentence(first.get()));
    }
    return failures.stream()
        .findFirst()
        .map(end -> new GangVerdict(Optional.of(end), lostPeer(end, ends)))
        .orElseGet(() -> new GangVerdict(Optional.empty(), ""));
  }

  private static String sentence(RankEnd end) {
    String what = end.member() + " " + end.describe() + ".";
    return Character.toUpperCase(what.charAt(0)) + what.substring(1);
  }

  private static String lostPeer(RankEnd end, List<RankEnd> ends) {
    String finished =
        ends.stream()
            .filter(RankEnd::isSuccess)
            .map(each -> each.member().toString())
            .collect(Collectors.joining(", "));
    return sentence(end)
        + " It lost the connection to another process, though "
        + (finished.isEmpty()
            ? "none failed by itself."
            : finished
                + " had ended with exit code 0: the processes did not agree on the number of steps.");
  }
}
