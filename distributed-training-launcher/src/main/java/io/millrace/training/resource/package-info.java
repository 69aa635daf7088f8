/**
 * What a run uses of its machine: CPU, memory and devices, sampled while it lives, kept as JSON
 * lines, summed up and judged when it has ended.
 */
package io.millrace.training.resource;
