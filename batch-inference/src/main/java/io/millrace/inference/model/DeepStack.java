package io.millrace.inference.model;

import ai.onnxruntime.OrtException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs native code that needs more stack than Java's threads have.
 *
 * <p>ONNX Runtime walks a graph by recursion while it loads it: a network of some hundred layers
 * exhausts the 1 MB of an ordinary thread, and a native stack overflow ends the whole process.
 */
final class DeepStack {
  private static final long STACK_BYTES = 256L << 20; // Reserved; only what is used takes memory.

  /** A call into ONNX Runtime. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws OrtException;
  }

  private DeepStack() {}

  /** The call's result; its failure is passed on as it is. */
  static <T> T call(Call<T> call) throws OrtException {
    FutureTask<T> task = new FutureTask<>(call::run);
    Thread thread = new Thread(null, task, "onnx-load", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true; // Native code cannot be stopped half-way: wait, then tell the caller.
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static OrtException rethrown(Throwable failure) throws OrtException {
    if (failure instanceof OrtException expected) {
      throw expected;
    }
    throw new IllegalStateException("ONNX Runtime failed in an unknown way", failure);
  }
}
