package io.millrace.training;

import java.nio.file.Path;

/**
 * The directories of one node, laid out below its home as in a ModelArts training container.
 *
 * @param home stands for {@code /home/ma-user}
 * @param logDirectory where logs of the run are kept
 */
public record NodeLayout(Path home, Path logDirectory) {
  private static final Path CONTAINER_HOME = Path.of("/home/ma-user");

  /** Code, inputs and outputs lie below it. */
  public Path mountPath() {
    return home.resolve("modelarts");
  }

  /** The parent of the code directory, as the job wants it. */
  public Path jobDirectory(TrainingJob job) {
    return job.nodeSettings()
        .localCodeDirectory()
        .map(this::placeOf)
        .orElseGet(() -> mountPath().resolve("user-job-dir"));
  }

  /** The node's own copy of the job's code; exists even if the job brings none. */
  public Path codeDirectory(TrainingJob job) {
    return jobDirectory(job).resolve(job.code().map(CodeLocation::name).orElse("code"));
  }

  /** Where the processes of the job start. */
  public Path workingDirectory(TrainingJob job) {
    Path code = codeDirectory(job);
    return job.nodeSettings()
        .workingDirectory()
        .map(path -> path.startsWith("/") ? placeOf(path) : code.resolve(path).normalize())
        .orElse(code);
  }

  /**
   * Where a path of ModelArts' container is on this node: one below {@code /home/ma-user} in the
   * node's home, any other as it stands.
   */
  public Path placeOf(String path) {
    Path absolute = Path.of(path).normalize();
    return absolute.startsWith(CONTAINER_HOME)
        ? home.resolve(CONTAINER_HOME.relativize(absolute).toString()).normalize()
        : absolute;
  }

  /** Where the node's processes find an input: its own copy, or the place itself. */
  public Path inputPath(TrainingJob job, TrainingInput input) {
    return switch (input.delivery()) {
      case DOWNLOADED -> inputDirectory(job, input);
      case LINKED -> input.location().requireLocalPath().toAbsolutePath().normalize();
    };
  }

  /** The node's own copy of an input that is downloaded. */
  public Path inputDirectory(TrainingJob job, TrainingInput input) {
    return mountPath().resolve("inputs").resolve(input.name() + "_" + job.inputs().indexOf(input));
  }

  /** The node's own directory of an output. */
  public Path outputDirectory(TrainingJob job, TrainingOutput output) {
    return mountPath()
        .resolve("outputs")
        .resolve(output.name() + "_" + job.outputs().indexOf(output));
  }
}
