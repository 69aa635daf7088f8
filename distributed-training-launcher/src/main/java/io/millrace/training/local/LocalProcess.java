package io.millrace.training.local;

import io.millrace.training.gang.SupervisedProcess;
import io.millrace.training.hang.LinuxVitals;
import io.millrace.training.hang.Vitals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A supervisor that is a child of this JVM. */
final class LocalProcess implements SupervisedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(LocalProcess.class);

  private static final int MOST_LOOKS = 100;

  private final Process supervisor;
  private final LinuxVitals vitals;

  LocalProcess(Process supervisor, LinuxVitals vitals) {
    this.supervisor = supervisor;
    this.vitals = vitals;
  }

  @Override
  public OutputStream orders() {
    return supervisor.getOutputStream();
  }

  @Override
  public InputStream output() {
    return supervisor.getInputStream();
  }

  @Override
  public InputStream status() {
    return supervisor.getErrorStream();
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    supervisor.waitFor();
  }

  @Override
  public Optional<String> lost() {
    return Optional.empty();
  }

  @Override
  public void sweep(long processGroup, String mark) {
    killGroup(processGroup);
    byte[] marked = ("MILLRACE_MARK=" + mark).getBytes(StandardCharsets.UTF_8);
    // A process that was just being started by one of them is found on the next look.
    boolean found = true;
    for (int look = 0; found && look < MOST_LOOKS; look++) {
      found = false;
      for (ProcessHandle each : ProcessHandle.allProcesses().toList()) {
        if (holds(each.pid(), marked) && each.destroyForcibly()) {
          found = true;
        }
      }
    }
  }

  private static boolean holds(long process, byte[] variable) {
    try {
      String environment =
          Files.readString(
              Path.of("/proc", Long.toString(process), "environ"), StandardCharsets.ISO_8859_1);
      return environment.contains(new String(variable, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return false; // it has ended, or belongs to somebody else
    }
  }

  private static void killGroup(long processGroup) {
    try {
      new ProcessBuilder(
              "/bin/sh", "-c", "kill -s KILL -- \"-$1\"", "sh", Long.toString(processGroup))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      LOG.warn("Cannot kill the process group {}: {}", processGroup, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public long number() {
    return supervisor.pid();
  }

  @Override
  public Optional<Vitals> vitals() {
    return vitals.of(supervisor.descendants().map(ProcessHandle::pid).toList());
  }
}
