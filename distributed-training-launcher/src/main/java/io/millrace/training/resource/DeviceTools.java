package io.millrace.training.resource;

import io.millrace.training.DaemonThreads;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The vendors' tools on this machine that tell what devices do. */
public final class DeviceTools {
  private final Map<VendorTool, Path> tools;
  private final Duration timeout;

  private DeviceTools(Map<VendorTool, Path> tools, Duration timeout) {
    this.tools = tools;
    this.timeout = timeout;
  }

  /** Those on the {@code PATH} of this process. */
  public static DeviceTools onThisMachine() {
    return on(Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  /** Those in some directories, given as in {@code PATH}. */
  static DeviceTools on(String path) {
    Map<VendorTool, Path> found = new EnumMap<>(VendorTool.class);
    for (VendorTool tool : VendorTool.values()) {
      Pattern.compile(File.pathSeparator, Pattern.LITERAL)
          .splitAsStream(path)
          .filter(directory -> !directory.isBlank())
          .map(directory -> Path.of(directory, tool.command().get(0)))
          .filter(Files::isExecutable)
          .findFirst()
          .ifPresent(file -> found.put(tool, file));
    }
    return new DeviceTools(found, VendorTool.TIMEOUT);
  }

  /** The same tools, given up on after another time. */
  DeviceTools withTimeout(Duration newTimeout) {
    return new DeviceTools(tools, newTimeout);
  }

  /**
   * Asks each tool once; takes as long as they do, some 10 ms a GPU.
   *
   * @param asked others are left alone
   */
  DeviceReading read(Set<VendorTool> asked) {
    if (tools.keySet().stream().noneMatch(asked::contains)) {
      return new DeviceReading.NoTool();
    }
    List<DeviceLoad> devices = new ArrayList<>();
    for (Map.Entry<VendorTool, Path> tool : tools.entrySet()) {
      if (asked.contains(tool.getKey())) {
        try {
          devices.addAll(run(tool.getKey(), tool.getValue().toString()));
        } catch (IOException e) {
          return new DeviceReading.Failed(e.getMessage());
        }
      }
    }
    return new DeviceReading.Read(devices);
  }

  private List<DeviceLoad> run(VendorTool tool, String program) throws IOException {
    List<String> command = new ArrayList<>(tool.command());
    command.set(0, program);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    CompletableFuture<String> printed = reading(process);
    try {
      String text = printed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("%s does not end".formatted(program));
      }
      return tool.read(program, process.exitValue(), text);
    } catch (TimeoutException e) {
      throw new IOException(VendorTool.tooLate(program, timeout), e);
    } catch (ExecutionException e) {
      throw new IOException("Cannot read from %s".formatted(program), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while %s ran".formatted(program), e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** In a thread of its own: one that waits for a lost device may never end. */
  private static CompletableFuture<String> reading(Process process) {
    CompletableFuture<String> printed = new CompletableFuture<>();
    DaemonThreads.named("device-tool")
        .newThread(
            () -> {
              try {
                byte[] bytes = process.getInputStream().readAllBytes();
                printed.complete(new String(bytes, StandardCharsets.UTF_8));
              } catch (IOException e) {
                printed.completeExceptionally(e);
              }
            })
        .start();
    return printed;
  }
}
