package io.millrace.training.kubernetes;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.millrace.training.TrainingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which cluster, and as whom.
 *
 * @param kubeconfig otherwise the one that {@code KUBECONFIG} names, {@code ~/.kube/config}, or in
 *     a pod its service account
 * @param context of the kubeconfig, otherwise its current one
 */
public record ClusterAccess(Optional<Path> kubeconfig, Optional<String> context) {
  /** A launcher tells of an outage soon and asks again by itself. */
  private static final int RETRIES = 1;

  public ClusterAccess {
    requireNonNull(kubeconfig, "kubeconfig is null");
    requireNonNull(context, "context is null");
  }

  /** What {@code kubectl} would use. */
  public static ClusterAccess usual() {
    return new ClusterAccess(Optional.empty(), Optional.empty());
  }

  KubernetesClient client() {
    kubeconfig.ifPresent(
        file -> {
          if (!Files.isReadable(file)) {
            throw new TrainingException(
                "Cannot use the cluster: the kubeconfig %s does not exist or cannot be read. Give its path."
                    .formatted(file));
          }
        });
    Config config =
        kubeconfig
            .map(file -> Config.fromKubeconfig(context.orElse(null), file.toFile()))
            .orElseGet(() -> Config.autoConfigure(context.orElse(null)));
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config).withRequestRetryBackoffLimit(RETRIES).build())
        .build();
  }
}
