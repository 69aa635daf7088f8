/** Batch scoring inside Spark's executors, by {@link io.millrace.inference.spark.BatchJob}. */
package io.millrace.inference.spark;
