/** The commands' way to Spark: loaded only by commands that need an engine. */
package io.millrace.jobs.spark;
