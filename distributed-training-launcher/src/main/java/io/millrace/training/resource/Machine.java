package io.millrace.training.resource;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * A machine, told from others by its own name and by what its kernel drew when it was started.
 * Nodes with an equal one share it: what it and its devices do counts once. Containers with names
 * of their own count as machines of their own, as each has devices of its own.
 *
 * @param name as its system has it, not as a scheduler calls it
 * @param boot {@code /proc/sys/kernel/random/boot_id}; empty text where there is none
 */
public record Machine(String name, String boot) {
  public Machine {
    checkArgument(name != null && !name.isBlank(), "Invalid name of a machine: '%s'", name);
    requireNonNull(boot, "boot is null");
  }
}
