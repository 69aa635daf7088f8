package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a job does not run yet, in the cluster's own words. */
final class PendingReasons {
  /** A container that has nothing to complain about is in one of these for a while. */
  private static final Set<String> USUAL = Set.of("ContainerCreating", "PodInitializing");

  private PendingReasons() {}

  /**
   * The reasons, each once, with the nodes that share it; empty if the cluster tells none.
   *
   * @param podGroup Volcano's, if there is one
   */
  static List<String> of(Optional<GenericKubernetesResource> podGroup, Collection<Pod> pods) {
    List<String> reasons = new ArrayList<>();
    podGroup.ifPresent(group -> reasons.addAll(ofGroup(group)));
    Map<String, List<String>> nodesByReason = new LinkedHashMap<>();
    pods.stream()
        .sorted(Comparator.comparing(pod -> PodEnd.nodeOf(pod.getMetadata().getName())))
        .forEach(
            pod ->
                ofPod(pod)
                    .ifPresent(
                        reason ->
                            nodesByReason
                                .computeIfAbsent(reason, key -> new ArrayList<>())
                                .add("worker-" + PodEnd.nodeOf(pod.getMetadata().getName()))));
    nodesByReason.forEach((reason, nodes) -> reasons.add(shown(nodes) + ": " + reason));
    return reasons;
  }

  private static String shown(List<String> nodes) {
    return nodes.size() <= 4
        ? String.join(", ", nodes)
        : "%s and %d more".formatted(String.join(", ", nodes.subList(0, 3)), nodes.size() - 3);
  }

  private static List<String> ofGroup(GenericKubernetesResource group) {
    List<String> reasons = new ArrayList<>();
    if (group.get("status", "conditions") instanceof List<?> conditions) {
      for (Object each : conditions) {
        if (each instanceof Map<?, ?> condition
            && "Unschedulable".equals(condition.get("type"))
            && "True".equals(condition.get("status"))) {
          reasons.add(String.valueOf(condition.get("message")));
        }
      }
    }
    return reasons;
  }

  private static Optional<String> ofPod(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    Optional<String> waiting =
        PodEnd.container(pod)
            .map(ContainerStatus::getState)
            .map(state -> state.getWaiting())
            .filter(state -> state.getReason() != null && !USUAL.contains(state.getReason()))
            .map(state -> sentence(state.getReason(), state.getMessage()));
    if (waiting.isPresent() || pod.getStatus().getConditions() == null) {
      return waiting;
    }
    return pod.getStatus().getConditions().stream()
        .filter(each -> "PodScheduled".equals(each.getType()) && "False".equals(each.getStatus()))
        .findFirst()
        .map((PodCondition each) -> sentence(each.getReason(), each.getMessage()));
  }

  private static String sentence(String reason, String message) {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }
}
