package io.millrace.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Resident memory of processes, in kB, as Linux tells it in {@code /proc/PID/status}. */
record ResidentMemory(long kilobytes, long peakKilobytes) {
  /**
   * Of a process and all that it has started, but for the ranks and what they have started.
   *
   * @throws UnmeasurableException where the system does not tell it
   */
  static List<ResidentMemory> ofLauncher(long launcher, Set<Long> ranks)
      throws IOException, UnmeasurableException {
    List<ResidentMemory> found = new ArrayList<>();
    for (ProcessHandle process : launcherProcesses(launcher, ranks)) {
      try {
        found.add(parse(Files.readString(Path.of("/proc/%d/status".formatted(process.pid())))));
      } catch (NoSuchFileException e) {
        if (process.isAlive()) {
          throw new UnmeasurableException(
              "This system does not tell the memory of processes in /proc.");
        }
      }
    }
    if (found.isEmpty()) {
      throw new UnmeasurableException("The launcher ended before its memory was looked at.");
    }
    return found;
  }

  double megabytes() {
    return kilobytes / 1024.0;
  }

  /** Such as {@code 171 MB, peak 180 MB}. */
  @Override
  public String toString() {
    return "%d MB, peak %d MB".formatted(kilobytes / 1024, peakKilobytes / 1024);
  }

  private static List<ProcessHandle> launcherProcesses(long launcher, Set<Long> ranks) {
    return ProcessHandle.of(launcher).stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .filter(process -> !isOrIsBelow(process, ranks))
        .toList();
  }

  private static boolean isOrIsBelow(ProcessHandle process, Set<Long> ranks) {
    return ranks.contains(process.pid())
        || process.parent().filter(parent -> isOrIsBelow(parent, ranks)).isPresent();
  }

  static ResidentMemory parse(String status) throws UnmeasurableException {
    return new ResidentMemory(field(status, "VmRSS:"), field(status, "VmHWM:"));
  }

  private static long field(String status, String name) throws UnmeasurableException {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(
            () ->
                new UnmeasurableException("The system tells no %s of a process.".formatted(name)));
  }
}
