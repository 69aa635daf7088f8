package io.millrace.training;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.nio.file.Path;
import java.util.Set;

/**
 * A file system that every node of a job shares.
 *
 * @param source what is mounted: a directory of the machine, or {@code SERVER:/PATH}
 * @param path where the processes find it; absolute and none of those that the launcher itself
 *     mounts
 */
public record Mount(String source, String path, Access access) {

  /** Whether the processes may write to it. */
  public enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /** ModelArts' limit. */
  static final int MAX = 8;

  private static final Set<String> TAKEN = Set.of("/", "/cache", "/home/ma-user/modelarts");

  public Mount {
    checkArgument(
        source != null && !source.isBlank(),
        "Invalid mount: its source is missing (expected a directory or SERVER:/PATH)");
    checkArgument(
        path != null && path.startsWith("/"),
        "Invalid mount: '%s' is no absolute path",
        path == null ? "" : path);
    path = Path.of(path).normalize().toString();
    checkArgument(
        !TAKEN.contains(path),
        "Invalid mount: %s is used by the launcher (give another path)",
        path);
  }
}
