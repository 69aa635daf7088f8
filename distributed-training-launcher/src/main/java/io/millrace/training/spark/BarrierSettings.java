package io.millrace.training.spark;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What nodes of Spark have to be like.
 *
 * @param python the interpreter of agents and training scripts, at the same path or name on every
 *     worker
 * @param resource Spark's name of the devices, {@code gpu} or {@code npu}; empty for jobs that need
 *     none
 * @param cpusPerNode cores that Spark sets aside for a node; empty for {@code spark.task.cpus}
 * @param slotPatience how long Spark may have fewer slots than the job has nodes before the run
 *     fails; slots that others use are waited for without end
 * @param agentPatience how long launcher and node may hear nothing of each other before each takes
 *     the other for lost; at least 5 s
 */
public record BarrierSettings(
    String python,
    Optional<String> resource,
    OptionalInt cpusPerNode,
    Duration slotPatience,
    Duration agentPatience) {

  /** Long enough for executors that are just being started: 30 s on a busy machine. */
  public static final Duration DEFAULT_SLOT_PATIENCE = Duration.ofSeconds(60);

  /** Long enough for a pause of the JVM or the network. */
  public static final Duration DEFAULT_AGENT_PATIENCE = Duration.ofSeconds(30);

  private static final Pattern RESOURCE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");

  public BarrierSettings {
    checkArgument(!python.isBlank(), "Invalid python: '' (expected a path or a name)");
    requireNonNull(resource, "resource is null");
    resource.ifPresent(
        name ->
            checkArgument(
                RESOURCE.matcher(name).matches(),
                "Invalid resource: '%s' (expected Spark's name of it, such as gpu or npu)",
                name));
    requireNonNull(cpusPerNode, "cpusPerNode is null");
    checkArgument(
        cpusPerNode.orElse(1) >= 1,
        "Invalid cpus a node: %s (expected at least 1)",
        cpusPerNode.orElse(1));
    checkArgument(
        !slotPatience.isNegative(),
        "Invalid patience for slots: %s (expected 0 s or more)",
        slotPatience);
    checkArgument(
        agentPatience.compareTo(Duration.ofSeconds(5)) >= 0,
        "Invalid patience for agents: %s (expected at least 5 s)",
        agentPatience);
  }

  /** Nodes without devices. */
  public static BarrierSettings of(String python) {
    return new BarrierSettings(
        python,
        Optional.empty(),
        OptionalInt.empty(),
        DEFAULT_SLOT_PATIENCE,
        DEFAULT_AGENT_PATIENCE);
  }

  /** Each node gets as many of this resource as the job has devices a node. */
  public BarrierSettings withResource(String name) {
    return new BarrierSettings(python, Optional.of(name), cpusPerNode, slotPatience, agentPatience);
  }

  public BarrierSettings withCpusPerNode(int cpus) {
    return new BarrierSettings(python, resource, OptionalInt.of(cpus), slotPatience, agentPatience);
  }

  public BarrierSettings withSlotPatience(Duration newPatience) {
    return new BarrierSettings(python, resource, cpusPerNode, newPatience, agentPatience);
  }

  public BarrierSettings withAgentPatience(Duration newPatience) {
    return new BarrierSettings(python, resource, cpusPerNode, slotPatience, newPatience);
  }
}
