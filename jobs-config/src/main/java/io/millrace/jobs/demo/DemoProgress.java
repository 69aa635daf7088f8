package io.millrace.jobs.demo;

import io.millrace.jobs.cli.Console;
import java.util.Locale;

/** Prints each step of a demo as it begins, what it found, and how long it took. */
final class DemoProgress {
  /** What a step does. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws Exception;
  }

  private final Console console;
  private final int steps;
  private int begun;

  DemoProgress(Console console, int steps) {
    this.console = console;
    this.steps = steps;
  }

  <T> T step(String title, Step<T> step) throws Exception {
    begun++;
    console.line("");
    console.line("[%d/%d] %s".formatted(begun, steps, title));
    long started = System.nanoTime();
    T result = step.run();
    found(String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - started) / 1e9));
    return result;
  }

  /** A line about the step that runs. */
  void found(String text) {
    text.lines().forEach(line -> console.line("      " + line));
  }
}
