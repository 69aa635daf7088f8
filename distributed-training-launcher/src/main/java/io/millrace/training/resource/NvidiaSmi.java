package io.millrace.training.resource;

import io.millrace.dataset.DatasetException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What {@code nvidia-smi} tells of the GPUs of this machine. */
final class NvidiaSmi {
  /** One line a GPU: number, utilisation in percent, MiB used, MiB in all. */
  static final List<String> COMMAND =
      List.of(
          "nvidia-smi",
          "--query-gpu=index,utilization.gpu,memory.used,memory.total",
          "--format=csv,noheader,nounits");

  private NvidiaSmi() {}

  /**
   * Reads what it printed. A GPU that is divided (MIG) tells no utilisation, some tell no memory.
   *
   * @throws DatasetException if it is something else, with the line
   */
  static List<DeviceLoad> parse(String printed) {
    List<DeviceLoad> devices = new ArrayList<>();
    for (String line : printed.lines().filter(each -> !each.isBlank()).toList()) {
      String[] words = line.split(",", -1);
      if (words.length != 4 || !words[0].strip().matches("\\d{1,4}")) {
        throw new DatasetException(
            "Cannot read what nvidia-smi printed: '%s' (expected index, utilisation, memory used, memory in all)"
                .formatted(line));
      }
      devices.add(
          new DeviceLoad(
              DeviceLoad.Kind.GPU,
              Integer.parseInt(words[0].strip()),
              Percent.of(words[1], "100"),
              Percent.of(words[2], words[3])));
    }
    return devices;
  }

  /** Shares of a whole. */
  static final class Percent {
    private Percent() {}

    /** Empty where a part is no number, such as {@code [N/A]}, or the whole is nothing. */
    static OptionalDouble of(String part, String whole) {
      try {
        double of = Double.parseDouble(whole.strip());
        double used = Double.parseDouble(part.strip());
        return of > 0 && used >= 0
            ? OptionalDouble.of(Math.min(100, 100 * used / of))
            : OptionalDouble.empty();
      } catch (NumberFormatException e) {
        return OptionalDouble.empty();
      }
    }
  }
}
