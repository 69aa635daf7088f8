package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/** What went wrong between the launcher and the cluster, as a sentence for people. */
final class ClusterFailure {
  private ClusterFailure() {}

  /**
   * The sentence.
   *
   * @param verb what was tried, such as {@code create job x}
   * @param server the address of the API server
   */
  static String sentence(String verb, String server, KubernetesClientException failure) {
    String said =
        failure.getStatus() != null && failure.getStatus().getMessage() != null
            ? failure.getStatus().getMessage().strip().replaceAll("\\.$", "")
            : "";
    // Without an answer the client has no code.
    if (failure.getCode() <= 0) {
      return "Cannot %s: the Kubernetes API server %s cannot be reached: %s. Look at the kubeconfig, its context, and the network."
          .formatted(verb, server, root(failure));
    }
    return switch (failure.getCode()) {
      case 401 ->
          "Cannot %s: the Kubernetes API server %s does not accept the credentials. Log in again or give another kubeconfig."
              .formatted(verb, server);
      case 403 ->
          "Cannot %s: the cluster does not allow it: %s. Ask for a role with that right."
              .formatted(verb, said);
      case 404 ->
          said.toLowerCase(Locale.ROOT).contains("namespaces ")
              ? "Cannot %s: %s. Give a namespace that exists.".formatted(verb, said)
              : "Cannot %s: the cluster does not know jobs of batch.volcano.sh/v1alpha1. Install Volcano there, or give another cluster."
                  .formatted(verb);
      default ->
          "Cannot %s: the cluster answers %d%s. Look at the events of its control plane."
              .formatted(verb, failure.getCode(), said.isEmpty() ? "" : ": " + said);
    };
  }

  /** What lies below the client's own exceptions. */
  private static String root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    // The JDK's client gives no message where nobody listens.
    return cause instanceof ConnectException || cause instanceof ClosedChannelException
        ? "it accepts no connection"
        : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
