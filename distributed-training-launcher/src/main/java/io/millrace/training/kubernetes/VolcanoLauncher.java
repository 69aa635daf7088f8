package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.millrace.training.FileTree;
import io.millrace.training.RunHandle;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.watch.ClusterJob;
import io.millrace.training.watch.LauncherProcess;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRegistry;
import io.millrace.training.watch.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs on a Kubernetes cluster with Volcano, a pod a node.
 *
 * <p>The cluster owns the job: it goes on when this JVM ends. A run without its launcher keeps the
 * state that was seen last; {@link #reattach} follows it again.
 */
public final class VolcanoLauncher implements TrainingLauncher {
  /** Names this back end in the state of runs. */
  public static final String BACKEND = "volcano";

  private static final Logger LOG = LoggerFactory.getLogger(VolcanoLauncher.class);

  private final VolcanoSettings settings;
  private final KubernetesClient client;
  private final Clock clock;

  public VolcanoLauncher(VolcanoSettings settings, ClusterAccess access, Clock clock) {
    this(settings, access.client(), clock);
  }

  VolcanoLauncher(VolcanoSettings settings, KubernetesClient client, Clock clock) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public RunHandle launch(TrainingRun run) {
    RunRegistry registry = RunRegistry.at(settings.runsRoot());
    StateFile created =
        new StateFile(
            RunStatus.creating(clock.instant()),
            LauncherProcess.current(),
            Optional.of(new ClusterJob(BACKEND, settings.namespace() + "/" + run.clusterName())));
    try {
      List<String> problems = new ArrayList<>(VolcanoPreflight.problemsHere(run, settings));
      problems.addAll(registry.outputsInUse(run));
      if (!problems.isEmpty()) {
        throw TrainingException.cannotStart(run.job().name(), problems);
      }
      VolcanoJobManifest manifest = VolcanoJobManifest.of(run, settings);
      for (TrainingOutput output : run.job().outputs()) {
        Files.createDirectories(output.location().requireLocalPath());
      }
      RunDirectory directory = registry.register(run, created);
      try {
        create(manifest);
      } catch (KubernetesClientException e) {
        FileTree.delete(directory.root());
        throw failure("start training job '%s'".formatted(run.job().name()), e);
      }
      VolcanoRun live =
          new VolcanoRun(run, settings, settings.namespace(), client, directory, created, clock);
      live.start(manifest.overridden());
      LOG.info(
          "Launched {} on {} nodes as {}/{}",
          run.displayName(),
          run.job().nodes(),
          settings.namespace(),
          run.clusterName());
      return live;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot start training job '%s' in %s".formatted(run.job().name(), settings.runsRoot()),
          e);
    }
  }

  /**
   * Follows a run again whose launcher has ended while the cluster went on with the job: its state,
   * events and logs from where they were left, or its end, if that came meanwhile. From then on
   * this process is the run's launcher.
   *
   * @throws TrainingException if the run is over, is followed by another process, or is none of
   *     this back end
   */
  public RunHandle reattach(RunRecord found) {
    TrainingRun run = found.run();
    RunDirectory directory = found.directory();
    try {
      StateFile left = StateFile.read(directory.stateFile());
      ClusterJob job =
          left.clusterJob()
              .filter(each -> each.backend().equals(BACKEND))
              .orElseThrow(
                  () ->
                      new TrainingException(
                          "Cannot follow %s: it does not run on a cluster with Volcano."
                              .formatted(run.displayName())));
      if (left.status().state().isTerminal()) {
        throw new TrainingException(
            "Cannot follow %s: it is %s already."
                .formatted(run.displayName(), left.status().state().displayName()));
      }
      if (left.launcher().isAlive()) {
        throw new TrainingException(
            "Cannot follow %s: process %d does so already."
                .formatted(run.displayName(), left.launcher().pid()));
      }
      StateFile taken = new StateFile(left.status(), LauncherProcess.current(), left.clusterJob());
      taken.write(directory.stateFile());
      String namespace = job.reference().substring(0, job.reference().indexOf('/'));
      VolcanoRun live = new VolcanoRun(run, settings, namespace, client, directory, taken, clock);
      live.resume();
      LOG.info("Follows {} again, as {}", run.displayName(), job.reference());
      return live;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the run in " + directory.root(), e);
    }
  }

  /**
   * Removes what the cluster still holds of a run that is over; does nothing if that is gone. The
   * run's directory stays: see {@link RunRegistry#delete}.
   *
   * @throws TrainingException if the cluster refuses or cannot be reached
   */
  public void deleteFromCluster(TrainingRun run) {
    try {
      client
          .resources(VolcanoJob.class)
          .inNamespace(settings.namespace())
          .withName(run.clusterName())
          .delete();
    } catch (KubernetesClientException e) {
      throw failure("delete %s from the cluster".formatted(run.displayName()), e);
    }
  }

  private void create(VolcanoJobManifest manifest) {
    // Without the right to see pods nothing could be told of the job.
    client
        .pods()
        .inNamespace(settings.namespace())
        .withLabel(VolcanoRun.JOB_OF_POD, manifest.job().getMetadata().getName())
        .list();
    VolcanoJob job = client.resource(manifest.job()).create();
    if (manifest.rankTable().isPresent()) {
      try {
        client.resource(ownedBy(job, manifest.rankTable().get())).create();
      } catch (KubernetesClientException e) {
        client.resource(job).delete();
        throw e;
      }
    }
  }

  /** Goes when the job goes. */
  private static ConfigMap ownedBy(VolcanoJob job, ConfigMap table) {
    return new ConfigMapBuilder(table)
        .editMetadata()
        .addToOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .build())
        .endMetadata()
        .build();
  }

  private TrainingException failure(String verb, KubernetesClientException cause) {
    return new TrainingException(
        ClusterFailure.sentence(verb, client.getMasterUrl().toString(), cause), cause);
  }
}
