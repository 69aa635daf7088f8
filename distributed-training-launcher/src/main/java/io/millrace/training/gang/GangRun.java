package io.millrace.training.gang;

import io.millrace.dataset.DatasetException;
import io.millrace.training.DaemonThreads;
import io.millrace.training.FileTree;
import io.millrace.training.GangMember;
import io.millrace.training.GangPlacement;
import io.millrace.training.GangProcess;
import io.millrace.training.GangProcesses;
import io.millrace.training.GangRankTable;
import io.millrace.training.MasterEndpoint;
import io.millrace.training.NodeLayout;
import io.millrace.training.NodePlacement;
import io.millrace.training.ProcessLayout;
import io.millrace.training.Rank;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import io.millrace.training.hccl.HcclDevice;
import io.millrace.training.hccl.RankTableFile;
import io.millrace.training.metrics.RunMetrics;
import io.millrace.training.resource.RunUtilisation;
import io.millrace.training.watch.EventLog;
import io.millrace.training.watch.LiveRun;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.StateFile;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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
  private final Notifier notifier;
  private final NodeSource source;
  private final List<NodeLayout> nodes = new ArrayList<>();
  private final RunUploads uploads;
  private final AttemptJudge judge;
  private final Thread shutdownHook;

  private RunUtilisation utilisation;
  private Gang gang;

  /** Machines that failed this run. */
  private final Set<String> isolated = new TreeSet<>();

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
    this.notifier = new Notifier(run, this::noteUnsent);
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

  @Override
  protected void onEvent(RunEvent event) {
    notifier.accept(event);
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
      notifier.close();
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
                isolated,
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
    for (int node = 0; node < machines.size(); node++) {
      if (machines.get(node).host().equals(loss.host())) {
        isolate(node, machines.get(node), journal);
      }
    }
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
    Optional<AttemptEnd> broken = setUp(machines, journal);
    if (!goesOn()) {
      return stoppedEarly();
    }
    if (broken.isPresent()) {
      return broken.get();
    }
    List<RankEnd> ends;
    try (GangNode.PortHold port = machines.get(0).holdPort()) {
      Gang started = startGang(machines, journal, port.number());
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
    SortedMap<Integer, String> faults = fitness.faults(machines, installResource(CHECKS), journal);
    faults.keySet().forEach(node -> isolate(node, machines.get(node), journal));
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(". ", faults.values())
                + ". Mend the node, or change the thresholds of the checks.");
  }

  private void isolate(int node, GangNode machine, RunJournal journal) {
    if (isolated.add(machine.host())) {
      journal.addOfNode(
          node,
          RunEvent.Type.NODE_ISOLATED,
          "Node %s is isolated for this run".formatted(machine.host()));
    }
  }

  /** Runs the steps that come before the job's processes; says how the run ends if one fails. */
  private Optional<AttemptEnd> setUp(List<GangNode> machines, RunJournal journal)
      throws IOException, InterruptedException {
    Optional<SetupRun.Failure> failure =
        new SetupRun(job, settings, nodes, machines, supervisor(), journal)
            .run(this::obey, this::forget, this::goesOn);
    if (failure.isEmpty()) {
      return Optional.empty();
    }
    isolateLost(failure.get().ends(), machines, journal);
    return judge
        .ofSetup(status(), clock.instant(), failure.get().step(), failure.get().ends())
        .or(() -> Optional.of(stoppedEarly()));
  }

  private Supervisor supervisor() throws IOException {
    return new Supervisor(installResource(Supervisor.RESOURCE), job);
  }

  private void noteUnsent(String why) {
    events.add(RunEvent.Type.NOTIFICATION_FAILED, why);
  }

  /** A machine that was lost by itself is not asked for again. */
  private void isolateLost(List<RankEnd> ends, List<GangNode> machines, RunJournal journal) {
    for (RankEnd end : ends) {
      boolean byItself = end.asked() == RankEnd.Asked.NO;
      if (end.cause() instanceof RankEnd.Lost && byItself && job.retries() > 0) {
        int node = end.member().node();
        isolate(node, machines.get(node), journal);
      }
    }
  }

  private Gang startGang(List<GangNode> machines, RunJournal journal, int port) throws IOException {
    GangPlacement placement = placement(machines, port);
    Supervisor supervisor = supervisor();
    Gang started = new Gang(settings.grace());
    List<GangProcess> processes = GangProcesses.of(run, placement);
    noteOverridden(journal, processes);
    List<Map<String, String>> prepared = new ArrayList<>();
    for (NodeLayout layout : nodes) {
      prepared.add(SetupStep.outcome(layout));
    }
    try {
      for (GangProcess process : processes) {
        GangMember member = process.member();
        if (member instanceof Rank rank && rank.local() == 0) {
          journal.addOfNode(rank.node(), RunEvent.Type.TRAINING_STARTED, "Training started");
        }
        GangNode machine = machines.get(member.node());
        GangNode.ProcessOrder order =
            order(machine, supervisor, process, prepared.get(member.node()));
        started.add(member, machine.start(order), journal.outputOf(member));
      }
    } catch (IOException | RuntimeException e) {
      started.abandon();
      throw e;
    }
    obey(started);
    return started;
  }

  private static void noteOverridden(RunJournal journal, List<GangProcess> processes) {
    Set<String> names = new TreeSet<>();
    processes.forEach(process -> names.addAll(process.overridden()));
    if (!names.isEmpty()) {
      journal.add(
          RunEvent.Type.ENVIRONMENT_OVERRIDDEN,
          "The job's environment replaces preset variables: " + String.join(", ", names));
    }
  }

  /**
   * @param prepared what the preparation of the node left to its processes
   */
  private GangNode.ProcessOrder order(
      GangNode machine, Supervisor supervisor, GangProcess process, Map<String, String> prepared)
      throws IOException {
    List<String> command =
        job.layout().isByTool()
            ? supervisor.reporting(machine, process.command())
            : supervisor.command(machine, process.command());
    Map<String, String> environment = new TreeMap<>(process.environment());
    prepared.forEach((name, value) -> addPrepared(environment, name, value));
    return new GangNode.ProcessOrder(
        command, Files.createDirectories(process.directory()), environment);
  }

  /** What the preparation left comes before what is preset, and after what the job itself sets. */
  private void addPrepared(Map<String, String> environment, String name, String value) {
    if (name.equals("PYTHONPATH")) {
      environment.merge(name, value, (preset, packages) -> preset + File.pathSeparator + packages);
    } else if (!job.environment().containsKey(name)) {
      environment.put(name, value);
    }
  }

  private GangPlacement placement(List<GangNode> machines, int port) throws IOException {
    List<NodePlacement> places = new ArrayList<>();
    for (int node = 0; node < machines.size(); node++) {
      GangNode machine = machines.get(node);
      NodeLayout layout = nodes.get(node);
      Map<String, Path> inputs = new TreeMap<>();
      job.inputs().forEach(input -> inputs.put(input.name(), layout.inputPath(job, input)));
      places.add(
          NodePlacement.of(machine.address(), layout, machine.python())
              .withInputs(inputs)
              .withDevices(machine.devices()));
    }
    GangPlacement placement =
        new GangPlacement(
            places,
            new MasterEndpoint(machines.get(0).address(), port),
            machines.get(0).environment(job.scriptProcesses() / job.nodes()),
            settings.objectStore());
    return job.layout() == ProcessLayout.RANK_TABLE
        ? withRankTable(placement, machines)
        : placement;
  }

  private GangPlacement withRankTable(GangPlacement placement, List<GangNode> machines)
      throws IOException {
    List<List<HcclDevice>> devices = new ArrayList<>();
    for (GangNode machine : machines) {
      devices.add(AscendDevices.of(machine, settings.hccnFile(), job.devicesPerNode()));
    }
    Path file = directory.nodesDirectory().resolve(RankTableFile.NAME);
    new RankTableFile(file).write(GangRankTable.of(placement, devices));
    return new GangPlacement(
        placement.nodes().stream().map(node -> node.withRankTable(file)).toList(),
        placement.master(),
        placement.backendEnvironment(),
        placement.objectStore());
  }

  private Path installResource(String name) throws IOException {
    Path script = Files.createDirectories(directory.nodesDirectory()).resolve(name);
    try (InputStream source = GangRun.class.getResourceAsStream(name)) {
      if (source == null) {
        throw new FileNotFoundException("The resource " + name + " is missing");
      }
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
    }
    return script;
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
    RunStatus end = diagnosed(verdict).status();
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

  /** A failed process is diagnosed from the logs; that this fails does not change the verdict. */
  private AttemptEnd diagnosed(AttemptEnd end) {
    if (end.culprit().isEmpty()) {
      return end;
    }
    try {
      List<String> told =
          RunDiagnosis.of(run, directory, end.culprit().get(), settings.catalogue());
      told.forEach(each -> events.add(RunEvent.Type.DIAGNOSED, each));
      return told.isEmpty() ? end : end.explained(told.get(0));
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot diagnose {}: {}", run.displayName(), e.toString());
      return end;
    }
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
