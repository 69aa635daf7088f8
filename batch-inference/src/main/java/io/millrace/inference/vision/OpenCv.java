package io.millrace.inference.vision;

import org.bytedeco.opencv.global.opencv_core;

/** Loads the native library once a process. */
final class OpenCv {
  static {
    // Spark already keeps each core busy with a task of its own.
    opencv_core.setNumThreads(1);
  }

  private OpenCv() {}

  /** Does the work of the static initializer, the first time. */
  static void load() {}
}
