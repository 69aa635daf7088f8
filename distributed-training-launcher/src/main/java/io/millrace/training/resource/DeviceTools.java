package io.millrace.training.resource;

import io.millrace.dataset.DatasetException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The vendors' tools on this machine that tell what devices do. */
public final class DeviceTools {
  /** A tool that takes longer waits for a device that is lost. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private record Tool(List<String> command, Function<String, List<DeviceLoad>> parser) {}

  private final List<Tool> tools;
  private final Duration timeout;

  private DeviceTools(List<Tool> tools, Duration timeout) {
    this.tools = List.copyOf(tools);
    this.timeout = timeout;
  }

  /** Those on the {@code PATH} of this process. */
  public static DeviceTools onThisMachine() {
    return on(Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  /** Those in some directories, given as in {@code PATH}. */
  static DeviceTools on(String path) {
    return new DeviceTools(
        Stream.of(
                tool(path, NvidiaSmi.COMMAND, NvidiaSmi::parse),
                tool(path, NpuSmi.COMMAND, NpuSmi::parse))
            .flatMap(Optional::stream)
            .toList(),
        TIMEOUT);
  }

  /** The same tools, given up on after another time. */
  DeviceTools withTimeout(Duration newTimeout) {
    return new DeviceTools(tools, newTimeout);
  }

  private static Optional<Tool> tool(
      String path, List<String> command, Function<String, List<DeviceLoad>> parser) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(path)
        .filter(directory -> !directory.isBlank())
        .map(directory -> Path.of(directory, command.get(0)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(
            file -> {
              List<String> whole = new ArrayList<>(command);
              whole.set(0, file.toString());
              return new Tool(whole, parser);
            });
  }

  /** Whether there is none: then nothing is known of devices. */
  public boolean isEmpty() {
    return tools.isEmpty();
  }

  /**
   * Asks each tool once; takes as long as they do, some 10 ms a GPU.
   *
   * @throws IOException if a tool fails, does not answer, or answers something else
   */
  public List<DeviceLoad> sample() throws IOException {
    List<DeviceLoad> devices = new ArrayList<>();
    for (Tool tool : tools) {
      try {
        devices.addAll(tool.parser().apply(run(tool.command())));
      } catch (DatasetException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return devices;
  }

  private String run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    CompletableFuture<String> printed = reading(process);
    try {
      String text = printed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("%s does not end".formatted(command.get(0)));
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s failed with exit code %d".formatted(command.get(0), process.exitValue()));
      }
      return text;
    } catch (TimeoutException e) {
      throw new IOException(
          "%s does not answer within %s s".formatted(command.get(0), timeout.toMillis() / 1000.0),
          e);
    } catch (ExecutionException e) {
      throw new IOException("Cannot read from %s".formatted(command.get(0)), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while %s ran".formatted(command.get(0)), e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** In a thread of its own: one that waits for a lost device may never end. */
  private static CompletableFuture<String> reading(Process process) {
    CompletableFuture<String> printed = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                byte[] bytes = process.getInputStream().readAllBytes();
                printed.complete(new String(bytes, StandardCharsets.UTF_8));
              } catch (IOException e) {
                printed.completeExceptionally(e);
              }
            },
            "device-tool");
    reader.setDaemon(true);
    reader.start();
    return printed;
  }
}
