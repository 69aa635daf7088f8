package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where all nodes of a run are, as its back end has decided.
 *
 * @param nodes in order of their numbers
 * @param backendEnvironment variables the back end adds to each process's environment
 */
public record GangPlacement(
    List<NodePlacement> nodes,
    MasterEndpoint master,
    Map<String, String> backendEnvironment,
    Optional<S3Endpoint> objectStore) {
  public GangPlacement {
    nodes = List.copyOf(nodes);
    checkArgument(!nodes.isEmpty(), "Invalid placement: no node");
    requireNonNull(master, "master is null");
    backendEnvironment = Map.copyOf(backendEnvironment);
    requireNonNull(objectStore, "objectStore is null");
  }
}
