package io.millrace.analysis.grouping;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of an auto-grouping.
 *
 * @param groups the largest first; fewer than asked for where images are equal
 * @param unreadable images that are in no group, by reason
 * @param changed samples whose attribute changed
 */
public record GroupingReport(
    DatasetName dataset,
    String attribute,
    long seed,
    Instant groupedAt,
    List<ImageGroup> groups,
    SortedMap<String, Long> unreadable,
    long changed,
    Duration took) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public GroupingReport {
    requireNonNull(dataset, "dataset is null");
    requireNonNull(attribute, "attribute is null");
    requireNonNull(groupedAt, "groupedAt is null");
    requireNonNull(took, "took is null");
    groups = List.copyOf(groups);
    unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
  }

  /** Images in groups. */
  public long grouped() {
    return groups.stream().mapToLong(ImageGroup::size).sum();
  }

  /** The report as a JSON object. */
  public String toJson() {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("dataset", dataset.value());
    node.put("attribute", attribute);
    node.put("seed", seed);
    node.put("grouped_at", groupedAt.toString());
    node.put("grouped", grouped());
    node.put("changed", changed);
    ObjectNode lost = node.putObject("unreadable");
    unreadable.forEach(lost::put);
    ArrayNode array = node.putArray("groups");
    for (ImageGroup group : groups) {
      ObjectNode entry = array.addObject();
      entry.put("name", group.name());
      entry.put("size", group.size());
      ArrayNode representatives = entry.putArray("representatives");
      for (GroupedSample sample : group.representatives()) {
        representatives
            .addObject()
            .put("id", sample.id().value())
            .put("source", sample.source().toString())
            .put("distance", sample.distance());
      }
    }
    node.put("seconds", took.toMillis() / 1000.0);
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of nodes always has a JSON text", e);
    }
  }
}
