package io.millrace.training.hccl;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Devices by server, each with its rank: template 1, version 1.0, which MindSpore and HCCL read.
 *
 * @param servers at least one. Published tables mask addresses, so that two servers may look alike
 */
public record ServerRankTable(List<Server> servers) implements RankTable {

  /**
   * A server and its devices, at least one.
   *
   * @param id its address, or a name for it
   */
  public record Server(String id, List<RankedDevice> devices) {
    public Server {
      checkArgument(
          id != null && !id.isBlank(), "Invalid server_id: '%s' (expected an address)", id);
      devices = List.copyOf(devices);
      checkArgument(!devices.isEmpty(), "Invalid server_list: server %s has no device", id);
      Set<Integer> ids = new HashSet<>();
      for (RankedDevice each : devices) {
        checkArgument(
            ids.add(each.device().id()),
            "Invalid device_id: server %s has device %s twice",
            id,
            each.device().id());
      }
    }
  }

  /**
   * A device and its process.
   *
   * @param rank of the process that owns the device
   */
  public record RankedDevice(HcclDevice device, int rank) {}

  public ServerRankTable {
    servers = List.copyOf(servers);
    checkArgument(!servers.isEmpty(), "Invalid server_list: it is empty (expected a server)");
    int devices = servers.stream().mapToInt(server -> server.devices().size()).sum();
    BitSet seen = new BitSet(devices);
    for (Server server : servers) {
      for (RankedDevice each : server.devices()) {
        checkArgument(
            each.rank() >= 0 && each.rank() < devices,
            "Invalid rank_id: device %s of server %s has %s (expected 0 to %s, one of each)",
            each.device().id(),
            server.id(),
            each.rank(),
            devices - 1);
        checkArgument(
            !seen.get(each.rank()),
            "Invalid rank_id: two devices have %s (expected 0 to %s, one of each)",
            each.rank(),
            devices - 1);
        seen.set(each.rank());
      }
    }
  }

  @Override
  public ServerRankTable toServers() {
    return this;
  }

  @Override
  public int devices() {
    return servers.stream().mapToInt(server -> server.devices().size()).sum();
  }
}
