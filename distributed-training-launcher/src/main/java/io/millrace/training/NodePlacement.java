package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where one node of a run is, and what it has.
 *
 * @param address the node's IP address or name, as the other nodes reach it
 * @param python the interpreter, as the node knows it: a path or a name on its {@code PATH}
 * @param inputs local directory of each input, by the input's name
 * @param devices the system's names of the accelerators that the node may use, usually numbers, in
 *     the order of its processes; empty if the system itself shows it no others
 * @param rankTable the node's file of the job's rank table
 */
public record NodePlacement(
    String address,
    NodeLayout layout,
    String python,
    Map<String, Path> inputs,
    List<String> devices,
    Optional<Path> rankTable) {
  public NodePlacement {
    checkArgument(
        address != null && !address.isBlank() && address.indexOf(',') < 0,
        "Invalid node address: '%s'",
        address);
    requireNonNull(layout, "layout is null");
    checkArgument(python != null && !python.isBlank(), "Invalid interpreter: it is empty");
    inputs = Map.copyOf(inputs);
    devices = List.copyOf(devices);
    checkArgument(
        devices.stream().noneMatch(device -> device.isBlank() || device.indexOf(',') >= 0)
            && new HashSet<>(devices).size() == devices.size(),
        "Invalid devices of node %s: %s (expected names without comma, each once)",
        address,
        devices);
    requireNonNull(rankTable, "rankTable is null");
  }

  /** A node that was told neither inputs nor devices. */
  public static NodePlacement of(String address, NodeLayout layout, String python) {
    return new NodePlacement(address, layout, python, Map.of(), List.of(), Optional.empty());
  }

  public NodePlacement withInputs(Map<String, Path> newInputs) {
    return new NodePlacement(address, layout, python, newInputs, devices, rankTable);
  }

  public NodePlacement withDevices(List<String> newDevices) {
    return new NodePlacement(address, layout, python, inputs, newDevices, rankTable);
  }

  public NodePlacement withRankTable(Path newRankTable) {
    return new NodePlacement(address, layout, python, inputs, devices, Optional.of(newRankTable));
  }
}
