package io.millrace.jobs.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What runs a training job. */
public enum Backend {
  /** Processes of this machine. */
  LOCAL,
  /** Nodes that Slurm gives. */
  SLURM,
  /** Pods of a Kubernetes cluster with Volcano. */
  VOLCANO,
  /** Tasks of a barrier stage of a Spark application. */
  SPARK;

  /** As users write it: {@code local}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The back end of that name, in any case. */
  public static Backend parse(String text) {
    Optional<Backend> found =
        Arrays.stream(values()).filter(each -> each.word().equalsIgnoreCase(text)).findFirst();
    checkArgument(
        found.isPresent(), "Invalid backend: '%s' (expected local, slurm, volcano or spark)", text);
    return found.get();
  }
}
