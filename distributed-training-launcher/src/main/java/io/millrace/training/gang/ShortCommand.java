package io.millrace.training.gang;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command of this machine that is expected to end soon. */
public final class ShortCommand {
  private ShortCommand() {}

  /**
   * Runs it to its end, without input.
   *
   * @param command its errors are taken as output
   * @throws IOException if it cannot be run, or takes longer than the timeout: then it is killed
   */
  public static GangNode.CommandResult run(ProcessBuilder command, Duration timeout)
      throws IOException {
    String name = command.command().get(0);
    Process process = command.redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> outputOf(process));
      byte[] bytes = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new GangNode.CommandResult(
          process.waitFor(), new String(bytes, StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      throw new IOException("%s took longer than %d s".formatted(name, timeout.toSeconds()), e);
    } catch (ExecutionException e) {
      throw new IOException("Cannot read the output of " + name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + name + " ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static byte[] outputOf(Process process) {
    try {
      return process.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
