/**
 * Batch scoring free of any engine: what is scored and by which settings ({@link
 * io.millrace.inference.BatchConfig}), how one executor works through its share ({@link
 * io.millrace.inference.Scorer}), the form of answers and result manifests, and what came of it
 * ({@link io.millrace.inference.BatchReport}).
 */
package io.millrace.inference;
