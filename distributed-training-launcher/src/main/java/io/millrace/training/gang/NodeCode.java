package io.millrace.training.gang;

import io.millrace.training.CodeDirectory;
import io.millrace.training.NodeLayout;
import io.millrace.training.TrainingJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Brings the code of a job to its nodes, in one attempt. */
final class NodeCode {
  private final TrainingJob job;
  private final List<NodeLayout> nodes;
  private final Optional<CodeSource> source;
  private final Path snapshot;
  private final BooleanSupplier isWanted;
  private Optional<CodeDirectory> code = Optional.empty();

  /**
   * @param snapshot where the run keeps code that has to be fetched
   * @param isWanted false once the run is to end; then nothing further is brought
   */
  NodeCode(
      TrainingJob job,
      List<NodeLayout> nodes,
      LaunchSettings settings,
      Path snapshot,
      BooleanSupplier isWanted) {
    this.job = job;
    this.nodes = nodes;
    this.source = job.code().map(code -> CodeSource.of(code, settings));
    this.snapshot = snapshot;
    this.isWanted = isWanted;
  }

  /**
   * Makes a node's code directory and fills it, the first node's after the code was fetched.
   *
   * @return what was brought; empty if the job has no code, or is to end
   */
  Optional<CodeDirectory> bring(int node) throws IOException, InterruptedException {
    Path target = nodes.get(node).codeDirectory(job);
    if (source.isPresent() && code.isEmpty()) {
      code = source.get().bring(snapshot, isWanted);
    }
    if (code.isPresent()) {
      code.get().copyTo(target);
    } else {
      Files.createDirectories(target);
    }
    return code;
  }
}
