package io.millrace.inference.spark;

import io.millrace.dataset.Annotation;
import io.millrace.inference.Evaluation;
import io.millrace.inference.FailureReason;
import io.millrace.inference.Outcome;
import io.millrace.inference.evaluation.Evaluator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts outcomes as they pass by, and compares answers with what the annotations say. */
final class Tally {
  private final Evaluator evaluator = new Evaluator();
  private final SortedMap<FailureReason, Long> failures = new TreeMap<>();
  private long successful;
  private long failed;
  private long reused;

  void add(Outcome outcome, List<Annotation> truth) {
    if (outcome instanceof Outcome.Successful success) {
      successful++;
      reused += success.origin() == Outcome.Origin.REUSED ? 1 : 0;
      evaluator.add(truth, success.answer());
    } else if (outcome instanceof Outcome.Failed failure) {
      failed++;
      failures.merge(failure.reason(), 1L, Long::sum);
    }
  }

  long inputs() {
    return successful + failed;
  }

  long successful() {
    return successful;
  }

  long failed() {
    return failed;
  }

  long reused() {
    return reused;
  }

  SortedMap<FailureReason, Long> failures() {
    return new TreeMap<>(failures);
  }

  Optional<Evaluation> evaluation() {
    return evaluator.result();
  }
}
