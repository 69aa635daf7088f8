/** The part of dataset storage that runs on Spark: bulk reads and writes of sample rows. */
package io.millrace.dataset.delta.spark;
