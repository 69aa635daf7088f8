package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where one node of a run is.
 *
 * @param address the node's IP address or name, as the other nodes reach it
 * @param inputs local directory of each input, by the input's name
 */
public record NodePlacement(String address, NodeLayout layout, Map<String, Path> inputs) {
  public NodePlacement {
    checkArgument(
        address != null && !address.isBlank() && address.indexOf(',') < 0,
        "Invalid node address: '%s'",
        address);
    requireNonNull(layout, "layout is null");
    inputs = Map.copyOf(inputs);
  }
}
