package io.millrace.training;

import java.nio.file.Path;

/**
 * The directories of one node, laid out below its home as in a ModelArts training container.
 *
 * @param home stands for {@code /home/ma-user}
 * @param logDirectory where logs of the run are kept
 */
public record NodeLayout(Path home, Path logDirectory) {

  /** Code, inputs and outputs lie below it. */
  public Path mountPath() {
    return home.resolve("modelarts");
  }

  /** The parent of the code directory. */
  public Path jobDirectory() {
    return mountPath().resolve("user-job-dir");
  }

  /** The node's own copy of the job's code; its processes are started there. */
  public Path codeDirectory(TrainingJob job) {
    Path name = job.codeDirectory().getFileName();
    return jobDirectory().resolve(name == null ? "code" : name.toString());
  }

  /** The node's own directory of an output. */
  public Path outputDirectory(TrainingJob job, TrainingOutput output) {
    return mountPath()
        .resolve("outputs")
        .resolve(output.name() + "_" + job.outputs().indexOf(output));
  }
}
