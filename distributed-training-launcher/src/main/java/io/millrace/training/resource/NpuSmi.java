package io.millrace.training.resource;

import io.millrace.dataset.DatasetException;
import io.millrace.training.resource.NvidiaSmi.Percent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code npu-smi info} tells of the Ascend devices of this machine: a table for people, two
 * lines a device.
 *
 * <pre>
 * | NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|
 * | Chip  Phy-ID              | Bus-Id        | AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)        |
 * </pre>
 *
 * The first line of a device begins with the number of its card, the second with that of the chip
 * on the card and, on cards of several chips, the number of the device among all.
 */
final class NpuSmi {
  static final List<String> COMMAND = List.of("npu-smi", "info");

  private static final Pattern CARD = Pattern.compile("\\|\\s*(\\d+)\\s+\\S+.*\\|.*\\|.*\\|");

  /** Its bus address tells the second line from the first. */
  private static final Pattern CHIP =
      Pattern.compile(
          "\\|\\s*(\\d+)(?:\\s+(\\d+))?\\s*\\|\\s*[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f.]+\\s*\\|"
              + "\\s*(\\S+)\\s+(\\d+)\\s*/\\s*(\\d+)(?:\\s+(\\d+)\\s*/\\s*(\\d+))?\\s*\\|");

  private NpuSmi() {}

  /**
   * Reads what it printed.
   *
   * @throws DatasetException if there is no device in it
   */
  static List<DeviceLoad> parse(String printed) {
    List<DeviceLoad> devices = new ArrayList<>();
    int card = 0;
    for (String line : printed.lines().toList()) {
      Matcher chip = CHIP.matcher(line.strip());
      if (chip.matches()) {
        devices.add(
            new DeviceLoad(
                DeviceLoad.Kind.NPU,
                chip.group(2) == null ? card : Integer.parseInt(chip.group(2)),
                Percent.of(chip.group(3), "100"),
                memory(chip)));
        continue;
      }
      Matcher first = CARD.matcher(line.strip());
      if (first.matches()) {
        card = Integer.parseInt(first.group(1));
      }
    }
    if (devices.isEmpty()) {
      throw new DatasetException(
          "Cannot read what npu-smi info printed: there is no line of a chip with its Bus-Id");
    }
    return devices;
  }

  private static OptionalDouble memory(Matcher chip) {
    OptionalDouble hbm =
        chip.group(6) == null ? OptionalDouble.empty() : Percent.of(chip.group(6), chip.group(7));
    return hbm.isPresent() ? hbm : Percent.of(chip.group(4), chip.group(5));
  }
}
