package io.millrace.jobs.cli;

/** A command whose result is one table, which it prints as CSV where that is asked for. */
interface CsvCommand {}
