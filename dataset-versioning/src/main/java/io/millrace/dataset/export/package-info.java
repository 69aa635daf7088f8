/**
 * How samples leave a dataset, free of any engine.
 *
 * <p>An {@link io.millrace.dataset.export.ExportFormat} says of each sample what a reader of the
 * export gets ({@link io.millrace.dataset.export.Fit}), and writes that. What differs between the
 * two is what the export loses; it is found by comparing them ({@link
 * io.millrace.dataset.export.Losses}), so that no format keeps a list of its own. Files are written
 * where no reader looks, or under a marker, until all are whole ({@link
 * io.millrace.dataset.export.ExportTarget}).
 */
package io.millrace.dataset.export;
