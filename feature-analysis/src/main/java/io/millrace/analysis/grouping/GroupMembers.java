package io.millrace.analysis.grouping;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Counts the members of clusters and keeps the most typical ones. Clusters become groups by size,
 * the largest first; of two equal ones that with the smaller id among its members, so that a
 * group's name does not depend on how the engine numbers its clusters.
 */
public final class GroupMembers {
  private final int representatives;
  private final Map<Integer, Cluster> clusters = new TreeMap<>();

  public GroupMembers(int representatives) {
    this.representatives = representatives;
  }

  public void add(int cluster, GroupedSample member) {
    clusters.computeIfAbsent(cluster, Cluster::new).add(member);
  }

  /** The groups, the largest first; clusters without members are none. */
  public List<ImageGroup> groups() {
    List<ImageGroup> groups = new ArrayList<>();
    for (Cluster cluster : inOrder()) {
      groups.add(
          new ImageGroup(Integer.toString(groups.size() + 1), cluster.size, cluster.nearest()));
    }
    return groups;
  }

  /** The name of each cluster's group. */
  public Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    for (Cluster cluster : inOrder()) {
      names.put(cluster.number, Integer.toString(names.size() + 1));
    }
    return names;
  }

  private List<Cluster> inOrder() {
    return clusters.values().stream()
        .sorted(
            Comparator.comparingLong((Cluster cluster) -> cluster.size)
                .reversed()
                .thenComparing(cluster -> cluster.smallestId))
        .toList();
  }

  private final class Cluster {
    private final int number;
    private final PriorityQueue<GroupedSample> typical =
        new PriorityQueue<>(GroupedSample.NEAREST_FIRST.reversed());
    private long size;
    private String smallestId = "";

    Cluster(int number) {
      this.number = number;
    }

    void add(GroupedSample member) {
      String id = member.id().value();
      smallestId = size == 0 || id.compareTo(smallestId) < 0 ? id : smallestId;
      size++;
      typical.add(member);
      if (typical.size() > representatives) {
        typical.poll();
      }
    }

    List<GroupedSample> nearest() {
      return typical.stream().sorted(GroupedSample.NEAREST_FIRST).toList();
    }
  }
}
