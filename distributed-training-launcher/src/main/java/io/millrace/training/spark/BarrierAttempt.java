package io.millrace.training.spark;

import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJob;
import io.millrace.training.agent.AgentHub;
import io.millrace.training.agent.AgentScript;
import io.millrace.training.gang.Allocation;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.NodeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.BarrierJobSlotsNumberCheckFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The barrier stage of one attempt of a run, and the agents that its tasks start. */
final class BarrierAttempt implements Allocation {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierAttempt.class);

  /** How long tasks whose agents are sent away may take to end. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /** How long after the grace the engine may take to end a run. */
  private static final Duration AFTER_GRACE = Duration.ofSeconds(25);

  private static final int LINES_OF_AGENT = 5;

  private final JavaSparkContext spark;
  private final SparkSlots slots;
  private final NodeRequest request;
  private final AgentHub hub;
  private final String python;
  private final String group;
  private final StageWatch watch;
  private final ExitOrder exit;
  private final FutureTask<List<String>> stage;
  private List<GangNode> nodes = List.of();

  private BarrierAttempt(
      JavaSparkContext spark,
      SparkSlots slots,
      NodeRequest request,
      AgentHub hub,
      String python,
      ExitOrder exit,
      JavaRDD<String> tasks) {
    this.spark = spark;
    this.slots = slots;
    this.request = request;
    this.hub = hub;
    this.python = python;
    this.exit = exit;
    this.group = "%s attempt %d".formatted(request.run().displayName(), request.attempt() + 1);
    this.watch = new StageWatch(group);
    this.stage = new FutureTask<>(() -> run(tasks));
  }

  /** Submits the stage; nothing waits for it yet. */
  static BarrierAttempt start(
      JavaSparkContext spark,
      SparkSlots slots,
      BarrierSettings settings,
      Duration grace,
      NodeRequest request,
      Optional<ResourceProfile> profile)
      throws IOException {
    Path script = AgentScript.install(request.directory().nodesDirectory());
    TrainingJob job = request.run().job();
    AgentHub hub = AgentHub.open(job.nodes(), settings.agentPatience());
    BarrierAttempt attempt;
    try {
      AgentTask task =
          new AgentTask(
              settings.python(),
              script.toString(),
              launcherHosts(spark).toArray(String[]::new),
              hub.port(),
              hub.token(),
              request.directory().logDirectory().toString(),
              request.isolated().toArray(String[]::new),
              settings.resource().orElse(""),
              settings.resource().isPresent() ? job.devicesPerNode() : 0,
              grace.toMillis());
      JavaRDD<String> tasks = barrier(spark, places(job, slots, request), profile, task);
      ExitOrder exit = ExitOrder.hold(grace.plus(AFTER_GRACE));
      attempt = new BarrierAttempt(spark, slots, request, hub, settings.python(), exit, tasks);
    } catch (RuntimeException e) {
      hub.close();
      throw e;
    }
    spark.sc().addSparkListener(attempt.watch);
    Thread thread = new Thread(attempt.stage, "barrier-" + request.run().displayName());
    thread.setDaemon(true);
    thread.start();
    return attempt;
  }

  /** Where the agents find this JVM: where the executors find it, or else by its own address. */
  private static List<String> launcherHosts(JavaSparkContext spark) {
    Set<String> hosts = new LinkedHashSet<>();
    hosts.add(spark.getConf().get("spark.driver.host").replaceAll("[\\[\\]]", ""));
    try {
      hosts.add(InetAddress.getLocalHost().getHostAddress());
    } catch (UnknownHostException e) {
      LOG.debug("This machine does not know its own address: {}", e.getMessage());
    }
    return List.copyOf(hosts);
  }

  /** Each node of the job with the hosts where it should be; none are as good as any. */
  private static List<Tuple2<Integer, Seq<String>>> places(
      TrainingJob job, SparkSlots slots, NodeRequest request) {
    List<String> healthy = new ArrayList<>();
    if (!request.isolated().isEmpty()) {
      healthy.addAll(slots.hosts());
      healthy.removeAll(request.isolated());
    }
    List<Tuple2<Integer, Seq<String>>> places = new ArrayList<>();
    for (int node = 0; node < job.nodes(); node++) {
      places.add(new Tuple2<>(node, CollectionConverters.asScala(healthy).toList()));
    }
    return places;
  }

  private static JavaRDD<String> barrier(
      JavaSparkContext spark,
      List<Tuple2<Integer, Seq<String>>> places,
      Optional<ResourceProfile> profile,
      AgentTask task) {
    ClassTag<Integer> number = ClassTag$.MODULE$.apply(Integer.class);
    ClassTag<String> text = ClassTag$.MODULE$.apply(String.class);
    RDD<Integer> nodes = spark.sc().makeRDD(CollectionConverters.asScala(places).toList(), number);
    RDD<Integer> placed = profile.map(nodes::withResources).orElse(nodes);
    return new JavaRDD<>(placed.barrier().mapPartitions(task, false, text), text);
  }

  /** In a thread of its own, for a job group belongs to the thread. */
  private List<String> run(JavaRDD<String> tasks) {
    spark.setJobGroup(group, "Nodes of training run " + request.run().displayName(), true);
    return tasks.collect();
  }

  /**
   * Waits for the nodes.
   *
   * @return the nodes; empty if some have not come in time
   * @throws TrainingException if they will not come
   */
  Optional<List<GangNode>> await(Duration timeout) throws IOException, InterruptedException {
    Optional<List<GangNode>> found = hub.await(python, timeout);
    if (found.isPresent()) {
      nodes = found.get();
    } else if (stage.isDone() || watch.failure().isPresent() || watch.firstEnded().isPresent()) {
      throw failure();
    }
    return found;
  }

  /** In words: what is missing. */
  String waitingFor() {
    TrainingJob job = request.run().job();
    return watch.started() < job.nodes()
        ? "Waiting for %d slots of Spark (%s): other tasks use them"
            .formatted(job.nodes(), spark.master())
        : "Waiting for the agents of %d nodes: Spark has started them, and %d are there"
            .formatted(job.nodes(), hub.present());
  }

  @Override
  public List<GangNode> nodes() {
    return nodes;
  }

  /**
   * Why there are no nodes: tasks say so by their results, an agent in its log, Spark otherwise.
   */
  private TrainingException failure() throws IOException, InterruptedException {
    if (watch.failure().isPresent()) {
      return gaveNone(watch.failure().get());
    }
    try {
      List<String> problems = stage.get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      if (!problems.isEmpty()) {
        return new TrainingException(String.join(" ", problems));
      }
    } catch (TimeoutException e) {
      LOG.debug("The other nodes of {} are still there", group);
    } catch (ExecutionException e) {
      return failureOf(e.getCause());
    } catch (CancellationException e) {
      throw new IllegalStateException("Nobody cancels the thread of a stage", e);
    }
    int node = watch.firstEnded().orElse(0);
    Path log = AgentTask.logOf(request.directory().logDirectory(), node);
    return new TrainingException(
        "The agent of worker-%d ended before all nodes were there. Its log is %s and %s"
            .formatted(node, log, endOf(log)));
  }

  private TrainingException failureOf(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof BarrierJobSlotsNumberCheckFailed few) {
        return slots.tooFew(request.run().job(), few.maxConcurrentTasks());
      }
    }
    return gaveNone(String.valueOf(cause.getMessage()));
  }

  private TrainingException gaveNone(String why) {
    return new TrainingException(
        "Spark (%s) gave no nodes: %s"
            .formatted(spark.master(), why.lines().limit(2).collect(Collectors.joining(" "))));
  }

  private static String endOf(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "is not there.";
    }
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return lines.isEmpty()
        ? "is empty."
        : "ends with:\n  "
            + String.join(
                "\n  ", lines.subList(Math.max(0, lines.size() - LINES_OF_AGENT), lines.size()));
  }

  /** Sends the agents away, which ends their tasks, and leaves Spark nothing to try again. */
  @Override
  public void close() {
    hub.close();
    try {
      if (watch.failure().isPresent() || watch.started() == 0) {
        cancel();
      }
      stage.get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      cancel();
    } catch (ExecutionException e) {
      LOG.debug("The stage of {} ended: {}", group, e.getCause().getMessage());
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
    } finally {
      spark.sc().removeSparkListener(watch);
      exit.close();
    }
  }

  private void cancel() {
    spark.sc().cancelJobGroupAndFutureJobs(group, "the run no longer needs these nodes");
  }
}
