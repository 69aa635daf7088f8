package io.millrace.training.slurm;

import io.millrace.training.TrainingException;
import io.millrace.training.gang.GangNode.CommandResult;
import io.millrace.training.gang.ShortCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Slurm, by its own commands. */
final class SlurmCommands {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final Map<String, String> environment;

  SlurmCommands(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Where a Slurm job is.
   *
   * @param state Slurm's own word, such as {@code PENDING}; {@code GONE} once it has forgotten the
   *     job
   * @param reason Slurm's own word, such as {@code Resources}; {@code None} for none
   */
  record JobState(String state, String reason) {
    boolean isWaiting() {
      return List.of("PENDING", "CONFIGURING", "REQUEUED", "SUSPENDED").contains(state);
    }

    boolean isRunning() {
      return state.equals("RUNNING");
    }

    /** Whether nothing of it runs any more. */
    boolean isOver() {
      return !isWaiting() && !isRunning() && !state.equals("COMPLETING");
    }
  }

  /**
   * Submits a job.
   *
   * @param secrets variables that its script gets
   * @return its number
   */
  String submit(List<String> command, Map<String, String> secrets) throws IOException {
    CommandResult result = run(command, secrets);
    if (result.exitCode() != 0) {
      throw new TrainingException(
          "Slurm has refused the job: %s. Command: %s"
              .formatted(lastLine(result.output()), String.join(" ", command)));
    }
    return lastLine(result.output()).split(";", 2)[0];
  }

  JobState state(String job) throws IOException {
    CommandResult result = run(List.of("scontrol", "show", "job", "-o", job), Map.of());
    if (result.exitCode() != 0) {
      if (result.output().contains("Invalid job id")) {
        return new JobState("GONE", "None");
      }
      throw new IOException("Slurm does not answer: " + lastLine(result.output()));
    }
    return stateOf(result.output());
  }

  /** Reads a line of {@code scontrol show job -o}. */
  static JobState stateOf(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String field : text.strip().split(" ", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.putIfAbsent(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    return new JobState(
        Optional.ofNullable(fields.get("JobState")).orElse("GONE"),
        Optional.ofNullable(fields.get("Reason")).orElse("None"));
  }

  /** Has a job ended; does nothing if it has. */
  void cancel(String job) throws IOException {
    run(List.of("scancel", "--quiet", job), Map.of());
  }

  private CommandResult run(List<String> command, Map<String, String> secrets) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("SLURM_JOB"));
    builder.environment().putAll(environment);
    builder.environment().putAll(secrets);
    try {
      return ShortCommand.run(builder, TIMEOUT);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No such file")) {
        throw new TrainingException(
            "Cannot reach Slurm: the command %s is not on the PATH. Launch from a machine that has Slurm's commands."
                .formatted(command.get(0)),
            e);
      }
      throw e;
    }
  }

  private static String lastLine(String output) {
    return output.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("no output");
  }
}
