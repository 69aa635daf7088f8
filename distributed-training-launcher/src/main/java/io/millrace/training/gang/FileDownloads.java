package io.millrace.training.gang;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.StorageUri;
import io.millrace.training.DaemonThreads;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Copies many files to this machine, several at a time, and each once more if it could not be read.
 * The first failure ends them all; files that are missing are collected.
 */
final class FileDownloads implements AutoCloseable {
  /** More connections than this rarely make a node faster. */
  private static final int AT_A_TIME = 8;

  /** Enough to keep the threads busy while the next ones are found. */
  private static final int WAITING = 64;

  private static final int MOST_NAMED = 10;
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * What was copied.
   *
   * @param firstMissing some of the files that there are not
   */
  record Result(long files, long bytes, long missing, List<StorageUri> firstMissing) {}

  private final LaunchSettings settings;
  private final BooleanSupplier isWanted;
  private final ThreadPoolExecutor threads;
  private final List<StorageUri> firstMissing = new ArrayList<>();
  private long files;
  private long bytes;
  private long missing;
  private IOException failure;
  private boolean isClosed;

  /**
   * @param isWanted false once nobody needs the files any more; then nothing further is copied
   */
  FileDownloads(LaunchSettings settings, BooleanSupplier isWanted) {
    this.settings = settings;
    this.isWanted = isWanted;
    this.threads =
        new ThreadPoolExecutor(
            AT_A_TIME,
            AT_A_TIME,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            DaemonThreads.named("download"),
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /**
   * Copies a file soon.
   *
   * @param size what it has to have, if that is known
   */
  void add(StorageUri source, OptionalLong size, Path target) {
    threads.execute(() -> copy(source, size, target));
  }

  /**
   * Waits for all of them.
   *
   * @throws IOException the first failure
   */
  Result finish() throws IOException, InterruptedException {
    threads.shutdown();
    while (!threads.awaitTermination(1, TimeUnit.HOURS)) {
      // A terabyte takes longer.
    }
    synchronized (this) {
      if (failure != null) {
        throw failure;
      }
      return new Result(files, bytes, missing, List.copyOf(firstMissing));
    }
  }

  /** Gives up what is left and waits until nothing is written any more. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(StorageUri source, OptionalLong size, Path target) {
    if (!goesOn()) {
      return;
    }
    try {
      note(copyTwice(source, size, target));
    } catch (FileNotFoundException e) {
      noteMissing(source);
    } catch (IOException e) {
      note(e);
    } catch (UncheckedIOException e) {
      note(e.getCause());
    } catch (DatasetException e) {
      note(new IOException(e.getMessage(), e));
    } catch (RuntimeException e) {
      note(new IOException("Cannot read %s: %s".formatted(source, e), e));
    }
  }

  private long copyTwice(StorageUri source, OptionalLong size, Path target) throws IOException {
    try {
      return copyOnce(source, size, target);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      if (!goesOn()) {
        throw e;
      }
      return copyOnce(source, size, target);
    }
  }

  private long copyOnce(StorageUri source, OptionalLong size, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    long copied =
        source.localPath().isPresent()
            ? copyFile(source.localPath().get(), target)
            : copyObject(source, target);
    if (goesOn() && size.isPresent() && copied != size.getAsLong()) {
      throw new IOException(
          "Cannot read %s: it gave %d bytes and has %d; it was changed meanwhile, or the connection broke"
              .formatted(source, copied, size.getAsLong()));
    }
    return copied;
  }

  private static long copyFile(Path source, Path target) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new FileNotFoundException(source + " is no file");
    }
    try {
      Files.copy(
          source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      return Files.size(target);
    } catch (NoSuchFileException e) {
      if (Files.exists(source)) {
        throw e;
      }
      FileNotFoundException gone = new FileNotFoundException(source + " is gone");
      gone.initCause(e);
      throw gone;
    } catch (IOException e) {
      throw new IOException("Cannot copy %s: %s".formatted(source, e), e);
    }
  }

  private long copyObject(StorageUri source, Path target) throws IOException {
    long copied = 0;
    try (InputStream object = settings.storage().open(source);
        OutputStream file = Files.newOutputStream(target)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int count = object.read(buffer);
      while (count >= 0 && goesOn()) {
        file.write(buffer, 0, count);
        copied += count;
        count = object.read(buffer);
      }
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw why.contains(source.toString())
          ? e
          : new IOException("Cannot copy %s: %s".formatted(source, e), e);
    }
    return copied;
  }

  private synchronized boolean goesOn() {
    return failure == null && !isClosed && isWanted.getAsBoolean();
  }

  private synchronized void note(long copied) {
    files++;
    bytes += copied;
  }

  private synchronized void note(IOException e) {
    if (failure == null) {
      failure = e;
    } else if (failure != e) {
      failure.addSuppressed(e);
    }
  }

  private synchronized void noteMissing(StorageUri source) {
    missing++;
    if (firstMissing.size() < MOST_NAMED) {
      firstMissing.add(source);
    }
  }
}
