package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

/** A line of a file of text; lines are counted from 1. */
sealed interface TextLine {

  long number();

  /** A line without its end. */
  record Read(long number, String text) implements TextLine {
    public Read {
      requireNonNull(text, "text is null");
    }
  }

  /** A line that cannot be read, and why in a sentence. */
  record Broken(long number, String message) implements TextLine {
    public Broken {
      requireNonNull(message, "message is null");
    }
  }
}
