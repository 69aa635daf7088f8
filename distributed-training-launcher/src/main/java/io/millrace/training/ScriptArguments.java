package io.millrace.training;

import java.util.ArrayList;
import java.util.List;

/** What follows the script on the command line of each process. */
final class ScriptArguments {
  private static final String NUMBER = "-(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";

  private ScriptArguments() {}

  static List<String> of(TrainingJob job, GangPlacement placement, Rank rank) {
    NodePlacement node = placement.nodes().get(rank.node());
    List<String> arguments = new ArrayList<>();
    for (Hyperparameter parameter : job.parameters()) {
      parameter
          .value()
          .ifPresentOrElse(
              value -> append(arguments, parameter.name(), value),
              () -> arguments.add("--" + parameter.name()));
    }
    for (TrainingInput input : job.inputs()) {
      if (input.access() == DataAccess.ARGUMENT) {
        append(arguments, input.name(), node.inputs().get(input.name()).toString());
      }
    }
    for (TrainingOutput output : job.outputs()) {
      if (output.access() == DataAccess.ARGUMENT) {
        append(arguments, output.name(), node.layout().outputDirectory(job, output).toString());
      }
    }
    if (job.passesInitMethod()) {
      append(arguments, "init_method", placement.master().initMethod());
      append(arguments, "world_size", Integer.toString(rank.worldSize()));
      append(arguments, "rank", Integer.toString(rank.value()));
    }
    return arguments;
  }

  /** A value that looks like an option is joined to its name, else parsers take it for one. */
  private static void append(List<String> arguments, String name, String value) {
    if (value.startsWith("-") && !value.matches(NUMBER)) {
      arguments.add("--" + name + "=" + value);
    } else {
      arguments.add("--" + name);
      arguments.add(value);
    }
  }
}
