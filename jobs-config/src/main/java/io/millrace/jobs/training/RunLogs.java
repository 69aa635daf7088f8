package io.millrace.jobs.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.training.DaemonThreads;
import io.millrace.training.watch.RunRecord;
import io.millrace.training.watch.RunRecord.Reading;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Prints logs of a run, several at once.
 *
 * @param grep lines in which it is found are printed; empty for all
 * @param tail of each log, so many lines of those that are there at first; empty for all
 */
public record RunLogs(Reading reading, Optional<Pattern> grep, OptionalInt tail) {
  public RunLogs {
    checkArgument(tail.orElse(0) >= 0, "Invalid tail: %s (expected at least 0)", tail.orElse(0));
  }

  /** One log, with the name that stands before its lines. */
  public record Log(String name, Opening opening) {

    /** The log of a node. */
    public static Log ofWorker(RunRecord run, int node) {
      return new Log(
          "worker-" + node, (reading, lines, caughtUp) -> run.log(node, reading, lines, caughtUp));
    }

    /** The log of a process. */
    public static Log ofRank(RunRecord run, int rank) {
      return new Log(
          "rank-" + rank,
          (reading, lines, caughtUp) -> run.logOfRank(rank, reading, lines, caughtUp));
    }
  }

  /** Reads a log. */
  @FunctionalInterface
  public interface Opening {
    /** See {@link RunRecord#log(int, Reading, Consumer, Runnable)}. */
    void read(Reading reading, Consumer<String> lines, Runnable caughtUp)
        throws IOException, InterruptedException;
  }

  /**
   * Prints the logs: one after the other, or all at the same time if they are followed, a reader
   * each. Where there are several, {@code worker-0 | } stands before a line.
   *
   * @param out gets whole lines, from several threads
   */
  public void print(List<Log> logs, Consumer<String> out) throws IOException, InterruptedException {
    int width = logs.stream().mapToInt(log -> log.name().length()).max().orElse(0);
    boolean several = logs.size() > 1;
    ExecutorService readers =
        Executors.newFixedThreadPool(
            reading == Reading.TO_THE_END ? Math.max(1, logs.size()) : 1,
            DaemonThreads.named("log-reader"));
    try {
      List<Future<?>> all = new ArrayList<>();
      for (Log log : logs) {
        String prefix = several ? log.name() + " ".repeat(width - log.name().length()) + " | " : "";
        Selection selection = new Selection(line -> out.accept(prefix + line));
        all.add(
            readers.submit(
                () -> {
                  log.opening().read(reading, selection::add, selection::caughtUp);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        await(each);
      }
    } finally {
      readers.shutdownNow();
      readers.awaitTermination(1, TimeUnit.SECONDS);
    }
  }

  private static void await(Future<?> reader) throws IOException, InterruptedException {
    try {
      reader.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw new IllegalStateException("A reader of logs failed", e.getCause());
    }
  }

  /** The lines of one log that are wanted. */
  private final class Selection {
    private final Consumer<String> out;
    private final Deque<String> last = new ArrayDeque<>();
    private boolean holds = tail.isPresent();

    Selection(Consumer<String> out) {
      this.out = out;
    }

    void add(String line) {
      if (grep.isPresent() && !grep.get().matcher(line).find()) {
        return;
      }
      if (!holds) {
        out.accept(line);
        return;
      }
      last.addLast(line);
      if (last.size() > tail.getAsInt()) {
        last.removeFirst();
      }
    }

    void caughtUp() {
      holds = false;
      last.forEach(out);
      last.clear();
    }
  }
}
