package io.millrace.training.gang;

import io.millrace.training.TrainingException;
import io.millrace.training.hccl.HcclDevice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Ascend devices of a node and the addresses of their network cards, from the file that their
 * driver keeps ({@code /etc/hccn.conf}, lines such as {@code address_0=192.168.100.101}).
 */
final class AscendDevices {
  private static final Pattern ADDRESS = Pattern.compile("\\s*address_(\\d+)\\s*=\\s*(\\S+)\\s*");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private AscendDevices() {}

  /**
   * The devices of a node.
   *
   * @param file on the node
   * @param count how many the job wants; the first ones, if the back end has not given any
   * @throws TrainingException if the file does not name so many
   */
  static List<HcclDevice> of(GangNode machine, String file, int count) throws IOException {
    GangNode.CommandResult read = machine.run(List.of("cat", file), TIMEOUT);
    if (read.exitCode() != 0) {
      throw new TrainingException(
          "Cannot make a rank table: %s of %s cannot be read (%s). Install the driver of the NPUs, or launch by dynamic-cluster or msrun."
              .formatted(file, machine.host(), read.output().strip()));
    }
    SortedMap<Integer, String> addresses = addressesIn(read.output());
    List<Integer> wanted = new ArrayList<>();
    if (machine.devices().isEmpty()) {
      addresses.keySet().stream().limit(count).forEach(wanted::add);
    } else {
      wanted.addAll(numbersOf(machine.devices(), machine.host()));
    }
    if (wanted.size() < count || !addresses.keySet().containsAll(wanted)) {
      throw new TrainingException(
          "Cannot make a rank table: %s of %s names the devices %s, and %s are wanted. Give their addresses with hccn_tool."
              .formatted(
                  file,
                  machine.host(),
                  addresses.keySet(),
                  machine.devices().isEmpty() ? count : wanted));
    }
    return wanted.stream().map(id -> new HcclDevice(id, addresses.get(id))).toList();
  }

  /** Devices by their numbers: a table knows them by nothing else. */
  static List<Integer> numbersOf(List<String> devices, String host) {
    for (String device : devices) {
      if (!device.matches("\\d{1,9}")) {
        throw new TrainingException(
            "Cannot make a rank table: %s has a device named '%s' (expected a number, as a rank table has it). Let the cluster name its NPUs by their numbers, or launch by dynamic-cluster or msrun."
                .formatted(host, device));
      }
    }
    return devices.stream().map(Integer::valueOf).toList();
  }

  static SortedMap<Integer, String> addressesIn(String text) {
    SortedMap<Integer, String> addresses = new TreeMap<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = ADDRESS.matcher(line);
      if (matcher.matches()) {
        addresses.put(Integer.valueOf(matcher.group(1)), matcher.group(2));
      }
    }
    return addresses;
  }
}
