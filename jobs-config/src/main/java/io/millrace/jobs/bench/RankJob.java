package io.millrace.jobs.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job that every contestant starts alike, in a directory of its own.
 *
 * @param ranks one process each, on this machine
 * @param count of what the task does
 * @param warmUps of it that do not count
 * @param home the job's directory, see {@link #prepare}
 */
record RankJob(RankTask task, int ranks, long count, long warmUps, long seed, Path home) {
  static final String SCRIPT = "ranks.py";

  /** The script's argument for the directory that checkpoints go to. */
  static final String CHECKPOINTS = "train_url";

  /** What all contestants set alike; each would count threads in its own way. */
  static final Map<String, String> ENVIRONMENT =
      Map.of("OMP_NUM_THREADS", "1", "GLOO_SOCKET_IFNAME", "lo", "PYTHONUNBUFFERED", "1");

  /** Makes the directories and writes the script. */
  void prepare() throws IOException {
    Files.createDirectories(marks());
    Files.createDirectories(checkpoints());
    Files.createDirectories(code());
    try (InputStream script = RankJob.class.getResourceAsStream(SCRIPT)) {
      if (script == null) {
        throw new FileNotFoundException("The resource " + SCRIPT + " is missing");
      }
      Files.copy(script, code().resolve(SCRIPT));
    }
  }

  Path code() {
    return home.resolve("code");
  }

  Path checkpoints() {
    return home.resolve("checkpoints");
  }

  private Path marks() {
    return home.resolve("marks");
  }

  /** The script's arguments but for the directory of checkpoints, by name. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("task", task.toString());
    parameters.put("marks", marks().toString());
    parameters.put("count", Long.toString(count));
    parameters.put("warm_ups", Long.toString(warmUps));
    parameters.put("seed", Long.toString(seed));
    return parameters;
  }

  /** The script with all of its arguments, for contestants that are given a command line. */
  List<String> scriptCommand() {
    List<String> command = new ArrayList<>();
    command.add(code().resolve(SCRIPT).toString());
    parameters().forEach((name, value) -> command.addAll(List.of("--" + name, value)));
    command.addAll(List.of("--" + CHECKPOINTS, checkpoints().toString()));
    return command;
  }

  /** What the ranks have left, in their order; empty until all have. */
  Optional<List<RankMark>> left() throws IOException {
    List<RankMark> left = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      Path file = marks().resolve("rank-" + rank);
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      left.add(RankMark.parse(Files.readString(file)));
    }
    return Optional.of(left);
  }
}
