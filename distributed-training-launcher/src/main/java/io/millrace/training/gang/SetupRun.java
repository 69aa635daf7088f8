package io.millrace.training.gang;

import io.millrace.training.GangMember;
import io.millrace.training.NodeLayout;
import io.millrace.training.NodeSetup;
import io.millrace.training.TrainingJob;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs the steps that come before the processes of an attempt, each on all nodes at once. */
final class SetupRun {

  /** A step whose processes have not all succeeded. */
  record Failure(SetupStep step, List<RankEnd> ends) {}

  private final TrainingJob job;
  private final LaunchSettings settings;
  private final List<NodeLayout> nodes;
  private final List<GangNode> machines;
  private final Supervisor supervisor;
  private final RunJournal journal;

  /**
   * @param nodes each with the job's code
   */
  SetupRun(
      TrainingJob job,
      LaunchSettings settings,
      List<NodeLayout> nodes,
      List<GangNode> machines,
      Supervisor supervisor,
      RunJournal journal) {
    this.job = job;
    this.settings = settings;
    this.nodes = nodes;
    this.machines = machines;
    this.supervisor = supervisor;
    this.journal = journal;
  }

  /**
   * Runs the steps one after the other.
   *
   * @param onStart told of the processes of each step, so that they can be stopped
   * @param onEnd told when they have ended
   * @param goesOn false once the run is to end; then no further step is begun
   * @return the step that did not succeed, if it was not told to end either; empty if all have, or
   *     the run is to end before another begins
   */
  Optional<Failure> run(Consumer<Gang> onStart, Runnable onEnd, BooleanSupplier goesOn)
      throws IOException, InterruptedException {
    if (job.code().isEmpty()) {
      return Optional.empty();
    }
    // All nodes have the same code.
    List<SetupStep> steps = SetupStep.of(job, nodes.get(0).codeDirectory(job), settings.packages());
    for (SetupStep step : steps) {
      if (!goesOn.getAsBoolean()) {
        return Optional.empty();
      }
      Optional<Failure> failure = run(step, onStart, onEnd);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private Optional<Failure> run(SetupStep step, Consumer<Gang> onStart, Runnable onEnd)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Gang started = start(step);
    onStart.accept(started);
    List<RankEnd> ends;
    try {
      ends = started.awaitEnd(end -> {});
    } finally {
      onEnd.run();
    }
    if (ends.stream().allMatch(RankEnd::isSuccess)) {
      for (int node = 0; node < machines.size(); node++) {
        journal.addOfNode(node, step.kind().end(), System.nanoTime() - begin, step.done());
      }
      return Optional.empty();
    }
    return Optional.of(new Failure(step, ends));
  }

  /** One process on each node. */
  private Gang start(SetupStep step) throws IOException {
    Gang started = new Gang(settings.grace());
    try {
      for (int node = 0; node < machines.size(); node++) {
        journal.addOfNode(node, step.kind().beginning(), step.begin());
        NodeLayout layout = nodes.get(node);
        GangNode machine = machines.get(node);
        GangMember member = new NodeSetup(node);
        GangNode.ProcessOrder order =
            new GangNode.ProcessOrder(
                supervisor.command(machine, step.command(job, layout, machine.python())),
                layout.jobDirectory(job),
                variables(layout));
        started.add(member, machine.start(order), journal.outputOf(member));
      }
    } catch (IOException | RuntimeException e) {
      started.abandon();
      throw e;
    }
    return started;
  }

  private static Map<String, String> variables(NodeLayout layout) throws IOException {
    Map<String, String> variables = new TreeMap<>(SetupStep.outcome(layout));
    variables.put("PYTHONUNBUFFERED", "1");
    variables.put("MA_HOME", layout.home().toString());
    variables.put("MA_LOG_DIR", layout.logDirectory().toString());
    return variables;
  }
}
