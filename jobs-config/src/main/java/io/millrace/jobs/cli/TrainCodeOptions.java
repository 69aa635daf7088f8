package io.millrace.jobs.cli;

import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingDraft.Place;
import io.millrace.jobs.training.TrainingKeys;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code train submit} that say what is run. */
final class TrainCodeOptions {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The job's name (default: that of the code directory).")
  String name;

  @Option(names = "--description", paramLabel = "TEXT", description = "What the job is for.")
  String description;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Groups jobs that are compared with each other (default: none).")
  String experiment;

  @Option(
      names = "--code-dir",
      paramLabel = "DIR",
      description =
          "The code, of which each node gets a copy: a directory, also of s3://, obs:// and so on.")
  String codeDirectory;

  @Option(
      names = "--boot-file",
      paramLabel = "FILE",
      description = "The Python file to run, by its path below the code directory.")
  String bootFile;

  @Option(
      names = "--user-command",
      paramLabel = "COMMAND",
      description = "A shell command instead of a boot file; \"$@\" in it are the arguments.")
  String userCommand;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The container image, for back ends with containers.")
  String image;

  @Option(
      names = "--framework",
      paramLabel = "NAME",
      description = "pytorch, mindspore or custom (default: pytorch).")
  String framework;

  @Option(
      names = "--local-code-dir",
      paramLabel = "DIR",
      description =
          "Where on a node the code's directory goes (default:"
              + " /home/ma-user/modelarts/user-job-dir, in the node's own home).")
  String localCodeDirectory;

  @Option(
      names = "--working-dir",
      paramLabel = "DIR",
      description = "Where the processes start (default: the node's code directory).")
  String workingDirectory;

  void sayTo(TrainingDraft draft) {
    say(draft, TrainingKeys.NAME, name);
    say(draft, TrainingKeys.DESCRIPTION, description);
    say(draft, TrainingKeys.EXPERIMENT, experiment);
    say(
        draft,
        TrainingKeys.CODE_DIR,
        codeDirectory == null ? null : MillraceCommand.address(codeDirectory).value());
    say(draft, TrainingKeys.BOOT_FILE, bootFile);
    say(draft, TrainingKeys.USER_COMMAND, userCommand);
    say(draft, TrainingKeys.IMAGE, image);
    say(draft, TrainingKeys.FRAMEWORK, framework);
    say(draft, TrainingKeys.LOCAL_CODE_DIR, localCodeDirectory);
    say(draft, TrainingKeys.WORKING_DIR, workingDirectory);
  }

  /** Says the value of an option, unless it was not given. */
  static void say(TrainingDraft draft, TrainingKeys key, Object value) {
    Optional.ofNullable(value)
        .ifPresent(given -> draft.say(key, given.toString(), Place.COMMAND_LINE));
  }
}
