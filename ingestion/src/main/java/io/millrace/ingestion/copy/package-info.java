/** Copies of imported samples' sources within the dataset, for imports with {@code copy: true}. */
package io.millrace.ingestion.copy;
