/** The parts of benchmarks that run on Spark. */
package io.millrace.jobs.bench.spark;
