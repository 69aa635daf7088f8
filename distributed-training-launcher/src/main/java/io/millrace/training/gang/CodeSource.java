package io.millrace.training.gang;

import io.millrace.training.CodeDirectory;
import io.millrace.training.CodeLocation;
import io.millrace.training.CodeSurvey;
import io.millrace.training.TrainingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The code of a job where it lies. */
interface CodeSource {

  /** Where that is, whatever serves it. */
  static CodeSource of(CodeLocation code, LaunchSettings settings) {
    return code.localPath()
        .<CodeSource>map(LocalCode::new)
        .orElseGet(() -> new StoredCode(code, settings));
  }

  /** Looks before the start at what would keep a job from using it, no further than the limits. */
  CodeSurvey survey(Optional<String> bootFile) throws IOException;

  /** How many copies of the code a run of so many nodes makes. */
  int copies(int nodes);

  /**
   * The code in a directory of this machine. Code that has to be fetched for that is fetched once:
   * as long as the snapshot is there, it is the code.
   *
   * @param snapshot the run's own directory for such code
   * @param isWanted false once nobody needs the code any more
   * @return empty if nobody needs it any more
   * @throws TrainingException if it cannot be fetched, saying why
   */
  Optional<CodeDirectory> bring(Path snapshot, BooleanSupplier isWanted)
      throws IOException, InterruptedException;

  /** Code in a directory of this machine, which is copied to the nodes from there. */
  record LocalCode(Path root) implements CodeSource {
    @Override
    public CodeSurvey survey(Optional<String> bootFile) throws IOException {
      return CodeDirectory.survey(root, bootFile);
    }

    @Override
    public int copies(int nodes) {
      return nodes;
    }

    @Override
    public Optional<CodeDirectory> bring(Path snapshot, BooleanSupplier isWanted)
        throws IOException {
      return Optional.of(CodeDirectory.read(root));
    }
  }
}
