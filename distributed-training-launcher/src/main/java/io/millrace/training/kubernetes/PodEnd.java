package io.millrace.training.kubernetes;

import static io.millrace.training.kubernetes.VolcanoJobManifest.TASK;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the pod of a node ended.
 *
 * @param exitCode of its container; empty if the cluster ended the pod before the container had one
 * @param reason the cluster's word for it, such as {@code Error}, {@code OOMKilled}, {@code
 *     Evicted}
 * @param explanation what the cluster says about the reason; may be empty
 * @param lastLines the end of its output, as far as the cluster kept it
 * @param finished as the cluster writes times; may be empty
 * @param asked whether it had been told to end before
 */
record PodEnd(
    int node,
    OptionalInt exitCode,
    String reason,
    String explanation,
    List<String> lastLines,
    String finished,
    boolean asked) {
  static final String OUT_OF_MEMORY = "OOMKilled";
  static final String AUTO_STOP = "DeadlineExceeded";

  private static final Pattern FAILED_RANK =
      Pattern.compile("\\[ModelArts Service Log] rank (\\d+) ended with exit code \\d+");

  PodEnd {
    lastLines = List.copyOf(lastLines);
  }

  /** The end of a pod; empty while it has none. */
  static Optional<PodEnd> of(Pod pod) {
    Optional<ContainerStateTerminated> terminated = terminated(pod);
    boolean failed = pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase());
    if (terminated.isEmpty() && !failed) {
      return Optional.empty();
    }
    String ofPod = pod.getStatus().getReason();
    List<String> lines =
        terminated
            .map(ContainerStateTerminated::getMessage)
            .map(text -> text.lines().toList())
            .orElse(List.of());
    return Optional.of(
        new PodEnd(
            nodeOf(pod.getMetadata().getName()),
            terminated
                .map(state -> OptionalInt.of(state.getExitCode()))
                .orElse(OptionalInt.empty()),
            ofPod != null
                ? ofPod
                : terminated.map(ContainerStateTerminated::getReason).orElse("Error"),
            Optional.ofNullable(pod.getStatus().getMessage()).orElse(""),
            lines,
            terminated.map(ContainerStateTerminated::getFinishedAt).orElse(""),
            pod.getMetadata().getDeletionTimestamp() != null));
  }

  /** The number of a node from the name of its pod, which ends in it. */
  static int nodeOf(String podName) {
    return Integer.parseInt(podName.substring(podName.lastIndexOf('-') + 1));
  }

  static Optional<ContainerStatus> container(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(each -> TASK.equals(each.getName()))
            .findFirst();
  }

  private static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return container(pod).map(ContainerStatus::getState).map(state -> state.getTerminated());
  }

  boolean isSuccess() {
    return exitCode.isPresent() && exitCode.getAsInt() == 0;
  }

  /**
   * The rank that ended first with a failure, as the node's script or its torchrun or msrun tells.
   */
  OptionalInt failedRank() {
    return lastLines.stream()
        .map(FAILED_RANK::matcher)
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .findFirst();
  }
}
