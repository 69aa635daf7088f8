package io.millrace.jobs.cli;

import static io.millrace.jobs.training.Backend.SLURM;
import static io.millrace.jobs.training.Backend.SPARK;

import io.millrace.training.DeviceType;
import io.millrace.training.TrainingJob;
import io.millrace.training.slurm.SlurmSettings;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options of {@code train submit} for the back end {@code slurm}. */
final class TrainSlurmOptions {
  /** The cluster's default. */
  private static final String PYTHON = "python3";

  @Option(
      names = "--partition",
      paramLabel = "NAME",
      description = "Of which partition (default: the job's pool, else the cluster's default).")
  @OfBackends(SLURM)
  String partition;

  @Option(
      names = "--gres",
      paramLabel = "NAME[:TYPE]",
      description =
          "Slurm's name of the devices (default: gpu or npu, as the job's device-type; none for"
              + " cpu).")
  @OfBackends(SLURM)
  String gres;

  @Option(
      names = "--cpus-per-node",
      paramLabel = "N",
      description = "Cores of each node, of slurm and spark (default: the cluster's).")
  @OfBackends({SLURM, SPARK})
  String cpusPerNode;

  @Option(
      names = "--memory-per-node",
      paramLabel = "SIZE",
      description = "Memory of each node as sbatch takes it, such as 64G (default: the cluster's).")
  @OfBackends(SLURM)
  String memoryPerNode;

  @Option(
      names = "--sbatch-option",
      paramLabel = "OPTION",
      description = "A further option of sbatch, such as --account=vision. May be repeated.")
  @OfBackends(SLURM)
  List<String> sbatchOptions = List.of();

  @Option(
      names = "--launcher-host",
      paramLabel = "HOST",
      description =
          "Under which the nodes reach this machine (default: its addresses). May be repeated.")
  @OfBackends(SLURM)
  List<String> launcherHosts = List.of();

  /** All but what the job decides. */
  SlurmSettings settings(String python, OptionTexts texts) {
    SlurmSettings settings = SlurmSettings.of(PYTHON);
    settings = texts.with(settings, python, (s, text) -> SlurmSettings.of(text));
    settings = texts.with(settings, partition, SlurmSettings::withPartition);
    settings = texts.with(settings, gres, SlurmSettings::withGres);
    settings =
        texts.with(
            settings,
            cpusPerNode,
            (s, text) -> s.withCpusPerNode(OptionTexts.number("cpus-per-node", text)));
    settings = texts.with(settings, memoryPerNode, SlurmSettings::withMemoryPerNode);
    settings = texts.attempt(settings, s -> s.withOptions(sbatchOptions));
    return texts.attempt(settings, s -> s.withLauncherHosts(launcherHosts));
  }

  /** The same for a job. */
  static SlurmSettings forJob(SlurmSettings settings, TrainingJob job) {
    SlurmSettings made = settings;
    if (made.partition().isEmpty() && job.resources().pool().isPresent()) {
      made = made.withPartition(job.resources().pool().get());
    }
    DeviceType devices = job.resources().deviceType();
    if (made.gres().isEmpty() && devices != DeviceType.CPU) {
      made = made.withGres(devices.name().toLowerCase(Locale.ROOT));
    }
    return made;
  }
}
