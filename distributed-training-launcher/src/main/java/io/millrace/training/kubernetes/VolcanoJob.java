package io.millrace.training.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;
import java.util.Map;

/**
 * Volcano's resource {@code Job} of {@code batch.volcano.sh/v1alpha1}, as far as a training job
 * needs it. Field names are Volcano's.
 */
@Group("batch.volcano.sh")
@Version("v1alpha1")
@Kind("Job")
@Plural("jobs")
public final class VolcanoJob extends CustomResource<VolcanoJob.Spec, VolcanoJob.Status>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** What is asked for. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Spec(
      String schedulerName,
      String queue,
      String priorityClassName,
      Integer minAvailable,
      Integer maxRetry,
      Integer ttlSecondsAfterFinished,
      @JsonInclude(content = JsonInclude.Include.ALWAYS) Map<String, List<String>> plugins,
      List<Policy> policies,
      List<Task> tasks) {}

  /** What Volcano does when something happens. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Policy(String event, String action) {}

  /** Pods that share a template. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Task(String name, Integer replicas, PodTemplateSpec template) {}

  /** How it stands; written by Volcano. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Status(State state, Integer retryCount) {}

  /**
   * Where the job is in its life.
   *
   * @param phase such as {@code Pending}; see {@link JobPhase}
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record State(String phase, String reason, String message) {}

  /** The phase, {@link JobPhase#PENDING} as long as Volcano has not looked at the job. */
  JobPhase phase() {
    return getStatus() == null || getStatus().state() == null
        ? JobPhase.PENDING
        : JobPhase.of(getStatus().state().phase());
  }

  /** How often Volcano has counted a failure that it restarts after. */
  int retryCount() {
    return getStatus() == null || getStatus().retryCount() == null ? 0 : getStatus().retryCount();
  }

  @Override
  protected Spec initSpec() {
    return null;
  }

  @Override
  protected Status initStatus() {
    return null;
  }
}
