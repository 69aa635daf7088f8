package io.millrace.training;

import static java.util.Objects.requireNonNull;

/** One run of a training job. */
public record TrainingRun(RunId id, TrainingJob job) {
  public TrainingRun {
    requireNonNull(id, "id is null");
    requireNonNull(job, "job is null");
  }

  /** A new run with an id of its own. */
  public static TrainingRun of(TrainingJob job) {
    return new TrainingRun(RunId.next(), job);
  }

  /** For people and directories: {@code cells-4f1c2a9b07de}. */
  public String displayName() {
    return job.name() + "-" + id;
  }

  /** The name all nodes share: {@code modelarts-job-ID}. */
  public String clusterName() {
    return "modelarts-job-" + id;
  }

  /** The name of one node: {@code modelarts-job-ID-worker-N}. */
  public String instanceName(int node) {
    return clusterName() + "-worker-" + node;
  }
}
