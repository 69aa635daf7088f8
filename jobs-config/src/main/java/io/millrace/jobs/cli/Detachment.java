package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetException;
import io.millrace.training.watch.RunDirectory;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with a command in a process of its own: the same Java, class path and arguments, in a new
 * session, so that neither Ctrl-C nor the terminal's end reaches it.
 *
 * <p>The new process tells that its run is registered by moving its log into the run's directory
 * and then by a file that names the directory; if it ends before that, it has said why in its log.
 */
final class Detachment {
  private static final Logger log = LoggerFactory.getLogger(Detachment.class);

  /** In the new process: the path of the file that it tells its run by. */
  private static final String TELL = "millrace.detached";

  private static final String MAIN = "io.millrace.jobs.Millrace";
  private static final long LOOK_MILLIS = 20;

  /** Those of a process with a terminal, and one that two processes cannot share. */
  private static final List<String> OWN_OPTIONS =
      List.of("-Dmillrace.terminal=", "-Dmillrace.interactive=", "-agentlib:jdwp");

  private Detachment() {}

  /** What came of it. */
  sealed interface Outcome {
    /** The run is registered, and goes on. */
    record Registered(Path runDirectory) implements Outcome {}

    /** It has ended, and all that it wrote was passed on. */
    record Ended(int exitCode) implements Outcome {}
  }

  /** Whether this is the process that goes on. */
  static boolean isDetached() {
    return System.getProperty(TELL) != null;
  }

  /** Tells the waiting command that the run is registered; does nothing in other processes. */
  static void tell(RunDirectory run) throws IOException {
    String file = System.getProperty(TELL);
    if (file == null) {
      return;
    }
    Path told = Path.of(file);
    Files.move(logOf(told), run.launcherLog());
    Path written = Path.of(file + ".tmp");
    Files.writeString(written, run.root().toString());
    Files.move(written, told);
  }

  private static Path logOf(Path told) {
    return Path.of(told + ".log");
  }

  /**
   * Starts the process and waits until its run is registered or it has ended.
   *
   * @param arguments of the command
   * @param runs where the runs are kept
   * @param err gets what a process that has ended wrote
   */
  static Outcome start(List<String> arguments, Path runs, PrintWriter err)
      throws IOException, InterruptedException {
    if (ClassLoader.getSystemResource(MAIN.replace('.', '/') + ".class") == null) {
      throw new DatasetException(
          "Cannot detach: spark-submit has started this process, and only it could start another. Leave --detach out and let the shell do it, as in: nohup setsid spark-submit … &");
    }
    boolean isNew = Files.notExists(runs);
    Files.createDirectories(runs);
    Path told = Files.createTempFile(runs.toAbsolutePath(), ".launch-", "");
    Files.delete(told);
    Path output = logOf(told);
    Process process =
        new ProcessBuilder(command(told, arguments))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile())
            .redirectErrorStream(true)
            .start();
    Thread end = new Thread(process::destroy, "end-unregistered-launcher");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) && Files.notExists(told)) {
        // It is still looking at the job.
      }
    } finally {
      forget(end);
    }
    if (Files.exists(told)) {
      Path directory = Path.of(Files.readString(told));
      Files.delete(told);
      return new Outcome.Registered(directory);
    }
    err.print(Files.readString(output));
    err.flush();
    Files.delete(output);
    if (isNew && isEmpty(runs)) {
      Files.delete(runs);
    }
    return new Outcome.Ended(process.exitValue());
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("This process is being ended, and the new one with it", e);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  private static List<String> command(Path told, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(setsid().toString());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (OWN_OPTIONS.stream().noneMatch(option::startsWith)) {
        command.add(option);
      }
    }
    command.add("-D" + TELL + "=" + told);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    return command;
  }

  private static Path setsid() {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(directory -> Path.of(directory, "setsid"))
            .filter(Files::isExecutable)
            .findFirst();
    return found.orElseThrow(
        () ->
            new DatasetException(
                "Cannot detach: there is no program 'setsid' on the PATH. Install util-linux, or leave --detach out."));
  }
}
