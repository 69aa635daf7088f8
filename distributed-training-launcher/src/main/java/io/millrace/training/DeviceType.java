package io.millrace.training;

/** What a job computes on. */
public enum DeviceType {
  /** GPUs with CUDA. */
  GPU,
  /** Ascend processors. */
  NPU,
  /** No accelerator; a "device" of a node is then only a process's place. */
  CPU
}
