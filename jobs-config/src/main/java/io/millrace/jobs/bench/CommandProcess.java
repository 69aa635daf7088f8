package io.millrace.jobs.bench;

import io.millrace.jobs.Millrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands run as users run them: each in a process of its own. */
final class CommandProcess {
  private CommandProcess() {}

  /**
   * Runs a command of Millrace by its start script; by a Java of its own where this process was not
   * started by the script.
   *
   * @return what it printed to standard output
   * @throws UnmeasurableException if it fails
   */
  static String millrace(List<String> arguments)
      throws IOException, InterruptedException, UnmeasurableException {
    return run(millraceCommand(arguments));
  }

  /** The command line of a command of Millrace. */
  static List<String> millraceCommand(List<String> arguments) {
    List<String> command = new ArrayList<>();
    String home = System.getProperty("millrace.home");
    if (home != null && Files.isExecutable(Path.of(home, "millrace"))) {
      command.add(Path.of(home, "millrace").toString());
    } else {
      command.addAll(
          List.of(java(), "-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
    }
    command.addAll(arguments);
    return command;
  }

  /** Starts a Java that has nothing to do. */
  static void bareJava() throws IOException, InterruptedException, UnmeasurableException {
    run(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-version"));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Runs a command.
   *
   * @return what it printed to standard output
   * @throws UnmeasurableException if it fails
   */
  static String run(List<String> command)
      throws IOException, InterruptedException, UnmeasurableException {
    Path errors = Files.createTempFile("millrace-bench-", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new UnmeasurableException(
            "'%s' ended with exit code %s: %s"
                .formatted(
                    String.join(" ", command), process.exitValue(), Files.readString(errors)));
      }
      return printed;
    } finally {
      Files.delete(errors);
    }
  }
}
