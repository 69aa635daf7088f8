/** Feature analysis and grouping as Spark jobs over a dataset. */
package io.millrace.analysis.spark;
