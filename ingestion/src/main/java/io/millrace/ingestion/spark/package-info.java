/** Imports on Spark: many machines read and check a source, one commit brings it in. */
package io.millrace.ingestion.spark;
