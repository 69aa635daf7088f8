package io.millrace.jobs.bench;

/** Told what a benchmark is about to do; a benchmark runs for minutes. */
@FunctionalInterface
public interface BenchProgress {
  void doing(String what);
}
