package io.millrace.training.hang;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * What Linux counts of processes, read from {@code /proc}: {@code PID/io}, {@code PID/status},
 * {@code PID/stat} and {@code PID/task/PID/stat} of the main thread (proc(5)).
 *
 * <p>{@code PID/io} counts what goes through read and write, be it a file, a pipe or a socket, but
 * neither send and recv on sockets nor memory mapped files. The I/O of a process of another user is
 * hidden; such a process counts with its CPU time alone.
 */
public final class LinuxVitals {
  /** {@code PID/stat} counts in 1/100 s on every architecture that Java 17 runs on. */
  private static final int TICKS_PER_SECOND = 100;

  private static final Set<String> IO_COUNTERS = Set.of("rchar:", "wchar:", "syscr:", "syscw:");

  private static final int STATE = 0;
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  /** Reads files of a process, be it on this machine or on another. */
  public interface ProcessFiles {
    /** The text of {@code /proc/PROCESS/FILE}; empty for a process that has ended or hides it. */
    String read(long process, String file);
  }

  private final Path proc;

  /**
   * @param proc where the process file system is mounted
   */
  public LinuxVitals(Path proc) {
    this.proc = requireNonNull(proc, "proc is null");
  }

  /** Of the machine that this JVM runs on. */
  public static LinuxVitals ofThisMachine() {
    return new LinuxVitals(Path.of("/proc"));
  }

  /** Why nothing can be read here; empty if it can. */
  public Optional<String> problem() {
    Path own = proc.resolve("self").resolve("io");
    try {
      Files.readAllBytes(own);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("%s cannot be read".formatted(own));
    }
  }

  /**
   * The processes of one rank, taken together.
   *
   * @param processes their numbers; those that have ended meanwhile are left out
   * @return empty if none is left
   */
  public Optional<Vitals> of(Collection<Long> processes) {
    return of(processes, this::read);
  }

  /** As {@link #of(Collection)}, of processes whose files are read in another way. */
  public static Optional<Vitals> of(Collection<Long> processes, ProcessFiles files) {
    long io = 0;
    long ticks = 0;
    long mainTicks = 0;
    boolean any = false;
    Vitals.Posture posture = Vitals.Posture.FREE;
    for (long process : processes) {
      String[] stat = stat(files, process, "stat");
      if (stat.length <= SYSTEM_TIME || stat[STATE].equals("Z") || stat[STATE].equals("X")) {
        continue;
      }
      any = true;
      io += io(files, process);
      ticks += ticks(stat);
      mainTicks += ticks(stat(files, process, "task/" + process + "/stat"));
      if (stat[STATE].equals("T")) {
        posture = Vitals.Posture.STOPPED;
      }
    }
    return any
        ? Optional.of(Vitals.ofProcesses(io, duration(ticks), duration(mainTicks), posture))
        : Optional.empty();
  }

  /**
   * Memory that a process holds (VmRSS of {@code status}), in bytes, what it shares with others
   * included; 0 if it has ended.
   */
  public static long residentBytes(long process, ProcessFiles files) {
    return files
        .read(process, "status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length == 3)
        .mapToLong(words -> Long.parseLong(words[1]) * 1024)
        .findFirst()
        .orElse(0);
  }

  private static Duration duration(long ticks) {
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  private static long ticks(String[] stat) {
    return stat.length <= SYSTEM_TIME
        ? 0
        : Long.parseLong(stat[USER_TIME]) + Long.parseLong(stat[SYSTEM_TIME]);
  }

  /** The fields after the command's name, which may itself hold spaces and parentheses. */
  private static String[] stat(ProcessFiles files, long process, String file) {
    String line = files.read(process, file).strip();
    return line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
  }

  private static long io(ProcessFiles files, long process) {
    return files
        .read(process, "io")
        .lines()
        .map(line -> line.split(" "))
        .filter(words -> words.length == 2 && IO_COUNTERS.contains(words[0]))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  private String read(long process, String file) {
    try {
      return new String(
          Files.readAllBytes(proc.resolve(Long.toString(process)).resolve(file)),
          StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
