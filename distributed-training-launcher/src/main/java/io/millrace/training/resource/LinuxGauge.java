package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import io.millrace.training.DaemonThreads;
import io.millrace.training.TrainingJob;
import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.resource.NodeReading.MachineCounters;
import io.millrace.training.resource.NodeReading.ProcessCounters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** This machine, which runs Linux: {@code /proc} is read, and the tools on the {@code PATH}. */
public final class LinuxGauge implements NodeGauge {
  private static final ThreadFactory THREADS = DaemonThreads.named("device-tools");

  private final Path proc;
  private final LinuxVitals vitals;
  private final Machine machine;
  private final int cores;
  private final Map<String, String> environment;
  private final DeviceTools tools;
  private final Function<Long, List<Long>> descendants;

  /**
   * @param proc where the process file system is mounted
   * @param environment what processes inherit
   * @param descendants all that a supervised process has started
   */
  LinuxGauge(
      Path proc,
      String name,
      int cores,
      Map<String, String> environment,
      DeviceTools tools,
      Function<Long, List<Long>> descendants) {
    this.proc = requireNonNull(proc, "proc is null");
    this.vitals = new LinuxVitals(proc);
    this.machine = new Machine(name, "");
    this.cores = cores;
    this.environment = Map.copyOf(environment);
    this.tools = requireNonNull(tools, "tools is null");
    this.descendants = requireNonNull(descendants, "descendants is null");
  }

  /**
   * The machine that this JVM runs on.
   *
   * @param name of the machine in all that is told of it
   */
  public static LinuxGauge ofThisMachine(String name) {
    return new LinuxGauge(
        Path.of("/proc"),
        name,
        Runtime.getRuntime().availableProcessors(),
        System.getenv(),
        DeviceTools.onThisMachine(),
        LinuxGauge::descendants);
  }

  private static List<Long> descendants(long process) {
    return ProcessHandle.of(process).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public int cores() {
    return cores;
  }

  @Override
  public JobDevices devices(TrainingJob job) {
    return JobDevices.of(job, List.of(), environment);
  }

  @Override
  public Optional<String> problem() {
    return vitals.problem();
  }

  /** Processes are read at once, tools are asked by a thread of its own: they may take long. */
  @Override
  public CompletableFuture<NodeReading> read(List<Long> supervised, Set<VendorTool> asked) {
    List<Long> processes =
        supervised.stream().flatMap(each -> descendants.apply(each).stream()).toList();
    NodeReading counted =
        new NodeReading(
            Duration.ofNanos(System.nanoTime()),
            MachineCounters.of(text("stat"), text("meminfo")),
            ProcessCounters.of(processes, (process, file) -> text(process + "/" + file)),
            Optional.empty());
    return asked.isEmpty()
        ? CompletableFuture.completedFuture(counted)
        : CompletableFuture.supplyAsync(
            () -> counted.withDevices(tools.read(asked)), task -> THREADS.newThread(task).start());
  }

  private String text(String file) {
    try {
      return new String(Files.readAllBytes(proc.resolve(file)), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended, or belongs to somebody else
    }
  }
}
