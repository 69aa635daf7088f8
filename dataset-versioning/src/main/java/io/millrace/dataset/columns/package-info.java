/**
 * Samples and rows as columns, free of any engine: what they are called, what stands in them, and
 * the files in columns that other programs read (Parquet, Arrow).
 */
package io.millrace.dataset.columns;
