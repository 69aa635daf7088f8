package io.millrace.training.gang;

import io.millrace.training.ClusterScheduler;
import io.millrace.training.NodeTool;
import io.millrace.training.Rank;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.RunDirectory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells from the ends of its processes how an attempt of a run ended, and whether another would
 * make sense.
 */
final class AttemptJudge {
  private final TrainingRun run;
  private final TrainingJob job;
  private final RunDirectory directory;

  AttemptJudge(TrainingRun run, RunDirectory directory) {
    this.run = run;
    this.job = run.job();
    this.directory = directory;
  }

  /**
   * Judges an attempt whose processes were all started.
   *
   * @param now how the run stands
   * @param failures what of the outputs could not be copied
   * @param hang why the processes were stopped, if they were because they hung
   * @param whyStopped why they were stopped, if they were and did not hang
   */
  AttemptEnd ofTraining(
      RunStatus now,
      Instant time,
      List<RankEnd> ends,
      List<String> failures,
      Optional<String> hang,
      String whyStopped) {
    GangVerdict verdict = GangVerdict.of(ends.stream().map(this::named).toList());
    String lost =
        failures.isEmpty()
            ? ""
            : " Outputs are incomplete: %s. Make room or mend the directory; the nodes' own copies are in %s."
                .formatted(String.join("; ", failures), directory.nodesDirectory());
    if (verdict.culprit().isPresent()) {
      RankEnd culprit = verdict.culprit().get();
      String why = verdict.message() + lost + explanation(culprit);
      return AttemptEnd.by(culprit, failed(now, time, culprit, why));
    }
    boolean finished =
        ends.stream()
            .filter(end -> !(end.member() instanceof ClusterScheduler))
            .allMatch(end -> end.isSuccess() && end.asked() == RankEnd.Asked.NO);
    if (!finished) {
      return hang.map(why -> AttemptEnd.retried(now.ended(RunState.FAILED, time, why + "." + lost)))
          .orElseGet(
              () -> AttemptEnd.last(now.ended(RunState.TERMINATED, time, whyStopped + lost)));
    }
    return AttemptEnd.last(
        failures.isEmpty()
            ? now.completed(time)
            : now.ended(RunState.FAILED, time, "Every process succeeded." + lost));
  }

  /**
   * Judges a step of the preparation that did not succeed on every node; empty if it was told to
   * end.
   */
  Optional<AttemptEnd> ofSetup(RunStatus now, Instant time, SetupStep step, List<RankEnd> ends) {
    GangVerdict verdict = GangVerdict.of(ends);
    return verdict
        .culprit()
        .map(
            culprit ->
                AttemptEnd.by(
                    culprit,
                    failed(
                        now,
                        time,
                        culprit,
                        step.begin() + ": " + verdict.message() + explanation(culprit))));
  }

  /** What tools started speaks for itself; a tool that nothing is known below is no rank. */
  private RankEnd named(RankEnd end) {
    return end.member() instanceof Rank rank && job.layout().isByTool()
        ? end.of(new NodeTool(rank.node(), job.layout()))
        : end;
  }

  private static RunStatus failed(RunStatus now, Instant time, RankEnd culprit, String why) {
    int code = culprit.cause().exitCode();
    return culprit.member() instanceof Rank rank
        ? now.failed(time, code, rank.value(), why)
        : now.failed(time, code, why);
  }

  private String explanation(RankEnd culprit) {
    String where = " Its log is %s".formatted(directory.processLog(run, culprit.member()));
    return culprit.lastLines().isEmpty()
        ? where + " and is empty."
        : where + " and ends with:\n  " + String.join("\n  ", culprit.lastLines());
  }
}
