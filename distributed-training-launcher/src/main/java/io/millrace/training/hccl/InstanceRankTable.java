package io.millrace.training.hccl;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.training.hccl.ServerRankTable.RankedDevice;
import io.millrace.training.hccl.ServerRankTable.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Devices by instance, as a cluster hands them out: template 2. Ranks follow from it: instances in
 * the order of the numbers in their pods' names, the devices of each in the order of their own.
 *
 * @param groups at least one, with at least one device together
 */
public record InstanceRankTable(List<Group> groups) implements RankTable {

  /** Instances that were asked for together. */
  public record Group(String name, List<Instance> instances) {
    public Group {
      checkArgument(name != null, "Invalid group_name: it is missing");
      instances = List.copyOf(instances);
    }

    int devices() {
      return instances.stream().mapToInt(instance -> instance.devices().size()).sum();
    }
  }

  /**
   * A pod and the devices that it got.
   *
   * @param podName ends in a hyphen and the number of the instance, such as {@code
   *     job94dc1dbf-job-bj4-yolov4-15}
   * @param serverId the address of the server that it runs on
   * @param devices may be none
   */
  public record Instance(String podName, String serverId, List<HcclDevice> devices) {
    private static final Pattern NUMBERED = Pattern.compile(".*-(\\d{1,9})");

    public Instance {
      checkArgument(
          podName != null && NUMBERED.matcher(podName).matches(),
          "Invalid pod_name: '%s' (expected a name that ends in a hyphen and a number)",
          podName);
      checkArgument(
          serverId != null && !serverId.isBlank(),
          "Invalid server_id: '%s' of pod %s (expected an address)",
          serverId,
          podName);
      devices = List.copyOf(devices);
    }

    /** The number at the end of the pod's name. */
    int number() {
      Matcher matcher = NUMBERED.matcher(podName);
      checkArgument(matcher.matches(), "Invalid pod_name: '%s'", podName);
      return Integer.parseInt(matcher.group(1));
    }

    private List<HcclDevice> sortedDevices() {
      return devices.stream().sorted(Comparator.comparingInt(HcclDevice::id)).toList();
    }
  }

  public InstanceRankTable {
    groups = List.copyOf(groups);
    checkArgument(
        groups.stream().mapToInt(Group::devices).sum() > 0,
        "Invalid group_list: no instance has a device (expected at least one)");
  }

  @Override
  public ServerRankTable toServers() {
    Map<String, List<RankedDevice>> byServer = new LinkedHashMap<>();
    int rank = 0;
    for (Group group : groups) {
      List<Instance> ordered =
          group.instances().stream().sorted(Comparator.comparingInt(Instance::number)).toList();
      for (Instance instance : ordered) {
        for (HcclDevice device : instance.sortedDevices()) {
          byServer
              .computeIfAbsent(instance.serverId(), server -> new ArrayList<>())
              .add(new RankedDevice(device, rank++));
        }
      }
    }
    return new ServerRankTable(
        byServer.entrySet().stream()
            .map(server -> new Server(server.getKey(), server.getValue()))
            .toList());
  }

  @Override
  public int devices() {
    return groups.stream().mapToInt(Group::devices).sum();
  }
}
