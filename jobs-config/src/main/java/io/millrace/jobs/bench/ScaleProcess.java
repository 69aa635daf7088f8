package io.millrace.jobs.bench;

import io.millrace.jobs.bench.Scale.Step;
import io.millrace.jobs.spark.SparkEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a task at growing sizes, one after the other, in a Java of its own with a small heap:
 * Spark's driver and its tasks share it.
 */
public final class ScaleProcess {
  private static final int HEAP_MEGABYTES = 1024;
  private static final long WARM_UP_SAMPLES = 1000;
  private static final int HOURS = 1;

  private ScaleProcess() {}

  /**
   * Runs the process and waits for it.
   *
   * @throws UnmeasurableException if it ends badly, such as for want of memory
   */
  static Scale run(ScaleTask task, BenchConfig config, List<Long> sizes, Path directory)
      throws UnmeasurableException, IOException, InterruptedException {
    Path result = directory.resolve("scale.txt");
    Path log = directory.resolve("scale.log");
    Process process =
        new ProcessBuilder(command(task, config, sizes, directory, result))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread atInterrupt = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atInterrupt);
    try {
      if (!process.waitFor(HOURS, TimeUnit.HOURS)) {
        throw new UnmeasurableException(
            "The runs of %s did not end within an hour.".formatted(task));
      }
    } finally {
      Runtime.getRuntime().removeShutdownHook(atInterrupt);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new UnmeasurableException(
          "With %s MB of heap the runs of %s ended with exit code %s: %s"
              .formatted(HEAP_MEGABYTES, task, process.exitValue(), failure(log)));
    }
    return new Scale(Files.readAllLines(result).stream().map(ScaleProcess::step).toList());
  }

  /** Runs a task; the arguments are the task, directory, result file, threads, seed and sizes. */
  public static void main(String[] arguments) throws IOException {
    ScaleTask task = ScaleTask.valueOf(arguments[0]);
    Path directory = Path.of(arguments[1]);
    Path result = Path.of(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    long seed = Long.parseLong(arguments[4]);
    HeapWatch heap = HeapWatch.start();
    List<String> lines = new ArrayList<>();
    try (SparkEngine engine = SparkEngine.start(threads)) {
      task.run(engine, directory, "warm-up", WARM_UP_SAMPLES, seed, heap);
      for (String size : List.of(arguments).subList(5, arguments.length)) {
        long samples = Long.parseLong(size);
        double seconds = task.run(engine, directory, "size-" + size, samples, seed, heap);
        lines.add("%d %s %d".formatted(samples, seconds, heap.takePeak()));
      }
    }
    Files.write(result, lines);
  }

  private static List<String> command(
      ScaleTask task, BenchConfig config, List<Long> sizes, Path directory, Path result) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !isOfThisProcessAlone(argument))
        .forEach(command::add);
    command.add("-Xmx%dm".formatted(HEAP_MEGABYTES));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ScaleProcess.class.getName());
    command.add(task.name());
    command.add(directory.toString());
    command.add(result.toString());
    command.add(Integer.toString(config.threads()));
    command.add(Long.toString(config.seed()));
    sizes.forEach(size -> command.add(Long.toString(size)));
    return command;
  }

  private static boolean isOfThisProcessAlone(String argument) {
    return Stream.of(
            "-Xm", "-XX:SharedArchiveFile", "-XX:TieredStopAtLevel", "-agentlib", "-javaagent")
        .anyMatch(argument::startsWith);
  }

  private static Step step(String line) {
    List<String> fields = List.of(line.split(" ", -1));
    return new Step(
        Long.parseLong(fields.get(0)),
        Double.parseDouble(fields.get(1)),
        Long.parseLong(fields.get(2)));
  }

  /** The line that tells most: the first exception, else the last line. */
  private static String failure(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.stream()
        .filter(line -> line.contains("Exception") || line.contains("Error"))
        .findFirst()
        .orElse(lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1));
  }
}
