package io.millrace.training.resource;

import io.millrace.dataset.DatasetException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A program of a vendor that tells what devices do. */
public enum VendorTool {
  NVIDIA_SMI,
  NPU_SMI;

  /** One that takes longer waits for a device that is lost. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The program's name, to be found on the {@code PATH}, and its arguments. */
  public List<String> command() {
    return switch (this) {
      case NVIDIA_SMI -> NvidiaSmi.COMMAND;
      case NPU_SMI -> NpuSmi.COMMAND;
    };
  }

  /**
   * Reads the answer of one that has ended.
   *
   * @param program where it lies, for messages
   * @throws IOException if it failed, or answered something else
   */
  public List<DeviceLoad> read(String program, int exitCode, String printed) throws IOException {
    if (exitCode != 0) {
      throw new IOException("%s failed with exit code %d".formatted(program, exitCode));
    }
    try {
      return switch (this) {
        case NVIDIA_SMI -> NvidiaSmi.parse(printed);
        case NPU_SMI -> NpuSmi.parse(printed);
      };
    } catch (DatasetException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** What is said of one that was given up. */
  public static String tooLate(String program, Duration timeout) {
    return String.format(
        Locale.ROOT, "%s does not answer within %s s", program, timeout.toMillis() / 1000.0);
  }
}
