package io.millrace.jobs.bench;

import io.millrace.training.local.PythonSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The figures of training; see its rows' subjects. All jobs have two ranks on this machine. */
final class TrainBenchmark {
  private static final int RANKS = 2;
  private static final long STEPS = 300;
  private static final long WARM_UP_STEPS = 50;
  private static final long LINES = 2_000_000;
  private static final int LINE_BYTES = 100;

  /** How long a job runs until the memory of its launcher is looked at. */
  private static final double SETTLING_SECONDS = 3;

  /** Torchrun looks at its processes this often. */
  private static final double TORCHRUN_PERIOD_SECONDS = 5;

  /** Rounds that differ by more than this cannot tell whether a goal of 2 % is met. */
  private static final double STEP_TOLERANCE = 0.02;

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofMillis(5);

  private static final BenchSubject FIRST_LINE =
      new BenchSubject(
          "first-line",
          "from the launch in a warm Java to the first line of both ranks, times the time of",
          "torchrun --nproc_per_node=2",
          Goal.atMost(0.8));
  private static final BenchSubject FIRST_LINE_COMMAND =
      new BenchSubject(
          "first-line-command",
          "from the command train submit to the first line of both ranks, times the time of",
          "torchrun --nproc_per_node=2",
          Goal.atMost(0.8));
  private static final BenchSubject FIRST_REDUCE =
      new BenchSubject(
          "first-reduce",
          "from the launch in a warm Java to the end of the first all-reduce, times the time of",
          "torchrun --nproc_per_node=2",
          Goal.NONE);
  private static final BenchSubject STEP_TORCHRUN =
      new BenchSubject(
          "step-vs-torchrun",
          "time of a training step, DDP on gloo, times that of",
          "the same below torchrun",
          Goal.between(1 - STEP_TOLERANCE, 1 + STEP_TOLERANCE));
  private static final BenchSubject STEP_PLAIN =
      new BenchSubject(
          "step-vs-plain",
          "time of a training step, DDP on gloo, times that of",
          "the same in plain processes",
          Goal.between(1 - STEP_TOLERANCE, 1 + STEP_TOLERANCE));
  private static final BenchSubject MEMORY =
      new BenchSubject(
          "launcher-memory",
          "resident memory of train submit and its supervisors, times that of",
          "torchrun's agent",
          Goal.atMost(1));
  private static final BenchSubject LOG =
      new BenchSubject(
          "log-200-mb",
          "one rank prints 200 MB in lines of 100 bytes, times the time of",
          "python script > file",
          Goal.NONE);
  private static final BenchSubject KILL =
      new BenchSubject(
          "kill-to-end",
          "from SIGKILL of a rank to the end of all processes, times the time of",
          "torchrun, which looks every 5 s unless told otherwise",
          Goal.atMost(1));
  private static final List<BenchSubject> SUBJECTS =
      List.of(
          FIRST_LINE,
          FIRST_LINE_COMMAND,
          FIRST_REDUCE,
          STEP_TORCHRUN,
          STEP_PLAIN,
          MEMORY,
          LOG,
          KILL);

  private final BenchRun bench;
  private final BenchConfig config;
  private final Supplier<PythonSearch> search;

  /**
   * @param search for a Python that imports torch; without one no row can be measured
   */
  TrainBenchmark(BenchConfig config, BenchProgress progress, Supplier<PythonSearch> search) {
    this.bench = new BenchRun(config, progress, SUBJECTS);
    this.config = config;
    this.search = search;
  }

  /** Measures the rows that were asked for, in the order above. */
  List<BenchRow> run() {
    return bench.rows(
        directory -> {
          bench.doing("Looking for a Python that imports torch");
          TorchPython python;
          try {
            python = TorchPython.of(search.get());
          } catch (UnmeasurableException e) {
            return SUBJECTS.stream()
                .map(subject -> BenchRow.unmeasured(subject, e.getMessage()))
                .toList();
          }
          List<BenchRow> rows = new ArrayList<>();
          measurements(python, directory)
              .forEach(
                  (subject, measurement) -> {
                    if (bench.isAsked(subject)) {
                      rows.add(bench.measure(subject, measurement));
                    }
                  });
          return rows;
        });
  }

  private Map<BenchSubject, BenchRun.Measurement> measurements(TorchPython python, Path directory) {
    RankStarter ours = job -> RunRanks.start(job, python.interpreter());
    RankStarter command = job -> ProcessRanks.ofCommand(job, python);
    RankStarter torchrun = job -> ProcessRanks.ofTorchrun(job, python);
    RankStarter byHand = job -> ProcessRanks.byHand(job, python);
    Duels duels = new Duels(python, directory);
    Map<BenchSubject, BenchRun.Measurement> rows = new LinkedHashMap<>();
    rows.put(FIRST_LINE, () -> duels.times(FIRST_LINE, RankTask.FIRST_LINE_ONLY, ours, torchrun));
    rows.put(
        FIRST_LINE_COMMAND,
        () -> duels.times(FIRST_LINE_COMMAND, RankTask.FIRST_LINE_ONLY, command, torchrun));
    rows.put(FIRST_REDUCE, () -> duels.times(FIRST_REDUCE, RankTask.FIRST_REDUCE, ours, torchrun));
    rows.put(STEP_TORCHRUN, () -> duels.steps(STEP_TORCHRUN, ours, torchrun));
    rows.put(STEP_PLAIN, () -> duels.steps(STEP_PLAIN, ours, byHand));
    rows.put(MEMORY, duels::memory);
    rows.put(LOG, () -> duels.log(ours, byHand));
    rows.put(KILL, () -> duels.kill(ours, torchrun));
    return rows;
  }

  /** A figure of a job whose ranks have all left theirs. */
  @FunctionalInterface
  private interface Figure {
    /**
     * Takes it while the job may still run.
     *
     * @param start when the contestant was told to start it, in seconds since 1970
     */
    double of(double start, StartedRanks started, List<RankMark> left) throws Exception;
  }

  /** The duels with one Python, in one directory. */
  private final class Duels {
    private final TorchPython python;
    private final Path directory;
    private int jobs;

    Duels(TorchPython python, Path directory) {
      this.python = python;
      this.directory = directory;
    }

    /** Of tasks whose ranks leave a time: from the start to that of the later rank. */
    BenchRow times(BenchSubject subject, RankTask task, RankStarter ours, RankStarter theirs)
        throws Exception {
      Figure figure = (start, started, left) -> RankMark.last(left) - start;
      Duel duel =
          bench.fight(
              () -> round(ours, task, RANKS, 1, figure),
              () -> round(theirs, task, RANKS, 1, figure));
      return BenchRow.measured(subject, duel.share(), "%s; %s".formatted(duel, python));
    }

    BenchRow steps(BenchSubject subject, RankStarter ours, RankStarter theirs) throws Exception {
      long steps = config.scaled(STEPS);
      Figure figure = (start, started, left) -> RankMark.last(left) * steps;
      Duel duel =
          bench.fight(
              () -> round(ours, RankTask.STEPS, RANKS, steps, figure),
              () -> round(theirs, RankTask.STEPS, RANKS, steps, figure));
      return BenchRow.measured(
          subject,
          duel.share(),
          "%s for %s steps; %s; %s".formatted(duel, steps, noise(duel), python));
    }

    /** What can be told of a goal of 2 %. */
    private static String noise(Duel duel) {
      double spread = Math.max(duel.ours().spread(), duel.theirs().spread());
      String told =
          String.format(Locale.ROOT, "rounds of one contestant differ by %.1f %%", spread * 100);
      return spread > STEP_TOLERANCE
          ? told + ", more than the goal allows, so that this machine cannot tell it now"
          : told;
    }

    BenchRow memory() throws Exception {
      List<List<ResidentMemory>> mine = new ArrayList<>();
      List<List<ResidentMemory>> others = new ArrayList<>();
      Duel duel =
          bench.fight(
              () -> memoryOf(job -> ProcessRanks.ofCommand(job, python), mine),
              () -> memoryOf(job -> ProcessRanks.ofTorchrun(job, python), others));
      return BenchRow.measured(
          MEMORY,
          duel.share(),
          String.format(
              Locale.ROOT,
              "ours %.0f MB (the last time %s), theirs %.0f MB (%s); %s",
              duel.ours().median(),
              described(mine),
              duel.theirs().median(),
              described(others),
              python));
    }

    private double memoryOf(CommandStarter starter, List<List<ResidentMemory>> looks)
        throws Exception {
      ProcessRanks[] command = new ProcessRanks[1];
      return round(
          job -> {
            command[0] = starter.start(job);
            return command[0];
          },
          RankTask.WAIT,
          RANKS,
          1,
          (start, started, left) -> {
            sleep(SETTLING_SECONDS * config.scale());
            looks.add(
                ResidentMemory.ofLauncher(
                    command[0].launcher(),
                    left.stream().map(RankMark::pid).collect(Collectors.toSet())));
            return looks.get(looks.size() - 1).stream()
                .mapToDouble(ResidentMemory::megabytes)
                .sum();
          });
    }

    private static String described(List<List<ResidentMemory>> looks) {
      return looks.get(looks.size() - 1).stream()
          .map(ResidentMemory::toString)
          .collect(Collectors.joining(" + "));
    }

    BenchRow log(RankStarter ours, RankStarter theirs) throws Exception {
      long lines = Math.max(100, config.scaled(LINES));
      Figure figure =
          (start, started, left) -> {
            awaitEnd(started);
            return now() - RankMark.last(left);
          };
      Duel duel =
          bench.fight(
              () -> round(ours, RankTask.LINES, 1, lines, figure),
              () -> round(theirs, RankTask.LINES, 1, lines, figure));
      return BenchRow.measured(
          LOG,
          duel.share(),
          String.format(
              Locale.ROOT,
              "%s; %.0f and %.0f MB/s; ours writes them twice, to the log of the process and to that of its node",
              duel,
              lines * LINE_BYTES / 1e6 / duel.ours().median(),
              lines * LINE_BYTES / 1e6 / duel.theirs().median()));
    }

    BenchRow kill(RankStarter ours, RankStarter theirs) throws Exception {
      int[] mine = {0};
      int[] other = {0};
      Duel duel = bench.fight(() -> killed(ours, mine[0]++), () -> killed(theirs, other[0]++));
      return BenchRow.measured(KILL, duel.share(), "%s; %s".formatted(duel, python));
    }

    /** Rounds are spread over the time between two of torchrun's looks. */
    private double killed(RankStarter starter, int round) throws Exception {
      double share = (round % config.rounds() + 0.5) / config.rounds();
      return round(
          starter,
          RankTask.WAIT,
          RANKS,
          1,
          (start, started, left) -> {
            sleep(TORCHRUN_PERIOD_SECONDS * config.scale() * share);
            double begin = now();
            ProcessHandle.of(left.get(RANKS - 1).pid()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(started);
            return now() - begin;
          });
    }

    /** Starts a job, waits until its ranks have left their figures, and ends it. */
    private double round(RankStarter starter, RankTask task, int ranks, long count, Figure figure)
        throws Exception {
      RankJob job =
          new RankJob(
              task,
              ranks,
              count,
              config.scaled(WARM_UP_STEPS),
              config.seed(),
              directory.resolve("job-" + jobs++));
      job.prepare();
      double start = now();
      double value;
      try (StartedRanks started = starter.start(job)) {
        value = figure.of(start, started, awaitLeft(job, started));
      }
      BenchRun.delete(job.home());
      return value;
    }
  }

  /** Starts a command that starts the ranks. */
  @FunctionalInterface
  private interface CommandStarter {
    ProcessRanks start(RankJob job) throws IOException;
  }

  private static List<RankMark> awaitLeft(RankJob job, StartedRanks started)
      throws IOException, InterruptedException, UnmeasurableException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean over = started.isOver();
      Optional<List<RankMark>> left = job.left();
      if (left.isPresent()) {
        return left.get();
      }
      if (over || System.nanoTime() > deadline) {
        throw new UnmeasurableException(
            "The ranks of task %s %s: %s"
                .formatted(
                    job.task(),
                    over ? "ended without a figure" : "left no figure within " + PATIENCE,
                    started.lastWords()));
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  private static void awaitEnd(StartedRanks started)
      throws InterruptedException, UnmeasurableException {
    if (!started.awaitEnd(PATIENCE)) {
      throw new UnmeasurableException("The processes did not end within " + PATIENCE);
    }
  }

  private static void sleep(double seconds) throws InterruptedException {
    Thread.sleep(Math.round(seconds * 1000));
  }

  /** By the clock that the ranks read, too. */
  private static double now() {
    Instant now = Instant.now();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }
}
