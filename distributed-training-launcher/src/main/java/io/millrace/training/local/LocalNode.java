package io.millrace.training.local;

import io.millrace.training.GangProcesses;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.ShortCommand;
import io.millrace.training.gang.SupervisedProcess;
import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.resource.LinuxGauge;
import io.millrace.training.resource.NodeGauge;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** This machine, as one of the nodes that share it. */
final class LocalNode implements GangNode {
  private static final String HOST = "localhost";
  private static final String ADDRESS = "127.0.0.1";

  private final PythonInterpreter python;
  private final LinuxVitals vitals;
  private final NodeGauge gauge;
  private final int sharers;

  /**
   * @param sharers how many nodes share the machine
   */
  LocalNode(PythonInterpreter python, LinuxVitals vitals, int sharers) {
    this.python = python;
    this.vitals = vitals;
    this.gauge = LinuxGauge.ofThisMachine(HOST);
    this.sharers = sharers;
  }

  @Override
  public String host() {
    return HOST;
  }

  @Override
  public String address() {
    return ADDRESS;
  }

  @Override
  public String python() {
    return python.executable().toString();
  }

  @Override
  public List<String> devices() {
    return List.of();
  }

  @Override
  public Map<String, String> environment(int processes) {
    return LocalEnvironment.of(
        System.getenv(), Runtime.getRuntime().availableProcessors(), processes * sharers);
  }

  @Override
  public PortHold holdPort() {
    return MasterPort.reserve(new SecureRandom());
  }

  @Override
  public SupervisedProcess start(ProcessOrder order) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(order.command()).directory(order.directory().toFile());
    builder.environment().keySet().removeAll(GangProcesses.NEVER_INHERITED);
    builder.environment().putAll(order.environment());
    return new LocalProcess(builder.start(), vitals);
  }

  @Override
  public CommandResult run(List<String> command, Duration timeout) throws IOException {
    return ShortCommand.run(new ProcessBuilder(command), timeout);
  }

  @Override
  public Optional<String> vitalsProblem() {
    return vitals.problem();
  }

  @Override
  public NodeGauge gauge() {
    return gauge;
  }
}
