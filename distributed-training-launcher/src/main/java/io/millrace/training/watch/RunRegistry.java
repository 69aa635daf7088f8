package io.millrace.training.watch;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.LocalObjectStore;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.training.FileTree;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingException;
import io.millrace.training.TrainingJobJson;
import io.millrace.training.TrainingOutput;
import io.millrace.training.TrainingRun;
import io.millrace.training.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs below a directory. Several processes may use it at once; none needs to be the one that
 * launched the runs.
 */
public final class RunRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(RunRegistry.class);

  /** A file lock excludes other processes, not other threads of this one. */
  private static final Object REGISTRATION = new Object();

  private final Path root;

  private RunRegistry(Path root) {
    this.root = root;
  }

  /** The registry kept in that directory, which need not exist yet. */
  public static RunRegistry at(Path root) {
    return new RunRegistry(root.toAbsolutePath().normalize());
  }

  /** All runs, the one created last first. Directories that hold no run are left out. */
  public List<RunRecord> list() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<RunRecord> runs = new ArrayList<>();
    try (Stream<Path> children = Files.list(root)) {
      for (Path child : children.toList()) {
        RunDirectory directory = new RunDirectory(child);
        if (Files.exists(directory.specFile())) {
          try {
            runs.add(RunRecord.read(directory));
          } catch (IOException | DatasetException e) {
            LOG.warn("Left out {}, which cannot be read: {}", child, e.getMessage());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the training runs in " + root, e);
    }
    runs.sort(Comparator.comparing((RunRecord each) -> each.status().created()).reversed());
    return runs;
  }

  /**
   * One run.
   *
   * @param name its id, its job's name with the id, or the job's name alone for its latest run
   * @throws TrainingException if there is none, naming those there are
   */
  public RunRecord find(String name) {
    List<RunRecord> runs = list();
    List<Predicate<TrainingRun>> meanings =
        List.of(
            run -> run.id().value().equals(name),
            run -> run.displayName().equals(name),
            run -> run.job().name().equals(name));
    for (Predicate<TrainingRun> meaning : meanings) {
      for (RunRecord each : runs) {
        if (meaning.test(each.run())) {
          return each;
        }
      }
    }
    String known =
        runs.stream()
            .limit(10)
            .map(each -> each.run().displayName())
            .collect(Collectors.joining(", "));
    throw new TrainingException(
        "Cannot find training run '%s' in %s: %s."
            .formatted(name, root, known.isEmpty() ? "there is none" : "there are " + known));
  }

  /**
   * As {@link #delete(RunRecord, ObjectStore)}, for a run whose log-url, if it has one, is local.
   */
  public void delete(RunRecord run) throws IOException {
    delete(run, new LocalObjectStore());
  }

  /**
   * Removes a run with its logs, and with their copy at its log-url unless that is to be kept for
   * ever; outputs stay. Where the copy cannot be removed, nothing is.
   *
   * @param storage serves the job's log-url if that is not local
   * @throws TrainingException if the run is not over
   */
  public void delete(RunRecord run, ObjectStore storage) throws IOException {
    RunRecord now = run.refreshed();
    if (!now.status().state().isTerminal()) {
      throw new TrainingException(
          "Cannot delete %s: it is %s. Stop it first."
              .formatted(run.run().displayName(), now.status().state().displayName()));
    }
    Optional<LogCopy> logs = LogCopy.of(run.run());
    if (logs.isPresent()) {
      logs.get().removeWithRun(storage);
    }
    FileTree.delete(run.directory().root());
    LOG.info("Deleted training run {}", run.run().displayName());
  }

  /**
   * Makes the directory of a new run, unless another run that is not over writes to one of its
   * outputs.
   *
   * @throws TrainingException naming each output in use and its run
   */
  public RunDirectory register(TrainingRun run, StateFile state) throws IOException {
    Files.createDirectories(root);
    synchronized (REGISTRATION) {
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IllegalStateException("Lost the lock of " + root);
        }
        List<String> problems = outputsInUse(run);
        if (!problems.isEmpty()) {
          throw TrainingException.cannotStart(run.job().name(), problems);
        }
        RunDirectory directory = RunDirectory.of(root, run);
        Files.createDirectory(directory.root());
        Files.createDirectory(directory.logDirectory());
        state.write(directory.stateFile());
        WholeFile.replace(directory.specFile(), TrainingJobJson.encode(run));
        return directory;
      }
    }
  }

  /** The outputs of a run that another one, not over yet, writes to; a sentence each. */
  public List<String> outputsInUse(TrainingRun run) {
    List<String> problems = new ArrayList<>();
    for (RunRecord other : list()) {
      RunStatus status = other.status();
      if (status.state().isTerminal()) {
        continue;
      }
      for (TrainingOutput mine : run.job().outputs()) {
        for (TrainingOutput theirs : other.run().job().outputs()) {
          if (overlap(mine.location(), theirs.location())) {
            problems.add(
                "Output %s (%s) is in use by run %s, which is %s. Stop that run or give another directory."
                    .formatted(
                        mine.name(),
                        mine.location(),
                        other.run().displayName(),
                        status.state().displayName()));
          }
        }
      }
    }
    return problems;
  }

  private static boolean overlap(StorageUri one, StorageUri other) {
    return one.isSameOrBelow(other) || other.isSameOrBelow(one);
  }
}
