/**
 * Edits of labels as functions from a sample to a sample, free of any engine: {@link
 * io.millrace.dataset.labels.LabelEdit} for what a person does, {@link
 * io.millrace.dataset.labels.Suggestions} for what a model proposes.
 */
package io.millrace.dataset.labels;
