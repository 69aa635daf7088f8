package io.millrace.training.hccl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.training.hccl.InstanceRankTable.Group;
import io.millrace.training.hccl.InstanceRankTable.Instance;
import io.millrace.training.hccl.ServerRankTable.RankedDevice;
import io.millrace.training.hccl.ServerRankTable.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rank tables as JSON. {@code read(write(t))} equals {@code t}. Numbers are written as strings, as
 * ModelArts and HCCL have them, and read in either form; unknown fields are passed over.
 *
 * <p>Read are template 1 ({@code server_list}), template 2 ({@code group_list}) and the older form
 * of laboratories, a {@code group_list} that counts {@code device_num} and {@code server_num} and
 * may give ranks itself. Tables of version 1.2 and 2.0 (super pods) are refused by name.
 *
 * <p>Pods of a cluster read their table with {@code rank_table.py}, which has the same rules and
 * words; a suite compares the two.
 */
public final class RankTableJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String COMPLETED = "completed";
  private static final Set<String> SUPER_POD_VERSIONS = Set.of("1.2", "2.0");

  private RankTableJson() {}

  /**
   * Reads a table.
   *
   * @return empty while its status is another than {@code completed}; a table without a status is
   *     complete
   * @throws DatasetException if it is no JSON or no rank table, naming the field
   */
  public static Optional<RankTable> read(String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DatasetException(
          "Cannot read the rank table: it is no JSON: %s.".formatted(e.getOriginalMessage()), e);
    }
    if (!root.isObject()) {
      throw new DatasetException("Cannot read the rank table: it is no JSON object.");
    }
    String version = root.path("version").asText("1.0");
    if (SUPER_POD_VERSIONS.contains(version)
        || root.has("rank_list")
        || root.has("super_pod_list")) {
      throw new DatasetException(
          "Cannot read the rank table: version %s is for super pods, which Millrace does not start. Give one of version 1.0."
              .formatted(version));
    }
    if (!version.equals("1.0")) {
      throw wrong("version", "it is '%s' (expected 1.0)".formatted(version));
    }
    if (!root.path("status").asText(COMPLETED).equals(COMPLETED)) {
      return Optional.empty();
    }
    if (root.has("server_list")) {
      return Optional.of(servers(root));
    }
    if (root.has("group_list")) {
      return Optional.of(groups(root));
    }
    throw wrong("server_list", "neither it nor group_list is there (expected one of them)");
  }

  /** A table, completed. */
  public static String write(RankTable table) {
    ObjectNode root = JSON.createObjectNode();
    if (table instanceof ServerRankTable servers) {
      write(servers, root);
    } else if (table instanceof InstanceRankTable instances) {
      write(instances, root);
    }
    return root.toPrettyString() + "\n";
  }

  private static void write(ServerRankTable table, ObjectNode root) {
    root.put("version", "1.0");
    root.put("server_count", Integer.toString(table.servers().size()));
    ArrayNode servers = root.putArray("server_list");
    for (Server server : table.servers()) {
      ObjectNode node = servers.addObject();
      node.put("server_id", server.id());
      ArrayNode devices = node.putArray("device");
      for (RankedDevice each : server.devices()) {
        write(each.device(), devices.addObject()).put("rank_id", Integer.toString(each.rank()));
      }
    }
    root.put("status", COMPLETED);
  }

  private static void write(InstanceRankTable table, ObjectNode root) {
    root.put("group_count", Integer.toString(table.groups().size()));
    ArrayNode groups = root.putArray("group_list");
    for (Group group : table.groups()) {
      ObjectNode node = groups.addObject();
      node.put("group_name", group.name());
      node.put("device_count", Integer.toString(group.devices()));
      node.put("instance_count", Integer.toString(group.instances().size()));
      ArrayNode instances = node.putArray("instance_list");
      for (Instance instance : group.instances()) {
        ObjectNode each = instances.addObject();
        each.put("pod_name", instance.podName());
        each.put("server_id", instance.serverId());
        ArrayNode devices = each.putArray("devices");
        instance.devices().forEach(device -> write(device, devices.addObject()));
      }
    }
    root.put("status", COMPLETED);
  }

  private static ObjectNode write(HcclDevice device, ObjectNode node) {
    return node.put("device_id", Integer.toString(device.id())).put("device_ip", device.ip());
  }

  private static ServerRankTable servers(JsonNode root) {
    List<Server> servers = new ArrayList<>();
    JsonNode list = array(root, "server_list", "");
    for (int i = 0; i < list.size(); i++) {
      String at = "server_list[%d].".formatted(i);
      JsonNode devices = array(list.get(i), "device", at);
      List<RankedDevice> ranked = new ArrayList<>();
      for (int d = 0; d < devices.size(); d++) {
        String atDevice = "%sdevice[%d].".formatted(at, d);
        ranked.add(
            new RankedDevice(
                device(devices.get(d), atDevice), number(devices.get(d), "rank_id", atDevice)));
      }
      servers.add(new Server(text(list.get(i), "server_id", at), ranked));
    }
    checkCount(root, "server_count", "", servers.size());
    return new ServerRankTable(servers);
  }

  private static RankTable groups(JsonNode root) {
    JsonNode list = array(root, "group_list", "");
    checkCount(root, "group_count", "", list.size());
    boolean isOfLaboratory = !list.isEmpty() && list.get(0).has("device_num");
    return isOfLaboratory ? laboratory(list) : instances(list);
  }

  private static InstanceRankTable instances(JsonNode list) {
    List<Group> groups = new ArrayList<>();
    for (int g = 0; g < list.size(); g++) {
      String at = "group_list[%d].".formatted(g);
      JsonNode instances = array(list.get(g), "instance_list", at);
      List<Instance> read = new ArrayList<>();
      for (int i = 0; i < instances.size(); i++) {
        String atInstance = "%sinstance_list[%d].".formatted(at, i);
        read.add(
            new Instance(
                text(instances.get(i), "pod_name", atInstance),
                text(instances.get(i), "server_id", atInstance),
                devices(instances.get(i), atInstance)));
      }
      Group group = new Group(text(list.get(g), "group_name", at), read);
      checkCount(list.get(g), "instance_count", at, read.size());
      checkCount(list.get(g), "device_count", at, group.devices());
      groups.add(group);
    }
    return new InstanceRankTable(groups);
  }

  /** Instances of one device or more, each with a rank or, one after the other, without. */
  private static ServerRankTable laboratory(JsonNode list) {
    List<Server> servers = new ArrayList<>();
    int next = 0;
    for (int g = 0; g < list.size(); g++) {
      String at = "group_list[%d].".formatted(g);
      JsonNode instances = array(list.get(g), "instance_list", at);
      int before = next;
      List<String> ids = new ArrayList<>();
      List<List<RankedDevice>> ranked = new ArrayList<>();
      for (int i = 0; i < instances.size(); i++) {
        String atInstance = "%sinstance_list[%d].".formatted(at, i);
        String server = text(instances.get(i), "server_id", atInstance);
        if (!ids.contains(server)) {
          ids.add(server);
          ranked.add(new ArrayList<>());
        }
        for (HcclDevice device : devices(instances.get(i), atInstance)) {
          int rank =
              instances.get(i).has("rank_id")
                  ? number(instances.get(i), "rank_id", atInstance)
                  : next;
          ranked.get(ids.indexOf(server)).add(new RankedDevice(device, rank));
          next++;
        }
      }
      checkCount(list.get(g), "device_num", at, next - before);
      checkCount(list.get(g), "server_num", at, ids.size());
      for (int s = 0; s < ids.size(); s++) {
        servers.add(new Server(ids.get(s), ranked.get(s)));
      }
    }
    return new ServerRankTable(servers);
  }

  private static List<HcclDevice> devices(JsonNode instance, String at) {
    if (instance.path("devices").isNull()) {
      return List.of();
    }
    JsonNode list = array(instance, "devices", at);
    List<HcclDevice> devices = new ArrayList<>();
    for (int d = 0; d < list.size(); d++) {
      devices.add(device(list.get(d), "%sdevices[%d].".formatted(at, d)));
    }
    return devices;
  }

  private static HcclDevice device(JsonNode node, String at) {
    return new HcclDevice(number(node, "device_id", at), text(node, "device_ip", at));
  }

  private static void checkCount(JsonNode node, String field, String at, int actual) {
    int told = number(node, field, at);
    if (told != actual) {
      throw wrong(at + field, "it is %d, and the list has %d".formatted(told, actual));
    }
  }

  private static JsonNode array(JsonNode node, String field, String at) {
    JsonNode value = node.path(field);
    if (!value.isArray()) {
      throw wrong(at + field, value.isMissingNode() ? "it is missing" : "it is no list");
    }
    return value;
  }

  private static String text(JsonNode node, String field, String at) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw wrong(at + field, value.isMissingNode() ? "it is missing" : "it is no text");
    }
    return value.textValue();
  }

  private static int number(JsonNode node, String field, String at) {
    JsonNode value = node.path(field);
    String text = value.asText("");
    if (!text.matches("\\d{1,9}")) {
      throw wrong(
          at + field,
          value.isMissingNode()
              ? "it is missing"
              : "it is '%s' (expected a whole number)".formatted(text));
    }
    return Integer.parseInt(text);
  }

  private static DatasetException wrong(String field, String what) {
    return new DatasetException("Invalid rank table: %s: %s.".formatted(field, what));
  }
}
