package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetRef;
import io.millrace.jobs.training.InputSource;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.training.DataAccess;
import io.millrace.training.Hyperparameter;
import io.millrace.training.InputDelivery;
import io.millrace.training.OutputPreparation;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of {@code train submit} that say what the script reads, writes and is told. */
final class TrainDataOptions {
  @Option(
      names = "--input",
      paramLabel = "NAME=DATA",
      description =
          "Data for the script as --NAME DIR: NAME@VERSION or a directory; one of s3://, obs:// and so on is copied to each node first.")
  Map<String, String> inputs = Map.of();

  @Option(
      names = "--input-env",
      paramLabel = "NAME",
      description = "An --input that the script gets as the environment variable NAME instead.")
  Set<String> inputsByEnvironment = Set.of();

  @Option(
      names = "--download",
      paramLabel = "NAME",
      description =
          "An --input that is copied to each node first, of a version the files of its samples too (default: read where it is, if that is on this machine).")
  Set<String> downloaded = Set.of();

  @Option(
      names = "--output",
      paramLabel = "NAME=DIR",
      description =
          "Where what the script writes to --NAME goes, every 5 s and at the end: a directory, also of s3://, obs:// and so on.")
  Map<String, String> outputs = Map.of();

  @Option(
      names = "--output-env",
      paramLabel = "NAME",
      description = "An --output that the script gets as the environment variable NAME instead.")
  Set<String> outputsByEnvironment = Set.of();

  @Option(
      names = "--resume",
      description = "Give the script what its --output holds, a checkpoint say.")
  boolean resume;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A hyperparameter, passed as --NAME VALUE.")
  Map<String, String> parameters = Map.of();

  @Option(
      names = "--flag",
      paramLabel = "NAME",
      description = "A hyperparameter without a value, passed as --NAME.")
  List<String> flags = List.of();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "An environment variable of every process.")
  Map<String, String> environment = Map.of();

  void sayTo(TrainingDraft draft, InputSource versions) {
    inputs.forEach(
        (name, data) -> draft.input(name, () -> inputOf(name, data, versions), Place.COMMAND_LINE));
    refuseUnknown(draft, "--input-env", inputsByEnvironment, inputs.keySet(), "--input %s=DATA");
    refuseUnknown(draft, "--download", downloaded, inputs.keySet(), "--input %s=DATA");
    refuseUnknown(draft, "--output-env", outputsByEnvironment, outputs.keySet(), "--output %s=DIR");
    OutputPreparation preparation = resume ? OutputPreparation.DOWNLOADED : OutputPreparation.EMPTY;
    if (resume && outputs.isEmpty()) {
      draft.problem(
          Place.COMMAND_LINE,
          "Invalid options: --resume without --output (give the output that the run resumes from).");
    }
    outputs.forEach(
        (name, location) ->
            draft.output(
                name,
                () ->
                    new TrainingOutput(
                        name,
                        MillraceCommand.address(location),
                        access(name, outputsByEnvironment),
                        preparation),
                Place.COMMAND_LINE));
    parameters.forEach(
        (name, value) ->
            draft.parameter(name, () -> Hyperparameter.of(name, value), Place.COMMAND_LINE));
    flags.forEach(
        name -> draft.parameter(name, () -> Hyperparameter.flag(name), Place.COMMAND_LINE));
    environment.forEach((name, value) -> draft.environment(name, value, Place.COMMAND_LINE));
  }

  private static void refuseUnknown(
      TrainingDraft draft, String option, Set<String> names, Set<String> known, String needed) {
    for (String name : names) {
      if (!known.contains(name)) {
        draft.problem(
            Place.COMMAND_LINE,
            "Invalid options: %s %s without %s (give it too)."
                .formatted(option, name, needed.formatted(name)));
      }
    }
  }

  private static DataAccess access(String name, Set<String> byEnvironment) {
    return byEnvironment.contains(name) ? DataAccess.ENVIRONMENT : DataAccess.ARGUMENT;
  }

  private TrainingInput inputOf(String name, String data, InputSource versions) {
    TrainingInput input =
        References.isVersion(data)
            ? versions.ofVersion(name, DatasetRef.parse(data))
            : TrainingInput.of(name, MillraceCommand.address(data));
    return input
        .withAccess(access(name, inputsByEnvironment))
        .withDelivery(downloaded.contains(name) ? InputDelivery.DOWNLOADED : input.delivery());
  }
}
