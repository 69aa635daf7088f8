/**
 * Measures of how well answers agree with labels: a confusion matrix and its figures for
 * classification, average precision for detection. Pure code.
 */
package io.millrace.inference.evaluation;
