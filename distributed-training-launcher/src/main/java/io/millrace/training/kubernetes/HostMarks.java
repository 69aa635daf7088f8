package io.millrace.training.kubernetes;

import io.millrace.training.RunId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Stand in for what only pods get to know: the addresses of nodes, which Volcano tells, and the
 * numbers of a node's own devices, which the cluster's rank table tells. The run's id keeps them
 * apart from any text of the user's.
 */
record HostMarks(RunId run, int nodes) {
  /** Stands before the number of a device, and nothing before that of a node. */
  static final String DEVICE = "device-";

  String of(int node) {
    return prefix() + node + ">";
  }

  String prefix() {
    return "<" + run.value() + ":";
  }

  List<String> list() {
    return IntStream.range(0, nodes).mapToObj(this::of).toList();
  }

  /** The device of a node's process at that place. */
  String ofDevice(int place) {
    return prefix() + DEVICE + place + ">";
  }

  List<String> devices(int count) {
    return IntStream.range(0, count).mapToObj(this::ofDevice).toList();
  }

  /** As the contract lists all nodes. */
  String joined() {
    return list().stream().collect(Collectors.joining(","));
  }
}
