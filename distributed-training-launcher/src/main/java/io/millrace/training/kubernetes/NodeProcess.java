package io.millrace.training.kubernetes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One process of a node, as the contract has it.
 *
 * @param label names it among the job's processes: {@code rank 3}, {@code scheduler}, {@code
 *     torchrun}
 * @param environment what it gets on top of what the container has
 */
record NodeProcess(
    String label, List<String> command, Path directory, Map<String, String> environment) {
  NodeProcess {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
