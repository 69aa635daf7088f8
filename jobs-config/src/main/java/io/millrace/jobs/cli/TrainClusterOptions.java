package io.millrace.jobs.cli;

import io.millrace.jobs.training.Backend;
import io.millrace.jobs.training.LaunchRecord;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.training.kubernetes.VolcanoLauncher;
import io.millrace.training.kubernetes.VolcanoSettings;
import io.millrace.training.watch.RunRecord;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where a run's cluster is, if not where it was when the run was started. */
final class TrainClusterOptions {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Which cluster (default: as the run was started).")
  String kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Of the kubeconfig (default: as the run was started).")
  String context;

  /** A launcher for a run that a cluster owns, with the settings that it was started with. */
  VolcanoLauncher launcherOf(RunRecord run) throws IOException {
    Map<String, List<String>> former =
        LaunchRecord.of(run.directory())
            .filter(record -> record.backend() == Backend.VOLCANO)
            .map(LaunchRecord::options)
            .orElse(Map.of());
    TrainingDraft draft = TrainingDraft.of(run.run().job());
    TrainLaunchOptions launch = new TrainLaunchOptions();
    TrainVolcanoOptions volcano = new TrainVolcanoOptions();
    BackendOptionTable table = new BackendOptionTable(launch, volcano);
    table.preset(former, draft);
    volcano.kubeconfig = Optional.ofNullable(kubeconfig).orElse(volcano.kubeconfig);
    volcano.context = Optional.ofNullable(context).orElse(volcano.context);
    // The namespace is where the job was sent to, whatever was noted of it.
    run.clusterJob().ifPresent(job -> volcano.namespace = job.reference().replaceAll("/.*", ""));
    VolcanoSettings settings =
        volcano.settings(run.directory().root().getParent(), launch, new OptionTexts(draft));
    return new VolcanoLauncher(
        volcano.forJob(settings, draft.toJob()), volcano.access(), Clock.systemUTC());
  }
}
