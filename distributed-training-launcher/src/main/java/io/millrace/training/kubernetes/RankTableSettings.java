package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a job on Ascend devices gets its rank table: the cluster writes it into a ConfigMap that pods
 * have as a file, once it knows the devices. Names differ among clusters and their versions.
 *
 * @param plugin of Volcano, which writes the table; listed among the job's plugins
 * @param label by which the cluster finds jobs and pods with a rank table
 * @param labelValue of that label
 * @param configMapPrefix the job's name follows it
 * @param directory where the file {@code jobstart_hccl.json} is in pods
 * @param timeout longest time that processes wait for the table
 */
public record RankTableSettings(
    String plugin,
    List<String> pluginArguments,
    String label,
    String labelValue,
    String configMapPrefix,
    Provision provision,
    Path directory,
    Duration timeout) {

  /** Who makes and mounts the ConfigMap. */
  public enum Provision {
    /** It is submitted with the job, and the job mounts it. */
    BY_JOB,
    /** The plugin does both. */
    BY_CLUSTER
  }

  /** Those of Huawei's Cloud Container Engine. */
  public static final RankTableSettings CCE =
      new RankTableSettings(
          "configmap1980",
          List.of(),
          "ring-controller.cce",
          "ascend-1980",
          "rings-config-",
          Provision.BY_JOB,
          Path.of("/user/config"),
          Duration.ofMinutes(10));

  public RankTableSettings {
    checkArgument(plugin != null && !plugin.isBlank(), "Invalid rank table plugin: '%s'", plugin);
    pluginArguments = List.copyOf(pluginArguments);
    requireNonNull(label, "label is null");
    requireNonNull(labelValue, "labelValue is null");
    requireNonNull(configMapPrefix, "configMapPrefix is null");
    requireNonNull(provision, "provision is null");
    checkArgument(
        directory.isAbsolute(),
        "Invalid rank table directory: '%s' (expected an absolute path)",
        directory);
    checkArgument(
        timeout.toSeconds() >= 1,
        "Invalid rank table timeout: %s (expected at least 1 s)",
        timeout);
  }

  public RankTableSettings withPluginArguments(List<String> newArguments) {
    return new RankTableSettings(
        plugin, newArguments, label, labelValue, configMapPrefix, provision, directory, timeout);
  }

  public RankTableSettings withConfigMapPrefix(String newPrefix) {
    return new RankTableSettings(
        plugin, pluginArguments, label, labelValue, newPrefix, provision, directory, timeout);
  }

  public RankTableSettings withProvision(Provision newProvision) {
    return new RankTableSettings(
        plugin,
        pluginArguments,
        label,
        labelValue,
        configMapPrefix,
        newProvision,
        directory,
        timeout);
  }
}
