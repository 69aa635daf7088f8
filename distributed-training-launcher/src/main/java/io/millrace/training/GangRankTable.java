package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.training.hccl.HcclDevice;
import io.millrace.training.hccl.ServerRankTable;
import io.millrace.training.hccl.ServerRankTable.RankedDevice;
import io.millrace.training.hccl.ServerRankTable.Server;
import java.util.ArrayList;
import java.util.List;

/** Rank tables of runs that no cluster has made one for. */
public final class GangRankTable {
  private GangRankTable() {}

  /**
   * The table in which each device has the rank of the process that {@link GangProcesses} gives it
   * to.
   *
   * @param devices of each node, in the order of the nodes; those of a node in the order of its
   *     {@link NodePlacement#devices()}
   */
  public static ServerRankTable of(GangPlacement placement, List<List<HcclDevice>> devices) {
    checkArgument(
        devices.size() == placement.nodes().size(),
        "Invalid devices: there are those of %s nodes (expected %s)",
        devices.size(),
        placement.nodes().size());
    List<Server> servers = new ArrayList<>();
    int next = 0;
    for (int number = 0; number < devices.size(); number++) {
      NodePlacement node = placement.nodes().get(number);
      List<String> ids =
          devices.get(number).stream().map(device -> Integer.toString(device.id())).toList();
      checkArgument(
          node.devices().isEmpty() || node.devices().equals(ids),
          "Invalid devices of node %s: %s (expected %s, as placed)",
          node.address(),
          ids,
          node.devices());
      List<RankedDevice> ranked = new ArrayList<>();
      for (HcclDevice device : devices.get(number)) {
        ranked.add(new RankedDevice(device, next));
        next++;
      }
      servers.add(new Server(node.address(), ranked));
    }
    return new ServerRankTable(servers);
  }
}
