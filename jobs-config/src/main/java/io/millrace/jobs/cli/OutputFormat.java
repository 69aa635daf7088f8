package io.millrace.jobs.cli;

/** How results are written to standard output. */
public enum OutputFormat {
  /** For people: lines and tables. */
  TEXT,
  /** For programs: one JSON document. */
  JSON,
  /** For spreadsheets: one table, of commands that have one ({@link CsvCommand}). */
  CSV
}
