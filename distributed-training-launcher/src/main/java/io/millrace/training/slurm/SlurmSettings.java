package io.millrace.training.slurm;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How nodes are asked for of Slurm.
 *
 * @param python path of the interpreter on the nodes
 * @param partition empty for the cluster's default
 * @param gres name of the generic resource that the job's devices are, such as {@code gpu} or
 *     {@code gpu:a100}; empty if the nodes have none to ask for
 * @param cpusPerNode empty for the cluster's default
 * @param memoryPerNode as sbatch takes it, such as {@code 64G}; empty for the cluster's default
 * @param options further options of sbatch, such as {@code --account=vision}
 * @param launcherHosts under which the nodes reach the launcher; empty for the addresses of its
 *     machine
 * @param patience how long a node and the launcher may hear nothing of each other
 * @param startTimeout from the start of the Slurm job to the last node's answer
 * @param environment of Slurm's commands, on top of the launcher's own; {@code SLURM_CONF}, for
 *     instance
 */
public record SlurmSettings(
    String python,
    Optional<String> partition,
    Optional<String> gres,
    OptionalInt cpusPerNode,
    Optional<String> memoryPerNode,
    List<String> options,
    List<String> launcherHosts,
    Duration patience,
    Duration startTimeout,
    Map<String, String> environment) {

  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);
  public static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(5);

  public SlurmSettings {
    checkArgument(!python.isBlank(), "Invalid python: '%s' (expected a path)", python);
    checkArgument(
        cpusPerNode.isEmpty() || cpusPerNode.getAsInt() > 0,
        "Invalid CPUs per node: %s (expected at least 1)",
        cpusPerNode);
    checkArgument(
        gres.isEmpty() || gres.get().matches("[A-Za-z][A-Za-z0-9_-]*(:[A-Za-z0-9_.-]+)?"),
        "Invalid gres: '%s' (expected NAME or NAME:TYPE, without a number)",
        gres.orElse(""));
    options = List.copyOf(options);
    for (String option : options) {
      checkArgument(
          option.startsWith("-"), "Invalid option of sbatch: '%s' (expected --NAME=VALUE)", option);
    }
    launcherHosts = List.copyOf(launcherHosts);
    checkArgument(
        patience.compareTo(Duration.ofSeconds(5)) >= 0,
        "Invalid patience: %s (expected at least 5 s)",
        patience);
    checkArgument(
        startTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
        "Invalid start timeout: %s (expected at least 1 s)",
        startTimeout);
    environment = Map.copyOf(environment);
  }

  /** Everything as the cluster has it by default. */
  public static SlurmSettings of(String python) {
    return new SlurmSettings(
        python,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        DEFAULT_PATIENCE,
        DEFAULT_START_TIMEOUT,
        Map.of());
  }

  public SlurmSettings withPartition(String name) {
    return with(
        Optional.of(name), gres, cpusPerNode, memoryPerNode, options, launcherHosts, environment);
  }

  public SlurmSettings withGres(String name) {
    return with(
        partition,
        Optional.of(name),
        cpusPerNode,
        memoryPerNode,
        options,
        launcherHosts,
        environment);
  }

  public SlurmSettings withCpusPerNode(int cpus) {
    return with(
        partition, gres, OptionalInt.of(cpus), memoryPerNode, options, launcherHosts, environment);
  }

  public SlurmSettings withMemoryPerNode(String memory) {
    return with(
        partition, gres, cpusPerNode, Optional.of(memory), options, launcherHosts, environment);
  }

  public SlurmSettings withOptions(List<String> more) {
    return with(partition, gres, cpusPerNode, memoryPerNode, more, launcherHosts, environment);
  }

  public SlurmSettings withLauncherHosts(List<String> hosts) {
    return with(partition, gres, cpusPerNode, memoryPerNode, options, hosts, environment);
  }

  public SlurmSettings withEnvironment(Map<String, String> variables) {
    return with(partition, gres, cpusPerNode, memoryPerNode, options, launcherHosts, variables);
  }

  private SlurmSettings with(
      Optional<String> newPartition,
      Optional<String> newGres,
      OptionalInt newCpus,
      Optional<String> newMemory,
      List<String> newOptions,
      List<String> newHosts,
      Map<String, String> newEnvironment) {
    return new SlurmSettings(
        python,
        newPartition,
        newGres,
        newCpus,
        newMemory,
        newOptions,
        newHosts,
        patience,
        startTimeout,
        newEnvironment);
  }
}
