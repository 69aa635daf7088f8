package io.millrace.training.gang;

import io.millrace.dataset.DatasetException;
import io.millrace.training.OutputPreparation;
import io.millrace.training.gang.MirrorTarget.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the location of one output, or of the logs, up to date with what is written into
 * directories of this machine.
 *
 * <ul>
 *   <li>A file is copied when its size or time has changed; readers of the location see the old
 *       file or the whole new one.
 *   <li>While processes run, an output's file must have stayed the same for one period: what is
 *       just being written is left for later. Logs are copied as far as they go. Names that end in
 *       {@code .tmp} are never copied.
 *   <li>If several nodes write a file of the same name, that of the lowest node wins.
 *   <li>Nothing is ever removed from the location.
 * </ul>
 */
final class OutputMirror {

  /** When a look at the outputs takes place. */
  enum Pass {
    /** While processes run. */
    PERIODIC,
    /** After all of them have ended. */
    FINAL
  }

  /**
   * What one look at the outputs did.
   *
   * @param conflicts a sentence for each file that several nodes write, told once
   * @param failures a sentence for each file that could not be copied; tried again at the next look
   */
  record Report(int files, long bytes, List<String> conflicts, List<String> failures) {}

  /** A node's directory, and what was in it at the last look. */
  private static final class NodeSide {
    private final Path directory;
    private Map<String, Fingerprint> done = new HashMap<>();
    private Map<String, Fingerprint> seen = new HashMap<>();

    NodeSide(Path directory) {
      this.directory = directory;
    }
  }

  private final MirrorTarget target;
  private final OutputPreparation preparation;
  private final Change change;
  private final List<NodeSide> nodes;
  private final Map<String, Integer> owners = new HashMap<>();
  private final Map<String, String> conflicts = new HashMap<>();

  /** A node's directory that holds what the location did, while no process has begun yet. */
  private Optional<Path> fresh = Optional.empty();

  private OutputMirror(
      MirrorTarget target,
      OutputPreparation preparation,
      Change change,
      List<Path> nodeDirectories) {
    this.target = target;
    this.preparation = preparation;
    this.change = change;
    this.nodes = nodeDirectories.stream().map(NodeSide::new).toList();
  }

  /**
   * A mirror of an output.
   *
   * @param nodeDirectories in order of the nodes
   */
  static OutputMirror ofOutput(
      MirrorTarget target, OutputPreparation preparation, List<Path> nodeDirectories) {
    return new OutputMirror(target, preparation, Change.REPLACED, nodeDirectories);
  }

  /** A mirror of logs, which is not to be prepared. */
  static OutputMirror ofLogs(MirrorTarget target, Path directory) {
    return new OutputMirror(target, OutputPreparation.EMPTY, Change.APPENDED, List.of(directory));
  }

  /**
   * Makes a node's directory anew. It holds what the location does if the output is to be
   * downloaded, and in any case what this run itself has copied there before: a restarted run finds
   * its last outputs on every node.
   *
   * @return how many files were copied into it
   * @throws io.millrace.training.TrainingException if the disk has too little room for them
   */
  synchronized int prepare(int node) throws IOException {
    NodeSide side = nodes.get(node);
    target.make();
    Files.createDirectories(side.directory);
    int copied = 0;
    for (String name : namesToPrepare(side.directory)) {
      Path copy = side.directory.resolve(name);
      Files.createDirectories(copy.getParent());
      copied += fetch(name, copy) ? 1 : 0;
    }
    side.done = MirroredFiles.below(side.directory);
    side.seen = side.done;
    fresh = Optional.of(side.directory);
    return copied;
  }

  private List<String> namesToPrepare(Path directory) throws IOException {
    if (preparation != OutputPreparation.DOWNLOADED) {
      return owners.keySet().stream().sorted().toList();
    }
    Map<String, Long> sizes = new TreeMap<>(target.files());
    long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
    DiskSpace.require(directory, bytes, "what the output %s holds".formatted(target));
    return List.copyOf(sizes.keySet());
  }

  /** Nodes share the machine's storage, so each file crosses the network once. */
  private boolean fetch(String name, Path copy) throws IOException {
    Optional<Path> near = fresh.map(directory -> directory.resolve(name));
    return (near.isPresent() && Files.isRegularFile(near.get()))
        ? new DirectoryTarget(fresh.get()).fetch(name, copy)
        : target.fetch(name, copy);
  }

  /** Copies what has changed. */
  synchronized Report sync(Pass pass) throws IOException {
    fresh = Optional.empty();
    int files = 0;
    long bytes = 0;
    List<String> newConflicts = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      NodeSide side = nodes.get(node);
      Map<String, Fingerprint> now = MirroredFiles.below(side.directory);
      for (Map.Entry<String, Fingerprint> file : now.entrySet()) {
        String name = file.getKey();
        Fingerprint print = file.getValue();
        if (print.equals(side.done.get(name)) || !isSettled(pass, side, name, print)) {
          continue;
        }
        int owner = owners.getOrDefault(name, node);
        if (owner != node && conflicts.putIfAbsent(name, "") == null) {
          newConflicts.add(
              "%s is written by worker-%d and worker-%d; that of worker-%d is kept"
                  .formatted(
                      name, Math.min(owner, node), Math.max(owner, node), Math.min(owner, node)));
        }
        if (owner < node) {
          side.done.put(name, print);
          continue;
        }
        try {
          if (target.put(side.directory.resolve(name), print, change, name)) {
            side.done.put(name, print);
            owners.put(name, node);
            files++;
            bytes += print.size();
          }
        } catch (IOException | UncheckedIOException | DatasetException e) {
          failures.add(
              "Cannot copy %s%s to %s: %s"
                  .formatted(
                      name,
                      change == Change.APPENDED ? "" : " of worker-" + node,
                      target,
                      reason(e)));
        }
      }
      side.seen = now;
    }
    return new Report(files, bytes, newConflicts, failures);
  }

  private boolean isSettled(Pass pass, NodeSide side, String name, Fingerprint print) {
    return switch (change) {
      case APPENDED -> true;
      case REPLACED -> pass == Pass.FINAL || print.equals(side.seen.get(name));
    };
  }

  /** The class tells what the message of a local file's failure leaves out. */
  private static String reason(Exception e) {
    if (e.getMessage() == null) {
      return e.toString();
    }
    return e instanceof DatasetException || e.getClass() == IOException.class
        ? e.getMessage()
        : e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
