package io.millrace.jobs.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Intel's Datumaro, a Python library that reads data sets of many formats, in a virtual environment
 * of its own.
 *
 * @param python the environment's interpreter
 */
record Datumaro(Path python) {
  /** The newest release of 2026 that pip gives for Python 3.11. */
  static final String VERSION = "1.13.12";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MINUTES_TO_INSTALL = 10;
  private static final int MINUTES_TO_IMPORT = 10;

  /**
   * Installs it by pip, unless it was before.
   *
   * @throws UnmeasurableException if there is no Python or no pip, or it cannot be had
   */
  static Datumaro installed(Path cache, BenchProgress progress)
      throws UnmeasurableException, IOException, InterruptedException {
    Path environment = cache.resolve("datumaro-" + VERSION);
    Path python = environment.resolve("bin").resolve("python");
    Path ready = environment.resolve("ready");
    if (!Files.exists(ready)) {
      progress.doing("Installing datumaro %s into %s".formatted(VERSION, environment));
      Files.createDirectories(cache);
      run(List.of("python3", "-m", "venv", "--clear", environment.toString()), MINUTES_TO_INSTALL);
      run(
          List.of(
              python.toString(),
              "-m",
              "pip",
              "install",
              "--quiet",
              "--disable-pip-version-check",
              "datumaro==" + VERSION),
          MINUTES_TO_INSTALL);
      Files.createFile(ready);
    }
    return new Datumaro(python);
  }

  /**
   * Imports a VOC directory.
   *
   * @return the seconds that Datumaro took, the start of Python and its imports not counted
   */
  double importVoc(Path script, Path directory, long images)
      throws UnmeasurableException, IOException, InterruptedException {
    String printed =
        run(List.of(python.toString(), script.toString(), directory.toString()), MINUTES_TO_IMPORT);
    JsonNode result = lastLine(printed);
    if (result.path("images").asLong() != images) {
      throw new UnmeasurableException(
          "Datumaro saw %s of %s images.".formatted(result.path("images").asLong(), images));
    }
    return result.path("seconds").asDouble();
  }

  /** The script that imports, written where Python can read it. */
  static Path script(Path directory) throws IOException {
    Path script = directory.resolve("datumaro_import.py");
    try (InputStream resource = Datumaro.class.getResourceAsStream("datumaro_import.py")) {
      Files.copy(resource, script);
    }
    return script;
  }

  private static JsonNode lastLine(String printed) throws UnmeasurableException {
    String[] lines = printed.strip().split("\n", -1);
    try {
      return JSON.readTree(lines[lines.length - 1]);
    } catch (JsonProcessingException e) {
      throw new UnmeasurableException("Datumaro printed no result: " + lines[lines.length - 1]);
    }
  }

  /** What a command prints on standard output. */
  private static String run(List<String> command, int minutes)
      throws UnmeasurableException, IOException, InterruptedException {
    Path out = Files.createTempFile("millrace-bench-", ".out");
    Path err = Files.createTempFile("millrace-bench-", ".err");
    try {
      Process process = start(command, out, err);
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new UnmeasurableException(
            "'%s' did not end within %s minutes.".formatted(String.join(" ", command), minutes));
      }
      if (process.exitValue() != 0) {
        throw new UnmeasurableException(
            "'%s' ended with exit code %s: %s"
                .formatted(
                    String.join(" ", command), process.exitValue(), lastWords(err).orElse("")));
      }
      return Files.readString(out);
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  private static Process start(List<String> command, Path out, Path err)
      throws UnmeasurableException {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(out.toFile())
          .redirectError(err.toFile())
          .start();
    } catch (IOException e) {
      throw new UnmeasurableException(
          "Cannot start '%s': %s. Install Python 3.10 or later with venv and pip."
              .formatted(command.get(0), e.getMessage()));
    }
  }

  private static Optional<String> lastWords(Path file) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1));
  }
}
