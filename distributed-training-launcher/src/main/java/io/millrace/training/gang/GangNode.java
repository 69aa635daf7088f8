package io.millrace.training.gang;

import io.millrace.training.resource.NodeGauge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node of a run: a machine, or a share of one. The directory of the run is at the same path on
 * all of them.
 */
public interface GangNode {

  /** The machine, as its back end names it. */
  String host();

  /** The IP address or name by which the other nodes reach it. */
  String address();

  /** The interpreter of training scripts on this node. */
  String python();

  /** The devices given to the node, as its back end names them; empty if it gives none. */
  List<String> devices();

  /**
   * What the back end adds to the environment of each process.
   *
   * @param processes of the job on this node
   */
  Map<String, String> environment(int processes);

  /** Keeps a port for rank 0 that nobody else on the machine takes until it is closed. */
  PortHold holdPort() throws IOException;

  /** Starts a process. */
  SupervisedProcess start(ProcessOrder order) throws IOException;

  /**
   * Runs a short command to its end and gives its output.
   *
   * @throws IOException if it cannot be run or takes longer than the timeout
   */
  CommandResult run(List<String> command, Duration timeout) throws IOException;

  /** Why nothing can be told of the vitals of processes there; empty if it can. */
  Optional<String> vitalsProblem();

  /** What can be counted of the node, while it runs processes. */
  NodeGauge gauge();

  /** A port that is kept. */
  interface PortHold extends AutoCloseable {
    int number();

    @Override
    void close();
  }

  /**
   * A process to start.
   *
   * @param command the supervisor's command, the process's own included
   * @param environment on top of what the node itself has, without what other launchers have left
   *     there
   */
  record ProcessOrder(List<String> command, Path directory, Map<String, String> environment) {
    public ProcessOrder {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * How a short command ended.
   *
   * @param output what it wrote, errors included
   */
  record CommandResult(int exitCode, String output) {}
}
