package io.millrace.jobs.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.StorageUri;
import io.millrace.jobs.training.LogFollower;
import io.millrace.training.RunHandle;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.local.LocalLauncher;
import io.millrace.training.local.PythonFinder;
import io.millrace.training.local.PythonInterpreter;
import io.millrace.training.local.PythonSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The training step of the demo: the example detector on two nodes of this machine. */
final class DemoTraining {
  /** What the example imports. */
  static final List<String> MODULES = List.of("torch", "numpy", "PIL");

  private static final int NODES = 2;
  private static final int EPOCHS = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DemoConfig config;
  private final Path detector;

  DemoTraining(DemoConfig config, Path detector) {
    this.config = config;
    this.detector = detector;
  }

  /** The directory of the model that comes with the example. */
  Path shippedModel() {
    return detector.resolve("pretrained");
  }

  /** The interpreter that a demo trains with, if there is one. */
  static PythonSearch findPython(DemoConfig config) {
    return config
        .python()
        .map(PythonFinder::preferring)
        .orElseGet(PythonFinder::onThisMachine)
        .find(MODULES);
  }

  /**
   * Trains and waits for the end.
   *
   * @param manifestDirectory of the version
   */
  TrainingResult run(
      DatasetRef version, StorageUri manifestDirectory, Path out, DemoProgress progress)
      throws IOException, InterruptedException {
    PythonSearch search = findPython(config);
    if (search.found().isEmpty()) {
      progress.found(search.explanation());
      progress.found("Or, on Debian as root, with: ./millrace demo --install");
      return TrainingResult.notRun("Did not run. " + search.explanation());
    }
    Path runs = out.resolve("runs");
    Path model = out.resolve("model");
    RunHandle handle =
        launcher(runs, search.found().get(), progress)
            .launch(TrainingRun.of(job(version, manifestDirectory, model)));
    LogFollower.awaitEnd(handle, runs, line -> epochOf(line).ifPresent(progress::found));
    return resultOf(handle.status(), model);
  }

  private static LocalLauncher launcher(
      Path runs, PythonInterpreter python, DemoProgress progress) {
    progress.found("Python " + python.version() + " (" + python.executable() + ")");
    return new LocalLauncher(LaunchSettings.of(runs), python, Clock.systemUTC());
  }

  private TrainingJob job(DatasetRef version, StorageUri manifestDirectory, Path model) {
    return TrainingJob.builder("detector", detector, "train.py")
        .input(TrainingInput.ofVersion("data_url", version, manifestDirectory))
        .output(TrainingOutput.of("train_url", StorageUri.of(model)))
        .parameter("epochs", Integer.toString(EPOCHS))
        .parameter("max_seconds", Integer.toString(config.trainingSeconds()))
        .parameter("seed", Long.toString(config.seed()))
        .nodes(NODES)
        .build();
  }

  private static TrainingResult resultOf(RunStatus status, Path model) {
    double seconds =
        Duration.between(
                    status.started().orElse(status.created()),
                    status.ended().orElse(status.created()))
                .toMillis()
            / 1000.0;
    boolean completed = status.state() == RunState.COMPLETED;
    String message =
        String.format(
            Locale.ROOT,
            "%s: %d ranks, %.1f s%s",
            status.state().displayName(),
            NODES,
            seconds,
            status.message().map(why -> ". " + why).orElse(""));
    return new TrainingResult(
        true,
        NODES,
        status.exitCode(),
        seconds,
        message,
        completed ? Optional.of(model) : Optional.empty());
  }

  /** A line about an epoch, if the script's log line is one of its JSON lines about epochs. */
  static Optional<String> epochOf(String line) {
    int start = line.indexOf('{');
    if (start < 0) {
      return Optional.empty();
    }
    try {
      JsonNode event = JSON.readTree(line.substring(start));
      return "epoch".equals(event.path("event").asText())
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "epoch %2d  loss %.3f  %.0f images/s",
                  event.path("epoch").asInt(),
                  event.path("loss").asDouble(),
                  event.path("images_per_second").asDouble()))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // A line of another form; what the script prints is up to it.
    }
  }
}
