package io.millrace.training.gang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a node has to have before a job's processes are started on it.
 *
 * @param when nodes are checked at all
 * @param freeBytes least free space, by the item's name as it is after {@code disk-size} in logs:
 *     {@code root}, {@code shm}, {@code cache}. Those whose directory the node lacks are left out
 * @param limits least limits of a process, by name: {@code locked_memory_kb}, {@code open_files},
 *     {@code stack_kb}, {@code processes}. They have to be exceeded; looked at only on nodes with
 *     InfiniBand
 */
public record NodeChecks(When when, Map<String, Long> freeBytes, Map<String, Long> limits) {

  /** When nodes are checked. */
  public enum When {
    /** Before jobs that are restarted after a failure, as ModelArts does. */
    WITH_RETRIES,
    ALWAYS,
    NEVER
  }

  private static final Map<String, String> PATHS =
      Map.of("root", "/", "shm", "/dev/shm", "cache", "/cache");

  private static final Set<String> LIMITS =
      Set.of("locked_memory_kb", "open_files", "stack_kb", "processes");

  private static final long GIB = 1L << 30;

  /** ModelArts' thresholds (user guide, section 7.6.2.1). */
  public static final NodeChecks DEFAULT =
      new NodeChecks(
          When.WITH_RETRIES,
          Map.of("root", 32 * GIB, "shm", GIB, "cache", 32 * GIB),
          Map.of(
              "locked_memory_kb",
              16_000L,
              "open_files",
              1_000_000L,
              "stack_kb",
              8_000L,
              "processes",
              1_000_000L));

  public NodeChecks {
    requireNonNull(when, "when is null");
    freeBytes = Collections.unmodifiableMap(new TreeMap<>(freeBytes));
    for (Map.Entry<String, Long> disk : freeBytes.entrySet()) {
      checkArgument(
          PATHS.containsKey(disk.getKey()) && disk.getValue() >= 0,
          "Invalid check of free space: %s=%s (expected root, shm or cache, and at least 0 bytes)",
          disk.getKey(),
          disk.getValue());
    }
    limits = Collections.unmodifiableMap(new TreeMap<>(limits));
    for (Map.Entry<String, Long> limit : limits.entrySet()) {
      checkArgument(
          LIMITS.contains(limit.getKey()) && limit.getValue() >= 0,
          "Invalid check of a limit: %s=%s (expected one of %s, and at least 0)",
          limit.getKey(),
          limit.getValue(),
          LIMITS);
    }
  }

  public NodeChecks withWhen(When newWhen) {
    return new NodeChecks(newWhen, freeBytes, limits);
  }

  /** The same with another threshold of free space; 0 for none. */
  public NodeChecks withFreeBytes(String item, long bytes) {
    Map<String, Long> changed = new TreeMap<>(freeBytes);
    changed.put(item, bytes);
    return new NodeChecks(when, changed, limits);
  }

  /** Where the space of an item is looked for. */
  static String pathOf(String item) {
    return requireNonNull(PATHS.get(item), item);
  }
}
