package io.millrace.dataset.manifest;

/** What became of one line of a manifest; each line becomes exactly one of the two. */
public sealed interface ParsedLine permits Accepted, Rejected {

  /** Counted from 1, blank lines included. */
  long lineNumber();
}
