package io.millrace.inference;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.StorageUri;

/** What came of one input; every input has exactly one. */
public sealed interface Outcome {

  /** {@link ScoringInput#position()}. */
  long position();

  /** The input's address as it was given. */
  String source();

  /** An answer lies on storage. */
  record Successful(long position, String source, StorageUri location, Answer answer, Origin origin)
      implements Outcome {
    public Successful {
      requireNonNull(source, "source is null");
      requireNonNull(location, "location is null");
      requireNonNull(answer, "answer is null");
      requireNonNull(origin, "origin is null");
    }
  }

  /** There is no answer; the message says why in one sentence. */
  record Failed(long position, String source, FailureReason reason, String message)
      implements Outcome {
    public Failed {
      requireNonNull(source, "source is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }

  /** Which run of the task gave an answer. */
  enum Origin {
    SCORED,
    /** An earlier run of the same task; this one only read it. */
    REUSED
  }
}
