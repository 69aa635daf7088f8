package io.millrace.inference;

/** Why an input has no answer; the key under which the report counts it. */
public enum FailureReason {
  /** There is no object at the address. */
  NOT_FOUND,
  /** The storage refuses to hand it out. */
  ACCESS_DENIED,
  /** Reading it failed in another way. */
  UNREADABLE,
  /** It has no content at all. */
  EMPTY,
  /** Its content is no image that can be decoded. */
  UNDECODABLE,
  /** The model failed on this very image. */
  MODEL_ERROR,
  /** The line of the input manifest that should name it is broken. */
  BROKEN_LINE
}
