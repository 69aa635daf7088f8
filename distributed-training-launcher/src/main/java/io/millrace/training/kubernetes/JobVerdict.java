package io.millrace.training.kubernetes;

import io.millrace.training.GangMember;
import io.millrace.training.LostPeer;
import io.millrace.training.NodeTool;
import io.millrace.training.Rank;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingJob;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Which pod ended a job that did not complete. A pod that was told to end is not to blame; one that
 * complains of a lost peer only if none failed by itself.
 */
final class JobVerdict {
  private final TrainingJob job;
  private final IntFunction<Path> logOfNode;

  JobVerdict(TrainingJob job, IntFunction<Path> logOfNode) {
    this.job = job;
    this.logOfNode = logOfNode;
  }

  /** The pod to blame; empty if none failed by itself. */
  static Optional<PodEnd> culprit(Collection<PodEnd> ends) {
    List<PodEnd> failures =
        ends.stream()
            .filter(end -> !end.isSuccess() && !end.asked())
            .sorted(Comparator.comparing(PodEnd::finished).thenComparing(PodEnd::node))
            .toList();
    Optional<PodEnd> first =
        failures.stream().filter(end -> !LostPeer.isToldIn(end.lastLines())).findFirst();
    return first.or(() -> failures.stream().findFirst());
  }

  /** How a run stands that ended without completing and without anybody having asked for it. */
  RunStatus of(RunStatus now, Collection<PodEnd> ends, Instant time, String phase) {
    Optional<PodEnd> culprit = culprit(ends);
    if (culprit.isEmpty()) {
      return now.ended(
          RunState.TERMINATED,
          time,
          "The job was ended in the cluster by somebody else (Volcano's phase %s)."
              .formatted(phase));
    }
    PodEnd end = culprit.get();
    if (end.reason().equals(PodEnd.AUTO_STOP)) {
      return now.ended(RunState.TERMINATED, time, "Stopped: the time of its auto-stop was over.");
    }
    String log = " Its log is %s".formatted(logOfNode.apply(end.node()));
    String lines =
        end.lastLines().isEmpty()
            ? "."
            : " and ends with:\n  " + String.join("\n  ", end.lastLines());
    if (end.exitCode().isEmpty()) {
      return now.ended(
          RunState.FAILED,
          time,
          "worker-%d was ended by the cluster: %s%s.%s%s"
              .formatted(
                  end.node(),
                  end.reason(),
                  end.explanation().isEmpty()
                      ? ""
                      : ": " + end.explanation().replaceAll("\\.$", ""),
                  log,
                  lines));
    }
    GangMember member = memberOf(end);
    String name = member.toString();
    String why =
        Character.toUpperCase(name.charAt(0))
            + name.substring(1)
            + " "
            + how(end)
            + "."
            + log
            + lines;
    int code = end.exitCode().getAsInt();
    return member instanceof Rank rank
        ? now.failed(time, code, rank.value(), why)
        : now.failed(time, code, why);
  }

  /** A pod that tells of no rank is its first one's, or its tool's where that starts them. */
  private GangMember memberOf(PodEnd end) {
    List<Rank> onNode =
        Rank.ofScript(job).stream().filter(rank -> rank.node() == end.node()).toList();
    GangMember whole =
        job.layout().isByTool() ? new NodeTool(end.node(), job.layout()) : onNode.get(0);
    return onNode.stream()
        .filter(rank -> end.failedRank().equals(OptionalInt.of(rank.value())))
        .map(GangMember.class::cast)
        .findFirst()
        .orElse(whole);
  }

  private static String how(PodEnd end) {
    int code = end.exitCode().getAsInt();
    if (end.reason().equals(PodEnd.OUT_OF_MEMORY)) {
      return "was killed because the pod's memory was used up (OOMKilled, exit code %d)"
          .formatted(code);
    }
    String signal = code > 128 && code < 160 ? " (signal %d)".formatted(code - 128) : "";
    String why =
        end.reason().equals("Error") || end.reason().equals("Completed")
            ? ""
            : " (%s%s)"
                .formatted(
                    end.reason(), end.explanation().isEmpty() ? "" : ": " + end.explanation());
    return "ended with exit code %d%s%s".formatted(code, signal, why);
  }
}
