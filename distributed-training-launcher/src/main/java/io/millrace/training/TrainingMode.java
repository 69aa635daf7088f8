package io.millrace.training;

/** How much MindSpore writes down while it trains on NPUs. */
public enum TrainingMode {
  /** Informative logs. */
  NORMAL,
  /** Errors only, for speed on a network that is known to be stable. */
  PERFORMANCE,
  /** Informative logs, and what MindSpore and CANN record for finding an error. */
  DIAGNOSIS
}
