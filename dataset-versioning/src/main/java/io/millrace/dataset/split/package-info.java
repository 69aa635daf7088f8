/**
 * Divides the samples of a version into parts or folds: who decides about a sample, and how the
 * others are drawn. Free of any engine; docs/adr/0012 tells the model.
 */
package io.millrace.dataset.split;
