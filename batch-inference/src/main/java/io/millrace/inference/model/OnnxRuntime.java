package io.millrace.inference.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** ONNX Runtime in this process, started once. */
final class OnnxRuntime {
  /** Reserved address space; memory is taken only for what is used of it. */
  private static final long STACK_BYTES = 512L << 20;

  private OnnxRuntime() {}

  /**
   * The environment of all sessions.
   *
   * <p>While ONNX Runtime 1.29 starts it matches a regular expression against this process' command
   * line, by recursion, a step a character. A class path of some thousand characters exhausts the 1
   * MB stack of an ordinary thread, and a native stack overflow ends the whole process. So the
   * first start has a thread of its own.
   */
  static OrtEnvironment environment() {
    FutureTask<OrtEnvironment> start =
        new FutureTask<>(
            () -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL));
    Thread thread = new Thread(null, start, "onnxruntime-start", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return start.get();
        } catch (InterruptedException e) {
          interrupted = true; // Native code cannot be stopped half-way: wait, then tell the caller.
        } catch (ExecutionException e) {
          throw new IllegalStateException("ONNX Runtime cannot be started", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
