package io.millrace.jobs.cli;

import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.jobs.training.LogFollower;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.jobs.training.TrainingJobFile;
import io.millrace.training.Framework;
import io.millrace.training.RunHandle;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.local.LocalLauncher;
import io.millrace.training.local.PythonFinder;
import io.millrace.training.local.PythonInterpreter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace train submit}. */
@Command(
    name = "submit",
    sortOptions = false,
    description = "Start a job on this machine and wait for its end; Ctrl-C stops it.")
final class TrainSubmitCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @ParentCommand TrainCommand train;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "The job as YAML, with our keys or those of ModelArts' ma-cli (train.yaml); options go"
              + " before what it says.")
  Path file;

  @ArgGroup(validate = false, heading = "%nWhat to run:%n")
  TrainCodeOptions code = new TrainCodeOptions();

  @ArgGroup(validate = false, heading = "%nData and settings of the script:%n")
  TrainDataOptions data = new TrainDataOptions();

  @ArgGroup(validate = false, heading = "%nNodes and processes:%n")
  TrainResourceOptions resources = new TrainResourceOptions();

  @ArgGroup(validate = false, heading = "%nLife of the run:%n")
  TrainLifeOptions life = new TrainLifeOptions();

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "From SIGTERM to SIGKILL when a run is stopped (default: 30).")
  int graceSeconds;

  @Option(
      names = "--sync-period",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Between two looks at the outputs while the job runs (default: 5).")
  int syncSeconds;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "The interpreter (default: the first of python3 on the PATH and /usr/bin/python3 that"
              + " imports the framework).")
  String python;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TrainingDraft draft =
        file == null ? new TrainingDraft() : TrainingJobFile.read(file, this::ofVersion);
    code.sayTo(draft);
    data.sayTo(draft, this::ofVersion);
    resources.sayTo(draft);
    life.sayTo(draft);
    TrainingJob job = draft.toJob();
    PythonInterpreter interpreter =
        Optional.ofNullable(python)
            .map(PythonFinder::preferring)
            .orElseGet(PythonFinder::onThisMachine)
            .find(modules(job.framework()))
            .require();
    LaunchSettings settings =
        LaunchSettings.of(train.runs)
            .withGrace(Duration.ofSeconds(graceSeconds))
            .withSyncPeriod(Duration.ofSeconds(syncSeconds))
            .withStorage(new StoresByAddress());
    RunHandle run =
        new LocalLauncher(settings, interpreter, Clock.systemUTC()).launch(TrainingRun.of(job));
    Console console = train.millrace.options.console(spec);
    console.line("Started " + run.run().displayName());
    List<String> unused = unused(job);
    if (!unused.isEmpty()) {
      console.line("Kept, but without meaning on this machine: " + String.join(", ", unused));
    }
    LogFollower.awaitEnd(run, train.runs, console::line);
    return TrainCommand.report(run.run(), run.status(), console);
  }

  private static List<String> modules(Framework framework) {
    return switch (framework) {
      case PYTORCH -> List.of("torch");
      case MINDSPORE -> List.of("mindspore");
      case CUSTOM -> List.of();
    };
  }

  /** What a cluster or a container would heed. */
  private static List<String> unused(TrainingJob job) {
    List<String> unused = new ArrayList<>();
    job.algorithm().image().ifPresent(image -> unused.add("image " + image));
    job.resources().flavor().ifPresent(flavor -> unused.add("flavor " + flavor));
    job.resources().pool().ifPresent(pool -> unused.add("pool " + pool));
    if (job.resources().priority() != 1) {
      unused.add("priority " + job.resources().priority());
    }
    job.cloudSettings().forEach((key, value) -> unused.add(key + " " + value));
    return unused;
  }

  private TrainingInput ofVersion(String input, DatasetRef ref) {
    DatasetCatalog catalog = train.millrace.options.catalog();
    DatasetVersion version = catalog.history(ref.dataset()).resolve(ref);
    return TrainingInput.ofVersion(
        input,
        DatasetRef.of(ref.dataset(), version.name()),
        catalog.find(ref.dataset()).annotation(version.name()));
  }
}
