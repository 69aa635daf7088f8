/**
 * What a run uses of its machines: CPU, memory and devices, sampled at its nodes while it lives,
 * kept as JSON lines, summed up and judged when it has ended.
 */
package io.millrace.training.resource;
