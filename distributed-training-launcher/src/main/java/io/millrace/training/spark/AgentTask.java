package io.millrace.training.spark;

import io.millrace.training.agent.AgentHub;
import io.millrace.training.agent.AgentScript;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceInformation;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * What a task of the barrier stage does: once all tasks are there, it starts the agent of its node,
 * and ends when the agent does.
 *
 * <p>What keeps any node from being one is the result of the stage, a sentence each; then no agent
 * is started anywhere. An exception would make Spark run the stage again.
 */
final class AgentTask extends AbstractFunction1<Iterator<Integer>, Iterator<String>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * How long an agent may go on after its task is told to end. When an executor is lost, Spark ends
   * the tasks of all others; the launcher hears of it by itself, and should do so first: what it
   * has not asked to end counts as failed.
   */
  private static final Duration HEARING = Duration.ofSeconds(3);

  /** How long an agent may take to end its processes. */
  private static final Duration ENDING = Duration.ofSeconds(15);

  private static final Duration POLL = Duration.ofMillis(200);

  private final String python;
  private final String script;
  private final String[] launcherHosts;
  private final int port;
  private final String token;
  private final String logDirectory;
  private final String[] isolated;
  private final String resource;
  private final int devicesNeeded;
  private final long graceMillis;

  /**
   * @param launcherHosts where the agent finds the launcher, tried in order
   * @param isolated hosts that must not be a node
   * @param resource Spark's name of the devices; empty text for none
   */
  AgentTask(
      String python,
      String script,
      String[] launcherHosts,
      int port,
      String token,
      String logDirectory,
      String[] isolated,
      String resource,
      int devicesNeeded,
      long graceMillis) {
    this.python = python;
    this.script = script;
    this.launcherHosts = launcherHosts;
    this.port = port;
    this.token = token;
    this.logDirectory = logDirectory;
    this.isolated = isolated;
    this.resource = resource;
    this.devicesNeeded = devicesNeeded;
    this.graceMillis = graceMillis;
  }

  static Path logOf(Path logDirectory, int node) {
    return logDirectory.resolve("agent-%d.log".formatted(node));
  }

  @Override
  public Iterator<String> apply(Iterator<Integer> node) {
    BarrierTaskContext context = BarrierTaskContext.get();
    // Spark runs a stage again that lost a task; the launcher has given this attempt up by then.
    if (context.stageAttemptNumber() > 0) {
      return CollectionConverters.asScala(List.<String>of().iterator());
    }
    // As the driver names it; the addresses that barrier tasks are told may be others.
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    List<String> devices = devicesOf(context);
    List<String> problems = problems(host, devices);
    String mine =
        problems.isEmpty()
            ? ""
            : "worker-%d on %s: %s"
                .formatted(context.partitionId(), host, String.join(" ", problems));
    String[] all = context.allGather(mine);
    if (Arrays.stream(all).allMatch(String::isEmpty)) {
      runAgent(context, host, devices);
      return CollectionConverters.asScala(List.<String>of().iterator());
    }
    return CollectionConverters.asScala(
        (mine.isEmpty() ? List.<String>of() : List.of(mine)).iterator());
  }

  private List<String> devicesOf(BarrierTaskContext context) {
    Map<String, ResourceInformation> resources = context.resourcesJMap();
    return resources.containsKey(resource)
        ? List.of(resources.get(resource).addresses())
        : List.of();
  }

  /** What keeps this worker from being a node; empty if nothing does. */
  List<String> problems(String host, List<String> devices) {
    List<String> problems = new ArrayList<>();
    if (Arrays.asList(isolated).contains(host)) {
      problems.add(
          "Spark gave a host that failed this run before, and no other was free. Stop the worker there, add another one, or start the job anew.");
    }
    if (devices.size() < devicesNeeded) {
      problems.add(
          "The job needs %d %s a node, and Spark gave %d (%s). Give fewer devices."
              .formatted(devicesNeeded, resource, devices.size(), String.join(", ", devices)));
    }
    if (!Files.isReadable(Path.of(script))) {
      problems.add(
          "%s is not there. Give a runs directory on a file system that every worker sees under the same path."
              .formatted(script));
    } else if (!Files.isWritable(Path.of(logDirectory))) {
      problems.add(
          "%s cannot be written by the user %s of the executors. Change its permissions."
              .formatted(logDirectory, System.getProperty("user.name")));
    }
    if (!isThere(python)) {
      problems.add(
          "There is no program %s. Give the interpreter by a path that every worker has."
              .formatted(python));
    }
    return problems;
  }

  private static boolean isThere(String program) {
    if (program.contains(File.separator)) {
      return Files.isExecutable(Path.of(program));
    }
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private void runAgent(BarrierTaskContext context, String host, List<String> devices) {
    int node = context.partitionId();
    ProcessBuilder builder =
        new ProcessBuilder(
            AgentScript.command(
                python, Path.of(script), Integer.toString(node), List.of(launcherHosts), port));
    builder.environment().put(AgentHub.TOKEN_VARIABLE, token);
    builder.environment().put("MILLRACE_AGENT_HOST", host);
    builder.environment().put("MILLRACE_AGENT_DEVICES", String.join(",", devices));
    // Standard input is a pipe of this executor, so that the agent ends with it.
    builder.environment().put("MILLRACE_AGENT_STDIN", "1");
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(logOf(Path.of(logDirectory), node).toFile()));
    try {
      Process agent = builder.start();
      try {
        awaitEnd(agent, context);
      } finally {
        agent.destroyForcibly();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(
          "Cannot start the agent of worker-%d on %s".formatted(node, host), e);
    }
  }

  private void awaitEnd(Process agent, BarrierTaskContext context) throws IOException {
    boolean told = false;
    while (!told && agent.isAlive()) {
      told = !pause(agent) || context.isInterrupted();
    }
    if (!endsWithin(agent, HEARING)) {
      // Through its handle: Process.destroy() would close the pipe too, and so end all at once.
      agent.toHandle().destroy();
      if (!endsWithin(agent, Duration.ofMillis(graceMillis))) {
        agent.getOutputStream().close();
        endsWithin(agent, ENDING);
      }
    }
  }

  /** Whether it does; a task that was told to end may be told again. */
  private static boolean endsWithin(Process agent, Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (agent.isAlive() && System.nanoTime() - deadline < 0) {
      pause(agent);
    }
    return !agent.isAlive();
  }

  /** Waits a moment, less if the agent ends; false if the task is told to end meanwhile. */
  private static boolean pause(Process agent) {
    try {
      agent.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      return false; // Spark knows, and will report the task as killed
    }
  }
}
