package io.millrace.training.gang;

import io.millrace.training.hang.Vitals;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A process below its supervisor ({@code rank_supervisor.py}), on whatever machine. Closing the
 * orders kills it with all that it has started.
 */
public interface SupervisedProcess {

  /** Takes the letters {@code T} (terminate) and {@code K} (kill). */
  OutputStream orders();

  /** What the process writes. */
  InputStream output();

  /** What the supervisor says of it, a line each. */
  InputStream status();

  /** Waits until the supervisor has ended. */
  void awaitEnd() throws InterruptedException;

  /** Why nothing is known of the process any more, its machine being lost; empty otherwise. */
  Optional<String> lost();

  /**
   * Kills what a killed supervisor has left.
   *
   * @param processGroup of the process
   * @param mark in the environment of the process and of all that it has started; found on Linux
   */
  void sweep(long processGroup, String mark);

  /** The number by which its node knows the supervisor, for the node's gauge. */
  long number();

  /** What they have done so far; empty if none is left or nobody can tell. */
  Optional<Vitals> vitals();
}
