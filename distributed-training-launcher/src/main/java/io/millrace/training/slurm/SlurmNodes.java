package io.millrace.training.slurm;

import io.millrace.training.TrainingException;
import io.millrace.training.WholeFile;
import io.millrace.training.agent.AgentHub;
import io.millrace.training.agent.AgentScript;
import io.millrace.training.agent.LauncherAddresses;
import io.millrace.training.gang.Allocation;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.NodeRequest;
import io.millrace.training.gang.NodeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets nodes by a Slurm job of its own for each attempt. */
final class SlurmNodes implements NodeSource {
  private static final Logger LOG = LoggerFactory.getLogger(SlurmNodes.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration FAREWELL = Duration.ofSeconds(30);

  private final SlurmSettings settings;
  private final SlurmCommands slurm;

  SlurmNodes(SlurmSettings settings) {
    this.settings = settings;
    this.slurm = new SlurmCommands(settings.environment());
  }

  @Override
  public Optional<Allocation> allocate(NodeRequest request)
      throws IOException, InterruptedException {
    int nodes = request.run().job().nodes();
    AgentHub hub = AgentHub.open(nodes, settings.patience());
    Path log =
        request.directory().logDirectory().resolve("slurm-%d.log".formatted(request.attempt()));
    String job = "";
    boolean there = false;
    try {
      job = submit(request, hub, log);
      request.whyWaiting().accept("Waiting for Slurm (job %s): submitted".formatted(job));
      Optional<List<GangNode>> given = await(request, hub, job, log);
      there = given.isPresent();
      String number = job;
      return given.map(found -> new SlurmAllocation(found, hub, number));
    } finally {
      if (!there) {
        hub.close();
        if (!job.isEmpty()) {
          slurm.cancel(job);
        }
      }
    }
  }

  private String submit(NodeRequest request, AgentHub hub, Path log) throws IOException {
    Path directory = request.directory().nodesDirectory();
    Path agent = AgentScript.install(directory);
    Path script = directory.resolve("slurm-job.sh");
    SlurmBatch batch = new SlurmBatch(request.run(), settings);
    List<String> hosts =
        settings.launcherHosts().isEmpty()
            ? LauncherAddresses.ofThisMachine()
            : settings.launcherHosts();
    WholeFile.replace(script, batch.script(agent, hosts, hub.port()));
    return slurm.submit(
        batch.arguments(script, log, request.isolated()),
        Map.of(AgentHub.TOKEN_VARIABLE, hub.token()));
  }

  /** Empty if the nodes are no longer wanted. */
  private Optional<List<GangNode>> await(NodeRequest request, AgentHub hub, String job, Path log)
      throws IOException, InterruptedException {
    String reason = "";
    long deadline = Long.MAX_VALUE;
    while (request.isWanted().getAsBoolean()) {
      Optional<List<GangNode>> all = hub.await(settings.python(), LOOK);
      if (all.isPresent()) {
        return all;
      }
      SlurmCommands.JobState state = slurm.state(job);
      if (state.isWaiting()) {
        if (WaitingReason.isForEver(state)) {
          throw new TrainingException(
              "Slurm cannot give %d nodes (job %s): %s. Ask for less, or give another partition."
                  .formatted(request.run().job().nodes(), job, WaitingReason.of(state)));
        }
        String now = "Waiting for Slurm (job %s): %s".formatted(job, WaitingReason.of(state));
        if (!now.equals(reason)) {
          request.whyWaiting().accept(now);
          reason = now;
        }
      } else if (!state.isRunning()) {
        throw new TrainingException(
            "The Slurm job %s ended as %s before its %d nodes were there. %s"
                .formatted(job, state.state(), request.run().job().nodes(), tail(log)));
      } else if (deadline == Long.MAX_VALUE) {
        deadline = System.nanoTime() + settings.startTimeout().toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new TrainingException(
            "Only %d of %d nodes of the Slurm job %s have reached the launcher within %d s. %s Check that %s exists on each node and that they can connect to this machine."
                .formatted(
                    hub.present(),
                    request.run().job().nodes(),
                    job,
                    settings.startTimeout().toSeconds(),
                    tail(log),
                    settings.python()));
      }
    }
    return Optional.empty();
  }

  private static String tail(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "There is no log %s.".formatted(log);
    }
    List<String> lines = Files.readString(log).lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty()
        ? "Its log %s is empty.".formatted(log)
        : "Its log %s ends with: %s".formatted(log, lines.get(lines.size() - 1));
  }

  /** The nodes of a Slurm job, which ends when they are given back. */
  private final class SlurmAllocation implements Allocation {
    private final List<GangNode> nodes;
    private final AgentHub hub;
    private final String job;

    SlurmAllocation(List<GangNode> nodes, AgentHub hub, String job) {
      this.nodes = nodes;
      this.hub = hub;
      this.job = job;
    }

    @Override
    public List<GangNode> nodes() {
      return nodes;
    }

    @Override
    public Optional<String> takenAway() {
      try {
        SlurmCommands.JobState state = slurm.state(job);
        return state.isRunning()
            ? Optional.empty()
            : Optional.of("Slurm has ended its job %s (%s)".formatted(job, state.state()));
      } catch (IOException | TrainingException e) {
        LOG.warn("Cannot ask Slurm for job {}: {}", job, e.getMessage());
        return Optional.empty();
      }
    }

    @Override
    public void close() {
      hub.close();
      try {
        slurm.cancel(job);
        long deadline = System.nanoTime() + FAREWELL.toNanos();
        while (!slurm.state(job).isOver() && System.nanoTime() < deadline) {
          Thread.sleep(LOOK.toMillis() / 5);
        }
      } catch (IOException | TrainingException e) {
        LOG.warn("Cannot give back the nodes of Slurm job {}: {}", job, e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
