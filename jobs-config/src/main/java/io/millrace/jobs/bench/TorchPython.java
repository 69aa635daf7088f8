package io.millrace.jobs.bench;

import io.millrace.dataset.DatasetException;
import io.millrace.training.GangProcesses;
import io.millrace.training.ShippedText;
import io.millrace.training.local.PythonInterpreter;
import io.millrace.training.local.PythonSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The Python that all contestants run, and its torchrun.
 *
 * @param torch the version of PyTorch
 * @param torchrunAsItIs whether its torchrun works; otherwise one method of it is replaced
 */
record TorchPython(PythonInterpreter interpreter, String torch, boolean torchrunAsItIs) {
  /** Prints the version of PyTorch, and whether torchrun reads the default of --redirects. */
  private static final String FACTS =
      """
      import torch
      from torch.distributed.elastic.multiprocessing.api import Std
      try:
          reads = Std.from_str("3") == Std(3) and Std.from_str("0") == Std(0)
      except Exception:
          reads = False
      print(torch.__version__, reads)
      """;

  /**
   * What a search for a Python that imports torch has found.
   *
   * @throws UnmeasurableException if no Python here imports torch
   */
  static TorchPython of(PythonSearch search) throws UnmeasurableException, IOException {
    if (search.found().isEmpty()) {
      throw new UnmeasurableException(search.explanation());
    }
    PythonInterpreter found = search.found().get();
    String[] facts = factsOf(found).strip().split(" ", -1);
    return new TorchPython(found, facts[0], facts[facts.length - 1].equals("True"));
  }

  private static String factsOf(PythonInterpreter python)
      throws UnmeasurableException, IOException {
    try {
      return CommandProcess.run(List.of(python.executable().toString(), "-c", FACTS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatasetException("The benchmark was interrupted.", e);
    }
  }

  Path executable() {
    return interpreter.executable();
  }

  /** Starts torchrun; its arguments follow. */
  List<String> torchrun() {
    if (torchrunAsItIs) {
      return List.of(executable().toString(), "-m", "torch.distributed.run");
    }
    return List.of(
        executable().toString(),
        "-c",
        ShippedText.of(GangProcesses.class, "torch_redirects.py")
            + "from torch.distributed import run\nrun.main()\n");
  }

  @Override
  public String toString() {
    return "torch %s, Python %s%s"
        .formatted(
            torch,
            interpreter.version(),
            torchrunAsItIs
                ? ""
                : ", torchrun with its reading of --redirects replaced, else it dies");
  }
}
