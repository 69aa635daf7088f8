package io.millrace.training.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.millrace.dataset.DatasetException;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingRun;
import io.millrace.training.metrics.RunMetrics;
import io.millrace.training.watch.EventLog;
import io.millrace.training.watch.LiveRun;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunEvent;
import io.millrace.training.watch.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run on the cluster, from its submission to its end. The job is looked at once a period; pods
 * and events are watched, as they may come and go in between.
 */
final class VolcanoRun extends LiveRun {
  private static final Logger LOG = LoggerFactory.getLogger(VolcanoRun.class);
  private static final Duration LOG_TIME = Duration.ofSeconds(30);

  /** Volcano's label on the pods of a job. */
  static final String JOB_OF_POD = "volcano.sh/job-name";

  private final TrainingRun run;
  private final VolcanoSettings settings;
  private final String namespace;
  private final KubernetesClient client;
  private final RunDirectory directory;
  private final Clock clock;
  private final EventLog events;
  private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();

  // Of the run's own thread.
  private final Map<String, Pod> pods = new TreeMap<>();
  private final Map<String, PodEnd> ends = new TreeMap<>();
  private final Set<String> former = new HashSet<>();
  private final Set<String> started = new HashSet<>();
  private final Map<Integer, PodLog> logs = new TreeMap<>();
  private final List<Thread> readers = new ArrayList<>();
  private final Set<String> told = new HashSet<>();
  private Wish done = Wish.GO_ON;
  private boolean seen;
  private String outage = "";
  private String pending = "";

  VolcanoRun(
      TrainingRun run,
      VolcanoSettings settings,
      String namespace,
      KubernetesClient client,
      RunDirectory directory,
      StateFile stateFile,
      Clock clock) {
    super(run, directory, stateFile, clock);
    this.run = run;
    this.settings = settings;
    this.namespace = namespace;
    this.client = client;
    this.directory = directory;
    this.clock = clock;
    this.events = events();
  }

  /** Begins to follow a job that was just created. */
  void start(List<String> overridden) throws IOException {
    seen = true;
    events.add(RunEvent.Type.CREATED, "Training job created");
    if (!overridden.isEmpty()) {
      events.add(
          RunEvent.Type.ENVIRONMENT_OVERRIDDEN,
          "The job's environment replaces preset variables: " + String.join(", ", overridden));
    }
    update(status -> status.withState(RunState.WAITING));
    events.add(
        RunEvent.Type.QUEUED,
        "Training job queued as %s/%s, waiting for resources to be allocated"
            .formatted(namespace, run.clusterName()));
    resume();
  }

  /** Goes on in a thread of its own, which keeps the JVM alive. */
  void resume() {
    new Thread(this::live, "run-" + run.displayName()).start();
  }

  @Override
  protected void onWish(Wish asked) {
    changes.add(() -> {});
  }

  // The thread of the run.

  private void live() {
    List<SharedIndexInformer<?>> watches = new ArrayList<>();
    try {
      watch(watches);
      finish(follow());
    } catch (IOException | RuntimeException e) {
      boolean defect =
          !(e instanceof DatasetException
              || e instanceof IOException
              || e instanceof KubernetesClientException);
      LOG.error("Training run {} broke off", run.displayName(), defect ? e : null);
      breakOff(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      breakOff(e);
    } finally {
      watches.forEach(SharedIndexInformer::stop);
      logs.values().forEach(PodLog::stop);
      release();
    }
  }

  /** Watches by which the cluster tells changes; refused ones are told once and done without. */
  private void watch(List<SharedIndexInformer<?>> watches) {
    watches.add(
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(JOB_OF_POD, run.clusterName())
            .inform(handler(pod -> changes.add(() -> seePod(pod)), this::forgetPod)));
    try {
      watches.add(
          client
              .v1()
              .events()
              .inNamespace(namespace)
              .inform(handler(event -> changes.add(() -> tell(event)), event -> {})));
    } catch (KubernetesClientException e) {
      events.add(
          RunEvent.Type.CLUSTER,
          ClusterFailure.sentence("watch events of the cluster", server(), e)
              + " The run goes on without them.");
    }
  }

  private static <T> ResourceEventHandler<T> handler(Consumer<T> seen, Consumer<T> gone) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T each) {
        seen.accept(each);
      }

      @Override
      public void onUpdate(T before, T each) {
        seen.accept(each);
      }

      @Override
      public void onDelete(T each, boolean finalStateUnknown) {
        gone.accept(each);
      }
    };
  }

  private RunStatus follow() throws IOException, InterruptedException {
    while (true) {
      takeUpRequests();
      Optional<RunStatus> end = look();
      if (end.isPresent()) {
        return end.get();
      }
      Runnable change = changes.poll(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
      for (; change != null; change = changes.poll()) {
        change.run();
      }
    }
  }

  /** One look at the job; its end, if it is over. An outage of the cluster changes nothing. */
  private Optional<RunStatus> look() throws IOException, InterruptedException {
    try {
      carryOut();
      Optional<VolcanoJob> job =
          Optional.ofNullable(
              client
                  .resources(VolcanoJob.class)
                  .inNamespace(namespace)
                  .withName(run.clusterName())
                  .get());
      Optional<RunStatus> end = job.isPresent() ? judge(job.get()) : gone();
      noteReachable();
      return end;
    } catch (KubernetesClientException e) {
      noteOutage(e);
      return Optional.empty();
    }
  }

  private Optional<RunStatus> judge(VolcanoJob job) throws IOException, InterruptedException {
    seen = true;
    noteRestarts(job);
    return switch (job.phase()) {
      case PENDING, RESTARTING -> {
        wait(job);
        yield Optional.empty();
      }
      case RUNNING, COMPLETING -> {
        running();
        yield Optional.empty();
      }
      case ABORTING, TERMINATING, OTHER -> Optional.empty();
      case COMPLETED, FAILED, ABORTED, TERMINATED -> {
        catchUp();
        yield Optional.of(verdict(job.phase()));
      }
    };
  }

  /** The end of a run whose job is not there, once its pods are gone too. */
  private Optional<RunStatus> gone() throws InterruptedException {
    if (catchUp() > 0) {
      return Optional.empty();
    }
    awaitLogs();
    if (!goesOn()) {
      return Optional.of(
          status().ended(RunState.TERMINATED, clock.instant(), "Stopped on request."));
    }
    return Optional.of(
        seen
            ? status()
                .ended(
                    RunState.TERMINATED,
                    clock.instant(),
                    "The job was deleted from the cluster by somebody else.")
            : status()
                .ended(
                    RunState.ABNORMAL,
                    clock.instant(),
                    "The cluster does not hold the job any more: it ended while no launcher followed it, and how is not known."));
  }

  private RunStatus verdict(JobPhase phase) throws InterruptedException {
    awaitLogs();
    if (phase == JobPhase.COMPLETED) {
      return status().completed(clock.instant());
    }
    if (!goesOn() && JobVerdict.culprit(ends.values()).isEmpty()) {
      return status().ended(RunState.TERMINATED, clock.instant(), "Stopped on request.");
    }
    return new JobVerdict(run.job(), node -> directory.workerLog(run, node))
        .of(status(), ends.values(), clock.instant(), phase.name());
  }

  private RunStatus diagnosed(RunStatus verdict) {
    return verdict.state() == RunState.FAILED
        ? JobVerdict.culprit(ends.values())
            .flatMap(pod -> diagnose(pod.node(), pod.exitCode(), settings.catalogue()))
            .map(verdict::explained)
            .orElse(verdict)
        : verdict;
  }

  /** Takes in what the watch has told, or has not told yet; tells how many pods there are. */
  private int catchUp() {
    for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
      change.run();
    }
    List<Pod> now =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(JOB_OF_POD, run.clusterName())
            .list()
            .getItems();
    now.forEach(this::seePod);
    return now.size();
  }

  /** Does what was asked for, until the cluster has taken it. */
  private void carryOut() {
    Wish asked = wish();
    if (asked == done) {
      return;
    }
    if (asked == Wish.KILL) {
      client
          .pods()
          .inNamespace(namespace)
          .withLabel(JOB_OF_POD, run.clusterName())
          .withGracePeriod(0)
          .delete();
    }
    client
        .resources(VolcanoJob.class)
        .inNamespace(namespace)
        .withName(run.clusterName())
        .withPropagationPolicy(
            asked == Wish.KILL ? DeletionPropagation.BACKGROUND : DeletionPropagation.FOREGROUND)
        .delete();
    done = asked;
  }

  private void noteRestarts(VolcanoJob job) throws IOException {
    int restarts = Math.min(job.retryCount(), run.job().retries());
    if (restarts <= status().restarts()) {
      return;
    }
    catchUp();
    String why =
        new JobVerdict(run.job(), node -> directory.workerLog(run, node))
            .of(status(), ends.values(), clock.instant(), job.phase().name())
            .message()
            .orElse("")
            .lines()
            .findFirst()
            .orElse("");
    // What still comes from pods of this attempt says nothing about the next.
    former.addAll(ends.keySet());
    pods.values().stream()
        .map(Pod::getMetadata)
        .filter(pod -> pod.getDeletionTimestamp() != null)
        .forEach(pod -> former.add(pod.getUid()));
    ends.clear();
    synchronized (this) {
      while (status().restarts() < restarts) {
        update(RunStatus::restarted);
      }
    }
    events.add(
        RunEvent.Type.RESTARTED,
        "Training job restarted (%d of %d) after: %s"
            .formatted(restarts, run.job().retries(), why));
  }

  private void running() throws IOException {
    if (goesOn() && status().state() != RunState.RUNNING) {
      pending = "";
      update(status -> status.withMessage("").running(clock.instant()));
      events.add(RunEvent.Type.RUNNING, "Training job started to run");
    }
  }

  private void wait(VolcanoJob job) throws IOException {
    if (!goesOn()) {
      return;
    }
    String reasons = String.join("\n", PendingReasons.of(podGroup(job), pods.values()));
    if (status().state() != RunState.WAITING || !reasons.equals(pending)) {
      update(status -> status.withState(RunState.WAITING).withMessage(reasons));
      if (!reasons.isEmpty()) {
        reasons
            .lines()
            .forEach(each -> events.add(RunEvent.Type.PENDING, "Training job waits: " + each));
      }
      pending = reasons;
    }
  }

  /** Newer Volcanos name it after the job's uid too. */
  private Optional<GenericKubernetesResource> podGroup(VolcanoJob job) {
    try {
      for (String name :
          List.of(run.clusterName() + "-" + job.getMetadata().getUid(), run.clusterName())) {
        GenericKubernetesResource group =
            client
                .genericKubernetesResources("scheduling.volcano.sh/v1beta1", "PodGroup")
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (group != null) {
          return Optional.of(group);
        }
      }
    } catch (KubernetesClientException e) {
      if (told.add("podgroup")) {
        events.add(
            RunEvent.Type.CLUSTER,
            ClusterFailure.sentence("look at the job's pod group", server(), e));
      }
    }
    return Optional.empty();
  }

  private void forgetPod(Pod pod) {
    changes.add(
        () -> {
          seePod(pod);
          Pod known = pods.get(pod.getMetadata().getName());
          if (known != null && known.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
            pods.remove(pod.getMetadata().getName());
          }
        });
  }

  private void seePod(Pod pod) {
    String name = pod.getMetadata().getName();
    String uid = pod.getMetadata().getUid();
    int node = PodEnd.nodeOf(name);
    pods.put(name, pod);
    boolean began =
        PodEnd.container(pod)
            .map(status -> status.getState())
            .filter(state -> state.getRunning() != null || state.getTerminated() != null)
            .isPresent();
    if (began && started.add(uid)) {
      events.addOfNode(
          node,
          RunEvent.Type.TRAINING_STARTED,
          "Training started on "
              + Optional.ofNullable(pod.getSpec())
                  .map(spec -> spec.getNodeName())
                  .orElse("a node"));
      readLog(node, name, uid);
    }
    // A pod is judged by how it was when its end was first seen: later it may have been deleted.
    Optional<PodEnd> end = PodEnd.of(pod);
    if (end.isPresent() && !former.contains(uid) && ends.putIfAbsent(uid, end.get()) == null) {
      events.addOfNode(
          node,
          RunEvent.Type.TRAINING_ENDED,
          end.get().exitCode().isPresent()
              ? "Training ended, exit code " + end.get().exitCode().getAsInt()
              : "Training was ended by the cluster: " + end.get().reason());
    }
  }

  private void readLog(int node, String name, String uid) {
    PodLog log =
        logs.computeIfAbsent(
            node,
            key ->
                new PodLog(
                    client,
                    namespace,
                    directory.workerLog(run, node),
                    settings.logLimits(),
                    settings.poll()));
    Thread reader =
        new Thread(
            () -> {
              try {
                log.follow(name, uid);
              } catch (IOException | RuntimeException e) {
                LOG.error("Cannot write the log of {}: {}", name, e.toString());
                events.addOfNode(
                    node,
                    RunEvent.Type.CLUSTER,
                    "The log of %s is incomplete: %s".formatted(name, e));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "log-" + name);
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }

  private void awaitLogs() throws InterruptedException {
    long deadline = System.nanoTime() + LOG_TIME.toNanos();
    for (Thread reader : readers) {
      reader.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      if (reader.isAlive()) {
        events.add(
            RunEvent.Type.CLUSTER,
            "The logs may be incomplete: the cluster did not give the rest of them within %d s."
                .formatted(LOG_TIME.toSeconds()));
        return;
      }
    }
  }

  /** Events of the cluster that concern the job, its pod group or its pods, each once. */
  private void tell(Event event) {
    String about = event.getInvolvedObject() == null ? null : event.getInvolvedObject().getName();
    boolean ours =
        about != null
            && (about.equals(run.clusterName()) || about.startsWith(run.clusterName() + "-"));
    if (!ours || !told.add("event " + event.getMetadata().getUid())) {
      return;
    }
    String text =
        "%s: %s".formatted(event.getReason(), Optional.ofNullable(event.getMessage()).orElse(""));
    if ("Pod".equals(event.getInvolvedObject().getKind())) {
      events.addOfNode(PodEnd.nodeOf(about), RunEvent.Type.CLUSTER, text);
    } else {
      events.add(RunEvent.Type.CLUSTER, text);
    }
  }

  private void noteOutage(KubernetesClientException failure) {
    String sentence =
        ClusterFailure.sentence("look at %s".formatted(run.displayName()), server(), failure);
    if (outage.isEmpty()) {
      events.add(RunEvent.Type.CLUSTER, sentence + " The job goes on meanwhile.");
    }
    outage = sentence;
  }

  private void noteReachable() {
    if (!outage.isEmpty()) {
      events.add(RunEvent.Type.CLUSTER, "The cluster answers again.");
      outage = "";
    }
  }

  private String server() {
    return client.getMasterUrl().toString();
  }

  private void finish(RunStatus verdict) throws IOException {
    RunMetrics.keep(run, directory, verdict.created())
        .forEach(problem -> events.add(RunEvent.Type.METRICS_DAMAGED, problem));
    RunStatus end = diagnosed(verdict);
    switch (end.state()) {
      case COMPLETED -> events.add(RunEvent.Type.COMPLETED, "Training job completed");
      case TERMINATED ->
          events.add(
              RunEvent.Type.TERMINATED, "Training job stopped: " + end.message().orElseThrow());
      default ->
          events.add(
              RunEvent.Type.FAILED, "Training job failed: " + verdict.message().orElseThrow());
    }
    update(status -> end);
    LOG.info("Training run {} ended: {}", run.displayName(), end.state().displayName());
  }

  /** For what is no verdict on the job, which the cluster goes on with. */
  private void breakOff(Exception cause) {
    String why =
        cause instanceof KubernetesClientException refused
            ? ClusterFailure.sentence("follow the job", server(), refused)
            : "Cannot follow the job: " + (cause.getMessage() == null ? cause : cause.getMessage());
    String whole =
        "%s The job %s/%s may go on in the cluster.".formatted(why, namespace, run.clusterName());
    RunStatus end = status().ended(RunState.ABNORMAL, clock.instant(), whole);
    try {
      events.add(RunEvent.Type.FAILED, whole);
      update(status -> end);
    } catch (IOException | UncheckedIOException e) {
      LOG.error("Cannot write down the end of {}: {}", run.displayName(), e.getMessage());
      endUnwritten(end);
    }
  }
}
