package io.millrace.training.gang;

import io.millrace.training.TrainingJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The small process below which each process of a run runs.
 *
 * @param script at the same path on every node
 */
record Supervisor(Path script, TrainingJob job) {
  static final String RESOURCE = "rank_supervisor.py";

  /** What a node starts so that a command runs below it, as the job's user. */
  List<String> command(GangNode machine, List<String> supervised) {
    return command(machine, List.of(), supervised);
  }

  /** The same for a tool that starts processes itself and tells how they end. */
  List<String> reporting(GangNode machine, List<String> tool) {
    return command(machine, List.of("--reports"), tool);
  }

  private List<String> command(GangNode machine, List<String> options, List<String> supervised) {
    List<String> command =
        new ArrayList<>(List.of(machine.python(), "-I", "-S", script.toString()));
    job.nodeSettings()
        .uid()
        .ifPresent(uid -> command.addAll(List.of("--uid", Integer.toString(uid))));
    command.addAll(options);
    command.addAll(supervised);
    return command;
  }
}
