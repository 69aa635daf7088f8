package io.millrace.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How a node is set up for a job. Paths below {@code /home/ma-user} mean the node's home, wherever
 * the back end puts it.
 *
 * @param localCodeDirectory the directory that the code's own is put into; {@code MA_JOB_DIR} then
 * @param workingDirectory where the processes start; a relative one lies in the code directory
 * @param uid the user that the processes run as, 0 to 65535
 * @param mounts at most 8, each file system and each path once
 */
public record NodeSettings(
    Optional<String> localCodeDirectory,
    Optional<String> workingDirectory,
    OptionalInt uid,
    List<Mount> mounts) {

  /** Nothing out of the ordinary. */
  static final NodeSettings USUAL =
      new NodeSettings(Optional.empty(), Optional.empty(), OptionalInt.empty(), List.of());

  private static final int MAX_UID = 65535;

  public NodeSettings {
    mounts = List.copyOf(mounts);
    List<String> problems = new ArrayList<>();
    if (localCodeDirectory.isPresent() && !localCodeDirectory.get().startsWith("/")) {
      problems.add(
          "Invalid local-code-dir: '%s' (expected an absolute path)."
              .formatted(localCodeDirectory.get()));
    }
    if (workingDirectory.isPresent() && workingDirectory.get().isBlank()) {
      problems.add("Invalid working-dir: it is empty (give a path or leave it out).");
    }
    if (uid.isPresent() && (uid.getAsInt() < 0 || uid.getAsInt() > MAX_UID)) {
      problems.add("Invalid uid: %d (expected 0 to %d).".formatted(uid.getAsInt(), MAX_UID));
    }
    if (mounts.size() > Mount.MAX) {
      problems.add(
          "Invalid mounts: there are %d (expected at most %d)."
              .formatted(mounts.size(), Mount.MAX));
    }
    Set<String> paths = new HashSet<>();
    Set<String> sources = new HashSet<>();
    for (Mount mount : mounts) {
      if (!paths.add(mount.path())) {
        problems.add(
            "Invalid mounts: %s is mounted twice (give each a path of its own)."
                .formatted(mount.path()));
      }
      if (!sources.add(mount.source())) {
        problems.add(
            "Invalid mounts: %s is given twice (mount it once).".formatted(mount.source()));
      }
    }
    TrainingException.throwIfAny(problems);
  }
}
