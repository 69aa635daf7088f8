package io.millrace.jobs.bench;

/** What a row is about, before it is measured. */
record BenchSubject(String id, String what, String against, Goal goal) {}
