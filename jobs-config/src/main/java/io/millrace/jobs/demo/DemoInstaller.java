package io.millrace.jobs.demo;

import io.millrace.dataset.DatasetException;
import io.millrace.jobs.cli.Console;
import io.millrace.training.local.PythonSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Gets a Python with torch from Debian's packages. */
public final class DemoInstaller {
  private static final Path APT_GET = Path.of("/usr/bin/apt-get");
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of(APT_GET.toString(), "update", "-qq"),
          List.of(
              APT_GET.toString(),
              "install",
              "-y",
              "-qq",
              "--no-install-recommends",
              "python3",
              "python3-torch",
              "python3-numpy",
              "python3-pil"));

  private DemoInstaller() {}

  /**
   * Installs what the demo's training imports, unless a Python has it already.
   *
   * @throws DatasetException where this is no Debian, or not root, or the installation fails
   */
  public static void installWhereMissing(DemoConfig config, Console console)
      throws IOException, InterruptedException {
    if (DemoTraining.findPython(config).found().isPresent()) {
      return;
    }
    if (!Files.isExecutable(APT_GET)) {
      throw new DatasetException(
          "Cannot install torch: --install knows Debian's apt-get only, and there is none here. Get torch, numpy and pillow for a Python yourself and name it with --python.");
    }
    console.line("Installing Python with torch (some 200 MB to fetch) ...");
    for (List<String> command : COMMANDS) {
      ProcessBuilder process = new ProcessBuilder(command).inheritIO();
      process.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      process.environment().put("DEBIAN_FRONTEND", "noninteractive");
      int exitCode = process.start().waitFor();
      if (exitCode != 0) {
        throw new DatasetException(
            "Cannot install torch: '%s' ended with exit code %d. Run it as root, or get torch, numpy and pillow for a Python yourself and name it with --python."
                .formatted(String.join(" ", command), exitCode));
      }
    }
    PythonSearch search = DemoTraining.findPython(config);
    if (search.found().isEmpty()) {
      throw new DatasetException(search.explanation());
    }
    console.line("Installed torch for " + search.found().get().executable());
  }
}
