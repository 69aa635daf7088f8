package io.millrace.training.gang;

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
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import io.millrace.training.hccl.HcclDevice;
import io.millrace.training.hccl.RankTableFile;
import io.millrace.training.watch.RunDirectory;
import io.millrace.training.watch.RunEvent;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Starts the processes of an attempt on its nodes, as the contract has them. */
final class GangStart {
  private final TrainingRun run;
  private final TrainingJob job;
  private final LaunchSettings settings;
  private final RunDirectory directory;
  private final List<NodeLayout> nodes;
  private final List<GangNode> machines;
  private final Supervisor supervisor;

  /**
   * @param nodes prepared, in order
   * @param machines that they are on
   */
  GangStart(
      TrainingRun run,
      LaunchSettings settings,
      RunDirectory directory,
      List<NodeLayout> nodes,
      List<GangNode> machines,
      Supervisor supervisor) {
    this.run = run;
    this.job = run.job();
    this.settings = settings;
    this.directory = directory;
    this.nodes = nodes;
    this.machines = machines;
    this.supervisor = supervisor;
  }

  /**
   * Starts all of them; if one cannot be, those before it are ended.
   *
   * @param port that is kept for rank 0
   */
  Gang start(int port, RunJournal journal) throws IOException {
    List<GangProcess> processes = GangProcesses.of(run, placement(port));
    noteOverridden(journal, processes);
    List<Map<String, String>> prepared = new ArrayList<>();
    for (NodeLayout layout : nodes) {
      prepared.add(SetupStep.outcome(layout));
    }
    Gang started = new Gang(settings.grace());
    try {
      for (GangProcess process : processes) {
        GangMember member = process.member();
        if (member instanceof Rank rank && rank.local() == 0) {
          journal.addOfNode(rank.node(), RunEvent.Type.TRAINING_STARTED, "Training started");
        }
        GangNode machine = machines.get(member.node());
        GangNode.ProcessOrder order = order(machine, process, prepared.get(member.node()));
        started.add(member, machine.start(order), journal.outputOf(member));
      }
    } catch (IOException | RuntimeException e) {
      started.abandon();
      throw e;
    }
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
      GangNode machine, GangProcess process, Map<String, String> prepared) throws IOException {
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

  private GangPlacement placement(int port) throws IOException {
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
    return job.layout() == ProcessLayout.RANK_TABLE ? withRankTable(placement) : placement;
  }

  private GangPlacement withRankTable(GangPlacement placement) throws IOException {
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
}
