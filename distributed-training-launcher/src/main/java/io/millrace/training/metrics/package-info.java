/**
 * What a training script measured: the {@code metrics.json} that it writes into an output, in the
 * formats that ModelArts renders.
 */
package io.millrace.training.metrics;
