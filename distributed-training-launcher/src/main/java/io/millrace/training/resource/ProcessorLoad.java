package io.millrace.training.resource;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * What the processes of a node, or a whole machine, used of CPU and memory.
 *
 * @param cpu in percent since the look before, see {@link Usage#CPU}
 * @param memory in percent of the machine's
 * @param memoryBytes the same, in bytes
 */
public record ProcessorLoad(double cpu, double memory, long memoryBytes) {
  public ProcessorLoad {
    checkArgument(Double.isFinite(cpu) && cpu >= 0, "Invalid CPU usage: %s %%", cpu);
    checkArgument(Double.isFinite(memory) && memory >= 0, "Invalid memory usage: %s %%", memory);
    checkArgument(memoryBytes >= 0, "Invalid memory usage: %s bytes", memoryBytes);
  }
}
