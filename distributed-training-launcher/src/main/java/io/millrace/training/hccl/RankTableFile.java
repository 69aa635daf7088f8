package io.millrace.training.hccl;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.training.TrainingException;
import io.millrace.training.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The file of a rank table: a cluster writes it while the first processes of a job start already,
 * so that it may be absent, cut off or incomplete at first.
 */
public record RankTableFile(Path path) {

  /** The name under which ModelArts has it. */
  public static final String NAME = "jobstart_hccl.json";

  public RankTableFile {
    requireNonNull(path, "path is null");
  }

  /**
   * Waits until the table is complete.
   *
   * @param timeout longest time
   * @param period between two looks
   * @throws TrainingException if it is not complete by then, saying what was there last, or if what
   *     is complete is no rank table, naming the field
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public RankTable await(Duration timeout, Duration period) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Look look = look();
      if (look.table().isPresent()) {
        return look.table().get();
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new TrainingException(
            "Cannot use the rank table %s: after %s seconds %s. Look why the cluster gave no devices, or wait longer."
                .formatted(path, timeout.toMillis() / 1000.0, look.why()));
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, period.toNanos())).toMillis() + 1);
    }
  }

  /**
   * Writes a table so that readers see all of it or nothing.
   *
   * @throws IOException if the directory is missing or cannot be written
   */
  public void write(RankTable table) throws IOException {
    WholeFile.replace(path, RankTableJson.write(table));
  }

  /** What was there, and why it is no table yet. */
  private record Look(Optional<RankTable> table, String why) {}

  private Look look() {
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException e) {
      return new Look(Optional.empty(), "there is no such file");
    } catch (IOException e) {
      return new Look(Optional.empty(), "it cannot be read: " + e.getMessage());
    }
    if (!text.stripTrailing().endsWith("}")) {
      return new Look(Optional.empty(), "it is cut off");
    }
    try {
      return new Look(RankTableJson.read(text), "its status is not 'completed'");
    } catch (DatasetException e) {
      throw new TrainingException(
          "Cannot use the rank table %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
