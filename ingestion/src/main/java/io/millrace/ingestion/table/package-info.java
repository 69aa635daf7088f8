/**
 * Importing tables: what is asked for, what a CSV file holds, which columns several files agree on,
 * and the report. No engine: the jobs in {@code .spark} run this at scale.
 */
package io.millrace.ingestion.table;
