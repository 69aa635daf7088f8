package io.millrace.training.local;

import io.millrace.training.TrainingException;
import io.millrace.training.gang.Allocation;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.NodeRequest;
import io.millrace.training.gang.NodeSource;
import io.millrace.training.hang.LinuxVitals;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Takes this machine for every node of a run. */
final class LocalNodes implements NodeSource {
  private final PythonInterpreter python;
  private final LinuxVitals vitals;

  LocalNodes(PythonInterpreter python, LinuxVitals vitals) {
    this.python = python;
    this.vitals = vitals;
  }

  @Override
  public Optional<Allocation> allocate(NodeRequest request) {
    if (!request.isolated().isEmpty()) {
      throw new TrainingException("The local back end has no machine but this one.");
    }
    int nodes = request.run().job().nodes();
    GangNode machine = new LocalNode(python, vitals, nodes);
    return Optional.of(new SharedMachine(Collections.nCopies(nodes, machine)));
  }

  /** There is nothing to give back: each process is ended by the run itself. */
  private record SharedMachine(List<GangNode> nodes) implements Allocation {
    @Override
    public void close() {}
  }
}
