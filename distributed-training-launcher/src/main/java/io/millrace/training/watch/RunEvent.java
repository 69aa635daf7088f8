package io.millrace.training.watch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Something that happened to a run.
 *
 * @param node {@code worker-N}; empty text for what concerns the run as a whole
 * @param message for people; begins with {@code [worker-N]} where it concerns one node
 */
public record RunEvent(Instant time, Type type, String node, String message) {

  /** What happened. */
  public enum Type {
    CREATED,
    QUEUED,
    /** Why it waits, in the cluster's words. */
    PENDING,
    /** Told by the cluster, or about the way to it. */
    CLUSTER,
    RUNNING,
    NODE_CHECKING,
    NODE_CHECKED,
    NODE_UNFIT,
    ENVIRONMENT_OVERRIDDEN,
    CODE_DOWNLOADING,
    CODE_DOWNLOADED,
    INPUT_DOWNLOADED,
    INPUT_READY,
    DEPENDENCIES_INSTALLING,
    DEPENDENCIES_INSTALLED,
    PRE_START_RUNNING,
    PRE_START_DONE,
    OUTPUT_PREPARED,
    TRAINING_STARTED,
    TRAINING_ENDED,
    OUTPUT_CONFLICT,
    OUTPUT_UPLOADING,
    OUTPUT_UPLOADED,
    OUTPUT_FAILED,
    LOGS_UPLOADED,
    LOGS_FAILED,
    HANG_DETECTION_OFF,
    HUNG,
    RECOVERED,
    NODE_ISOLATED,
    NOTIFICATION_FAILED,
    UTILISATION_PARTIAL,
    UTILISATION_LOW,
    METRICS_DAMAGED,
    STOPPING,
    TIME_IS_UP,
    RESTARTED,
    COMPLETED,
    DIAGNOSED,
    FAILED,
    TERMINATED
  }

  public RunEvent {
    requireNonNull(time, "time is null");
    requireNonNull(type, "type is null");
    requireNonNull(node, "node is null");
    requireNonNull(message, "message is null");
  }
}
