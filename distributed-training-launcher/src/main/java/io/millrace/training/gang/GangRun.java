package io.millrace.training.gang;

import io.millrace.dataset.DatasetException;
import io.millrace.training.DaemonThreads;
import io.millrace.training.FileTree;
import io.millrace.training.NodeLayout;
import io.millrace.training.Rank;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.ShippedText;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import io.millrace.training.metrics.RunMetrics;
import io.millrace.training.resource.RunUtilisation;
import io.millrace.training.watch.EventLog;
import io.millrace.training.watch.LiveRun;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run from its registration to its end. */
final class GangRun extends LiveRun {
  private static final Logger LOG = LoggerFactory.getLogger(GangRun.class);
  private static final String CHECKS = "node_checks.py";
  private static final Duration REQUEST_POLL = Duration.ofMillis(200);

  private final TrainingRun run;
  private final TrainingJob job;
  private final LaunchSettings settings;
  private final RunDirectory directory;
  private final Clock clock;
  private final EventLog events;
  private final NodeSource source;
  private final List<NodeLayout> nodes = new ArrayList<>();
  private final RunUploads uploads;
  private final AttemptJudge judge;
  private final IsolatedNodes isolated = new IsolatedNodes();
  private final Thread shutdownHook;

  private RunUtilisation utilisation;
  private Gang gang;

  /** Whether the end was asked for because the job has run for as long as it may. */
  private boolean timeIsUp;

  /** Why the processes of this attempt were stopped, if they were because they hung. */
  private Optional<String> hang = Optional.empty();

  GangRun(
      TrainingRun run,
      LaunchSettings settings,
      RunDirectory directory,
      StateFile created,
      Clock clock,
      NodeSource source) {
    super(run, directory, created, clock);
    this.run = run;
    this.job = run.job();
    this.settings = settings;
    this.directory = directory;
    this.clock = clock;
    this.source = source;
    this.events = events();
    for (int node = 0; node < job.nodes(); node++) {
      nodes.add(new NodeLayout(directory.nodeHome(node), directory.logDirectory()));
    }
    this.judge = new AttemptJudge(run, directory);
    this.uploads = new RunUploads(run, settings, directory, nodes, events);
    this.shutdownHook = new Thread(this::stopBeforeShutdown, "stop-" + run.displayName());
  }

  /** Begins; the run goes on in a thread of its own, which keeps the JVM alive. */
  void start() throws IOException {
    events.add(RunEvent.Type.CREATED, "Training job created");
    update(status -> status.withState(RunState.WAITING));
    events.add(RunEvent.Type.QUEUED, "Training job queued, waiting for resources to be allocated");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    new Thread(this::live, "run-" + run.displayName()).start();
  }

  @Override
  protected void onWish(Wish asked) {
    pass(gang);
  }

  /** Tells the gang, if there is one, what is wished for. */
  private void pass(Gang target) {
    if (target != null && wish() == Wish.STOP) {
      target.stop();
    } else if (target != null && wish() == Wish.KILL) {
      target.kill();
    }
  }

  /** Ends this attempt, unless it is over or somebody has asked for its end. */
  private synchronized void stopHung(String why) {
    if (goesOn() && gang != null) {
      events.add(RunEvent.Type.STOPPING, "Processes are being stopped because the job hangs");
      hang = Optional.of(why);
      gang.stop();
    }
  }

  private synchronized Optional<String> hang() {
    return goesOn() ? hang : Optional.empty();
  }

  // The thread of the run.

  private void live() {
    ScheduledExecutorService watch = DaemonThreads.scheduler("watch-" + run.displayName());
    ScheduledFuture<?> requests =
        watch.scheduleWithFixedDelay(
            this::lookForRequests,
            REQUEST_POLL.toMillis(),
            REQUEST_POLL.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      try (RunJournal journal = new RunJournal(run, directory, events, settings.logLimits());
          RunUtilisation used =
              RunUtilisation.open(
                  run,
                  directory,
                  settings.utilisation(),
                  clock,
                  (node, note) ->
                      journal.addOfNode(node, RunEvent.Type.UTILISATION_PARTIAL, note))) {
        utilisation = used;
        AttemptEnd end = attempts(journal);
        used.warning().ifPresent(warning -> journal.add(RunEvent.Type.UTILISATION_LOW, warning));
        RunMetrics.keep(run, directory, end.status().created())
            .forEach(problem -> journal.add(RunEvent.Type.METRICS_DAMAGED, problem));
        finish(end);
      }
    } catch (IOException | RuntimeException | Error e) {
      boolean defect = !(e instanceof DatasetException || e instanceof IOException);
      if (defect) {
        LOG.error("Training run {} broke off", run.displayName(), e);
      }
      finishBroken(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finishBroken(e);
    } finally {
      requests.cancel(false);
      watch.shutdownNow();
      forgetShutdownHook();
      release();
    }
  }

  /** Runs the job until it succeeds, is stopped, or has no retry left. */
  private AttemptEnd attempts(RunJournal journal) throws IOException, InterruptedException {
    AttemptEnd end = attempt(journal);
    while (end.isFailure()
        && end.retried()
        && goesOn()
        && end.status().restarts() < job.retries()) {
      updateRestarted();
      journal.add(
          RunEvent.Type.RESTARTED,
          "Training job restarted (%d of %d) after: %s"
              .formatted(
                  status().restarts(),
                  job.retries(),
                  end.status().message().orElseThrow().lines().findFirst().orElse("")));
      FileTree.delete(directory.nodesDirectory());
      AttemptEnd before = end;
      try {
        end = attempt(journal);
      } catch (TrainingException e) {
        return before.explained("It could not be started again: " + e.getMessage());
      }
    }
    return end;
  }

  private AttemptEnd attempt(RunJournal journal) throws IOException, InterruptedException {
    Optional<Allocation> given =
        source.allocate(
            new NodeRequest(
                run,
                directory,
                status().restarts(),
                isolated.hosts(),
                this::goesOn,
                why -> journal.add(RunEvent.Type.QUEUED, why)));
    if (given.isEmpty()) {
      return stoppedEarly();
    }
    try (Allocation allocation = given.get()) {
      if (goesOn()) {
        update(status -> status.running(clock.instant()));
        journal.add(RunEvent.Type.RUNNING, "Training job started to run");
      }
      Optional<String> unfit = unfitNodes(allocation.nodes(), journal);
      if (unfit.isPresent()) {
        return failedOnNodes(unfit.get());
      }
      AttemptEnd end = attemptOn(allocation.nodes(), journal);
      return end.isFailure()
          ? allocation.takenAway().map(why -> end.explained(why + ".")).orElse(end)
          : end;
    }
  }

  private AttemptEnd attemptOn(List<GangNode> machines, RunJournal journal)
      throws IOException, InterruptedException {
    try {
      return trainOn(machines, journal);
    } catch (NodeLostException e) {
      return lostEarly(e, machines, journal);
    }
  }

  /** A node that is gone before all processes were started is as good as one that is unfit. */
  private AttemptEnd lostEarly(
      NodeLostException loss, List<GangNode> machines, RunJournal journal) {
    isolated.add(loss, machines, journal);
    return failedOnNodes(
        "A node was lost before the processes were started: " + loss.getMessage() + ".");
  }

  private AttemptEnd failedOnNodes(String why) {
    return AttemptEnd.retried(status().ended(RunState.FAILED, clock.instant(), why));
  }

  private AttemptEnd stoppedEarly() {
    return AttemptEnd.last(
        status().ended(RunState.TERMINATED, clock.instant(), "Stopped before it began to train."));
  }

  private AttemptEnd trainOn(List<GangNode> machines, RunJournal journal)
      throws IOException, InterruptedException {
    NodeCode code = new NodeCode(job, nodes, settings, directory.codeSnapshot(), this::goesOn);
    NodeInputs inputs = new NodeInputs(job, nodes, settings, this::goesOn);
    NodePreparation preparation =
        new NodePreparation(job, nodes, code, inputs, uploads.outputs(), journal);
    for (int node = 0; node < machines.size(); node++) {
      preparation.prepare(node);
    }
    Supervisor supervisor = new Supervisor(shipped(Supervisor.RESOURCE), job);
    Optional<AttemptEnd> broken = setUp(machines, supervisor, journal);
    if (!goesOn()) {
      return stoppedEarly();
    }
    if (broken.isPresent()) {
      return broken.get();
    }
    List<RankEnd> ends;
    try (GangNode.PortHold port = machines.get(0).holdPort()) {
      Gang started =
          new GangStart(run, settings, directory, nodes, machines, supervisor)
              .start(port.number(), journal);
      obey(started);
      uploads.begin();
      try (AttemptWatch watch =
          new AttemptWatch(
              run, settings, machines, started, utilisation, journal, this::stopHung)) {
        watch.start(status().restarts());
        ends = started.awaitEnd(end -> noteEnd(journal, end));
      } finally {
        forget();
        uploads.pause();
      }
    }
    List<String> failures = uploads.finishOutputs();
    isolateLost(ends, machines, journal);
    return judge.ofTraining(status(), clock.instant(), ends, failures, hang(), whyStopped());
  }

  /** From now on what is wished for is passed on to that gang. */
  private synchronized void obey(Gang started) {
    hang = Optional.empty();
    gang = started;
    pass(gang);
  }

  private synchronized void forget() {
    gang = null;
  }

  /** Checks the nodes, where that is wanted, and isolates those that are unfit; says which. */
  private Optional<String> unfitNodes(List<GangNode> machines, RunJournal journal)
      throws IOException {
    NodeFitness fitness = new NodeFitness(job, settings.checks());
    if (!fitness.isWanted()) {
      return Optional.empty();
    }
    SortedMap<Integer, String> faults = fitness.faults(machines, shipped(CHECKS), journal);
    faults.keySet().forEach(node -> isolated.add(node, machines.get(node), journal));
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(". ", faults.values())
                + ". Mend the node, or change the thresholds of the checks.");
  }

  /** Runs the steps that come before the job's processes; says how the run ends if one fails. */
  private Optional<AttemptEnd> setUp(
      List<GangNode> machines, Supervisor supervisor, RunJournal journal)
      throws IOException, InterruptedException {
    Optional<SetupRun.Failure> failure =
        new SetupRun(job, settings, nodes, machines, supervisor, journal)
            .run(this::obey, this::forget, this::goesOn);
    if (failure.isEmpty()) {
      return Optional.empty();
    }
    isolateLost(failure.get().ends(), machines, journal);
    return judge
        .ofSetup(status(), clock.instant(), failure.get().step(), failure.get().ends())
        .or(() -> Optional.of(stoppedEarly()));
  }

  private Path shipped(String name) throws IOException {
    return ShippedText.install(GangRun.class, name, directory.nodesDirectory());
  }

  /**
   * Machines that were lost by themselves are not asked for again, where anything is asked again.
   */
  private void isolateLost(List<RankEnd> ends, List<GangNode> machines, RunJournal journal) {
    if (job.retries() > 0) {
      isolated.addLost(ends, machines, journal);
    }
  }

  private void noteEnd(RunJournal journal, RankEnd end) {
    if (!(end.member() instanceof Rank rank)) {
      return;
    }
    String which = rank.localWorldSize() == 1 ? "" : " of rank " + rank.value();
    journal.addOfNode(
        rank.node(),
        RunEvent.Type.TRAINING_ENDED,
        "Training" + which + " ended, exit code " + end.exitCode());
  }

  private synchronized String whyStopped() {
    return timeIsUp
        ? "Stopped after its maximum running time of %d h."
            .formatted(job.autoStop().orElseThrow().toHours())
        : "Stopped on request.";
  }

  private void finish(AttemptEnd verdict) throws IOException {
    RunStatus end =
        verdict
            .culprit()
            .flatMap(
                culprit ->
                    diagnose(
                        culprit.member().node(),
                        OptionalInt.of(culprit.cause().exitCode()),
                        settings.catalogue()))
            .map(verdict::explained)
            .orElse(verdict)
            .status();
    uploads.finishLogs();
    switch (end.state()) {
      case COMPLETED -> events.add(RunEvent.Type.COMPLETED, "Training job completed");
      case TERMINATED -> events.add(RunEvent.Type.TERMINATED, "Training job stopped");
      default ->
          events.add(
              RunEvent.Type.FAILED,
              "Training job failed: " + verdict.status().message().orElseThrow());
    }
    FileTree.delete(directory.codeSnapshot());
    if (end.state() == RunState.COMPLETED) {
      FileTree.delete(directory.nodesDirectory());
    }
    update(status -> end);
    LOG.info("Training run {} ended: {}", run.displayName(), end.state().displayName());
  }

  /** For what is no verdict on a process: a full disk, a directory removed under the run. */
  private void finishBroken(Throwable cause) {
    String why = "Cannot run the job: " + (cause.getMessage() == null ? cause : cause.getMessage());
    try {
      finish(AttemptEnd.last(status().ended(RunState.FAILED, clock.instant(), why)));
    } catch (IOException | UncheckedIOException e) {
      LOG.error("Cannot write down the end of {}: {}", run.displayName(), e.getMessage());
      endUnwritten(status().ended(RunState.FAILED, clock.instant(), why));
    }
  }

  /** It waits for nodes again, unless somebody wants it to end. */
  private synchronized void updateRestarted() throws IOException {
    update(RunStatus::restarted);
    if (goesOn()) {
      update(status -> status.withState(RunState.WAITING));
    }
  }

  private void lookForRequests() {
    if (!takeUpRequests() && hasRunTooLong()) {
      stopAsTimeIsUp();
    }
  }

  private boolean hasRunTooLong() {
    Optional<Instant> started = status().started();
    return job.autoStop().isPresent()
        && started.isPresent()
        && !clock.instant().isBefore(started.get().plus(job.autoStop().get()));
  }

  private synchronized void stopAsTimeIsUp() {
    if (goesOn() && !status().state().isTerminal()) {
      timeIsUp = true;
      events.add(
          RunEvent.Type.TIME_IS_UP,
          "Training job is being stopped (maximum running time: %d h)"
              .formatted(job.autoStop().orElseThrow().toHours()));
      stop();
    }
  }

  private void stopBeforeShutdown() {
    stop();
    try {
      awaitTerminal(settings.grace().plusSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forgetShutdownHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is shutting down: {}", e.getMessage());
    }
  }
}
