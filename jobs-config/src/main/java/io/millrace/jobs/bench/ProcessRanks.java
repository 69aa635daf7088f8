package io.millrace.jobs.bench;

import io.millrace.training.GangProcesses;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ranks that are started by commands, with our variables alone. */
final class ProcessRanks implements StartedRanks {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessRanks.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final List<Process> processes = new ArrayList<>();
  private final Path log;
  private final Thread atInterrupt = new Thread(this::kill);

  private ProcessRanks(Path log) {
    this.log = log;
    Runtime.getRuntime().addShutdownHook(atInterrupt);
  }

  /** By the command {@code train submit}; its Java is started, too. */
  static ProcessRanks ofCommand(RankJob job, TorchPython python) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "submit", "--runs", job.home().resolve("runs").toString()));
    arguments.addAll(List.of("--name", "bench", "--python", python.executable().toString()));
    arguments.addAll(List.of("--code-dir", job.code().toString(), "--boot-file", RankJob.SCRIPT));
    arguments.addAll(List.of("--devices", Integer.toString(job.ranks())));
    arguments.addAll(List.of("--launch", "process-per-device"));
    arguments.addAll(List.of("--output", RankJob.CHECKPOINTS + "=" + job.checkpoints()));
    job.parameters()
        .forEach((name, value) -> arguments.addAll(List.of("--param", name + "=" + value)));
    RankJob.ENVIRONMENT.forEach(
        (name, value) -> arguments.addAll(List.of("--env", name + "=" + value)));
    return one(job, CommandProcess.millraceCommand(arguments));
  }

  /** By torchrun with its own settings, but for a free port. */
  static ProcessRanks ofTorchrun(RankJob job, TorchPython python) throws IOException {
    List<String> command = new ArrayList<>(python.torchrun());
    command.add("--nproc_per_node=" + job.ranks());
    command.add("--master_port=" + freePort());
    command.addAll(job.scriptCommand());
    return one(job, command);
  }

  /** Each rank as a process of its own, as one would start them by hand. */
  static ProcessRanks byHand(RankJob job, TorchPython python) throws IOException {
    ProcessRanks ranks = new ProcessRanks(job.home().resolve("rank-0.log"));
    String world = Integer.toString(job.ranks());
    String port = Integer.toString(freePort());
    List<String> command = new ArrayList<>(List.of(python.executable().toString()));
    command.addAll(job.scriptCommand());
    try {
      for (int rank = 0; rank < job.ranks(); rank++) {
        ranks.start(
            command,
            Map.of(
                "MASTER_ADDR",
                "127.0.0.1",
                "MASTER_PORT",
                port,
                "WORLD_SIZE",
                world,
                "LOCAL_WORLD_SIZE",
                world,
                "RANK",
                Integer.toString(rank),
                "LOCAL_RANK",
                Integer.toString(rank)),
            job.home().resolve("rank-%d.log".formatted(rank)));
      }
    } catch (IOException e) {
      ranks.kill();
      throw e;
    }
    return ranks;
  }

  private static ProcessRanks one(RankJob job, List<String> command) throws IOException {
    ProcessRanks ranks = new ProcessRanks(job.home().resolve("launcher.log"));
    ranks.start(command, Map.of(), ranks.log);
    return ranks;
  }

  private void start(List<String> command, Map<String, String> variables, Path output)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeAll(GangProcesses.NEVER_INHERITED);
    builder.environment().putAll(RankJob.ENVIRONMENT);
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    processes.add(process);
  }

  /** The process that was started first: the launcher, where there is one. */
  long launcher() {
    return processes.get(0).pid();
  }

  @Override
  public boolean isOver() {
    return processes.stream().noneMatch(Process::isAlive);
  }

  @Override
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Process process : processes) {
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String lastWords() throws IOException {
    List<String> lines = Files.readString(log).lines().toList();
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    try {
      if (!awaitEnd(GRACE)) {
        kill();
        awaitEnd(GRACE);
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atInterrupt);
    } catch (IllegalStateException e) {
      LOG.debug("The hook has its turn: {}", e.getMessage());
    }
  }

  private void kill() {
    processes.stream()
        .map(Process::toHandle)
        .flatMap(
            process -> Stream.concat(process.descendants().toList().stream(), Stream.of(process)))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
