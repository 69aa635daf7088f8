/**
 * Benchmarks: our figure and a named alternative's, measured in turn in the same minutes on the
 * same data, so that a ratio holds on any machine. {@link io.millrace.jobs.bench.Benchmark} names
 * them; each gives {@link io.millrace.jobs.bench.BenchRow}s.
 */
package io.millrace.jobs.bench;
