package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.delta.DatasetCatalog;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.jobs.spark.TrainingApplication;
import io.millrace.jobs.training.Backend;
import io.millrace.jobs.training.LaunchRecord;
import io.millrace.jobs.training.LogFollower;
import io.millrace.jobs.training.TrainingDraft;
import io.millrace.training.Framework;
import io.millrace.training.RunHandle;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.TrainingLauncher;
import io.millrace.training.TrainingRun;
import io.millrace.training.gang.LaunchSettings;
import io.millrace.training.kubernetes.VolcanoJobManifest;
import io.millrace.training.kubernetes.VolcanoLauncher;
import io.millrace.training.kubernetes.VolcanoSettings;
import io.millrace.training.local.LocalLauncher;
import io.millrace.training.local.PythonFinder;
import io.millrace.training.local.PythonInterpreter;
import io.millrace.training.slurm.SlurmLauncher;
import io.millrace.training.slurm.SlurmSettings;
import io.millrace.training.spark.BarrierSettings;
import io.millrace.training.watch.RunDirectory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** A command that starts a run: what it is, is up to the sub-class. */
abstract class TrainStartCommand implements Callable<Integer> {
  private static final Duration FOREVER = Duration.ofDays(365);

  @Spec CommandSpec spec;

  @ParentCommand TrainCommand train;

  @ArgGroup(validate = false, heading = "%nWhat to run:%n", order = 1)
  TrainCodeOptions code = new TrainCodeOptions();

  @ArgGroup(validate = false, heading = "%nData and settings of the script:%n", order = 2)
  TrainDataOptions data = new TrainDataOptions();

  @ArgGroup(validate = false, heading = "%nNodes and processes:%n", order = 3)
  TrainResourceOptions resources = new TrainResourceOptions();

  @ArgGroup(validate = false, heading = "%nLife of the run:%n", order = 4)
  TrainLifeOptions life = new TrainLifeOptions();

  @ArgGroup(validate = false, heading = "%nLaunch:%n", order = 5)
  TrainLaunchOptions launch = new TrainLaunchOptions();

  @ArgGroup(validate = false, heading = "%nBack end slurm:%n", order = 6)
  TrainSlurmOptions slurm = new TrainSlurmOptions();

  @ArgGroup(validate = false, heading = "%nBack end volcano:%n", order = 7)
  TrainVolcanoOptions volcano = new TrainVolcanoOptions();

  @ArgGroup(validate = false, heading = "%nBack end spark:%n", order = 8)
  TrainSparkOptions spark = new TrainSparkOptions();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "What runs the job: local, slurm, volcano or spark (default: as a job file or the former"
              + " run has it, else local).")
  String backend;

  @Option(
      names = "--detach",
      description =
          "Return as soon as the run is registered; its launcher goes on in a process of its own.")
  boolean detach;

  /** What the job is, without the options. */
  abstract TrainingDraft draft() throws IOException;

  /** How a run was started that is the model of this one. */
  abstract Optional<LaunchRecord> model() throws IOException;

  @Override
  public final Integer call() throws IOException, InterruptedException {
    return detach && !volcano.dryRun && !Detachment.isDetached() ? startDetached() : start();
  }

  private int startDetached() throws IOException, InterruptedException {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    Detachment.Outcome outcome =
        Detachment.start(arguments, train.runs, spec.commandLine().getErr());
    if (outcome instanceof Detachment.Outcome.Registered registered) {
      RunDirectory run = new RunDirectory(registered.runDirectory());
      String name = registered.runDirectory().getFileName().toString();
      Console console = train.millrace.options.console(spec);
      console.line("Started " + name);
      console.line("log: " + run.launcherLog());
      console.line(
          "Follow it with: millrace train logs %s --follow%s"
              .formatted(name, train.isUsualPlace() ? "" : " --runs " + train.runs));
      console.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("run", name)
              .put("directory", run.root().toString())
              .put("launcher_log", run.launcherLog().toString()));
      return ExitCode.DONE;
    }
    return ((Detachment.Outcome.Ended) outcome).exitCode();
  }

  private int start() throws IOException, InterruptedException {
    TrainingDraft draft = draft();
    code.sayTo(draft);
    data.sayTo(draft, this::ofVersion);
    resources.sayTo(draft);
    life.sayTo(draft);
    Backend chosen = backend(draft);
    ParseResult parsed = spec.commandLine().getParseResult();
    BackendOptionTable table = new BackendOptionTable(launch, slurm, volcano, spark);
    table.refuseOthers(chosen, parsed, draft);
    Optional<LaunchRecord> former = model().filter(each -> each.backend() == chosen);
    former.ifPresent(each -> table.preset(each.options(), parsed, draft));
    table.preset(draft.optionsOf(chosen, table.words(chosen)), parsed, draft);
    Chosen start = new Chosen(draft, chosen, table.given(chosen));
    return switch (chosen) {
      case LOCAL -> onThisMachine(start);
      case SLURM -> onSlurm(start);
      case VOLCANO -> onVolcano(start);
      case SPARK -> onSpark(start);
    };
  }

  private record Chosen(TrainingDraft draft, Backend backend, Map<String, List<String>> options) {
    OptionTexts texts() {
      return new OptionTexts(draft);
    }
  }

  private Backend backend(TrainingDraft draft) throws IOException {
    Optional<Backend> said = draft.backend();
    Optional<Backend> former = model().map(LaunchRecord::backend);
    OptionTexts texts = new OptionTexts(draft);
    return texts
        .make(backend, Backend::parse)
        .or(() -> said)
        .or(() -> former)
        .orElse(Backend.LOCAL);
  }

  private int onThisMachine(Chosen start) throws IOException, InterruptedException {
    LaunchSettings settings = launch.settings(train.runs, start.texts());
    TrainingJob job = start.draft().toJob();
    PythonInterpreter interpreter =
        Optional.ofNullable(launch.python)
            .map(PythonFinder::preferring)
            .orElseGet(PythonFinder::onThisMachine)
            .find(modules(job.framework()))
            .require();
    return run(start, job, new LocalLauncher(settings, interpreter, Clock.systemUTC()));
  }

  private int onSlurm(Chosen start) throws IOException, InterruptedException {
    LaunchSettings settings = launch.settings(train.runs, start.texts());
    SlurmSettings nodes = slurm.settings(launch.python, start.texts());
    TrainingJob job = start.draft().toJob();
    SlurmSettings ofJob = TrainSlurmOptions.forJob(nodes, job);
    return run(start, job, new SlurmLauncher(settings, ofJob, Clock.systemUTC()));
  }

  private int onVolcano(Chosen start) throws IOException, InterruptedException {
    VolcanoSettings settings = volcano.settings(train.runs, launch, start.texts());
    TrainingJob job = start.draft().toJob();
    VolcanoSettings ofJob = volcano.forJob(settings, job);
    if (volcano.dryRun) {
      return print(VolcanoJobManifest.of(TrainingRun.of(job), ofJob));
    }
    return run(start, job, new VolcanoLauncher(ofJob, volcano.access(), Clock.systemUTC()));
  }

  private int print(VolcanoJobManifest manifest) {
    Console console = train.millrace.options.console(spec);
    manifest.yaml().lines().forEach(console::line);
    console.json(JsonNodeFactory.instance.objectNode().put("yaml", manifest.yaml()));
    return ExitCode.DONE;
  }

  private int onSpark(Chosen start) throws IOException, InterruptedException {
    LaunchSettings settings = launch.settings(train.runs, start.texts());
    BarrierSettings nodes = spark.settings(launch.python, slurm.cpusPerNode, start.texts());
    Optional<Map<String, String>> configuration =
        start
            .texts()
            .attempt(
                Optional.empty(),
                none -> Optional.of(OptionTexts.pairs("spark-conf", spark.configuration)));
    TrainingJob job = start.draft().toJob();
    try (TrainingApplication application =
        TrainingApplication.start(
            Optional.ofNullable(spark.master), configuration.orElse(Map.of()))) {
      BarrierSettings ofJob = TrainSparkOptions.forJob(nodes, job);
      return run(start, job, application.launcher(settings, ofJob, Clock.systemUTC()));
    }
  }

  private int run(Chosen start, TrainingJob job, TrainingLauncher launcher)
      throws IOException, InterruptedException {
    RunHandle run = launcher.launch(TrainingRun.of(job));
    RunDirectory directory = RunDirectory.of(train.runs.toAbsolutePath().normalize(), run.run());
    new LaunchRecord(start.backend(), start.options()).write(directory);
    Detachment.tell(directory);
    Console console = train.millrace.options.console(spec);
    console.line("Started " + run.run().displayName());
    List<String> unheeded = UnheededSettings.of(job, start.backend());
    if (!unheeded.isEmpty()) {
      console.line(
          "Kept, but without meaning %s: %s"
              .formatted(UnheededSettings.place(start.backend()), String.join(", ", unheeded)));
    }
    if (Detachment.isDetached()) {
      run.awaitTerminal(FOREVER);
    } else {
      LogFollower.awaitEnd(run, train.runs, console::line);
    }
    return TrainCommand.report(run.run(), run.status(), console);
  }

  private static List<String> modules(Framework framework) {
    return switch (framework) {
      case PYTORCH -> List.of("torch");
      case MINDSPORE -> List.of("mindspore");
      case CUSTOM -> List.of();
    };
  }

  /** The input that a version of a dataset is. */
  final TrainingInput ofVersion(String input, DatasetRef ref) {
    DatasetCatalog catalog = train.millrace.options.catalog();
    DatasetVersion version = catalog.history(ref.dataset()).resolve(ref);
    return TrainingInput.ofVersion(
        input,
        DatasetRef.of(ref.dataset(), version.name()),
        catalog.find(ref.dataset()).annotation(version.name()));
  }
}
