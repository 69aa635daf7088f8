package io.millrace.training;

/** What somebody may want to be told of. */
public enum NotificationEvent {
  STARTED,
  FINISHED,
  FAILED,
  STOPPED,
  HUNG
}
