package io.millrace.training.kubernetes;

import io.millrace.training.RunId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Stand in for the addresses of nodes, which Volcano tells to the pods only. The run's id keeps
 * them apart from any text of the user's.
 */
record HostMarks(RunId run, int nodes) {

  String of(int node) {
    return prefix() + node + ">";
  }

  String prefix() {
    return "<" + run.value() + ":";
  }

  List<String> list() {
    return IntStream.range(0, nodes).mapToObj(this::of).toList();
  }

  /** As the contract lists all nodes. */
  String joined() {
    return list().stream().collect(Collectors.joining(","));
  }
}
