package io.millrace.training.gang;

import io.millrace.training.CodeDirectory;
import io.millrace.training.Mount;
import io.millrace.training.NodeLayout;
import io.millrace.training.TrainingInput;
import io.millrace.training.TrainingJob;
import io.millrace.training.watch.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings to the nodes what the processes of a job need, before they start. */
final class NodePreparation {
  private final TrainingJob job;
  private final List<NodeLayout> nodes;
  private final List<OutputMirror> mirrors;
  private final RunJournal journal;
  private final NodeCode code;
  private final NodeInputs inputs;

  /**
   * @param mirrors of the job's outputs, in order
   */
  NodePreparation(
      TrainingJob job,
      List<NodeLayout> nodes,
      NodeCode code,
      NodeInputs inputs,
      List<OutputMirror> mirrors,
      RunJournal journal) {
    this.job = job;
    this.nodes = nodes;
    this.code = code;
    this.inputs = inputs;
    this.mirrors = mirrors;
    this.journal = journal;
  }

  /** Prepares a node that nothing has been brought to in this attempt. */
  void prepare(int node) throws IOException, InterruptedException {
    journal.addAttempt(node);
    bringCode(node);
    for (TrainingInput input : job.inputs()) {
      bringInput(node, input);
    }
    for (int i = 0; i < mirrors.size(); i++) {
      bringOutput(node, i);
    }
    for (Mount mount : job.nodeSettings().mounts()) {
      bringMount(nodes.get(node), mount);
    }
    if (job.nodeSettings().uid().isPresent()) {
      giveTo(job.nodeSettings().uid().getAsInt(), nodes.get(node));
    }
  }

  /** Plain processes cannot mount: a link leads to the directory, which the node has anyway. */
  private static void bringMount(NodeLayout layout, Mount mount) throws IOException {
    Path place = layout.placeOf(mount.path());
    if (place.startsWith(layout.home())) {
      Files.createDirectories(place.getParent());
      Files.createSymbolicLink(place, Path.of(mount.source()));
    }
  }

  /**
   * The user that the processes run as owns the node's home, and may write to the log directory.
   */
  private static void giveTo(int uid, NodeLayout layout) throws IOException {
    try (Stream<Path> below = Files.walk(layout.home())) {
      for (Path each : (Iterable<Path>) below::iterator) {
        Files.setAttribute(each, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      }
    }
    Files.setAttribute(layout.logDirectory(), "unix:uid", uid);
  }

  private void bringCode(int node) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Optional<CodeDirectory> brought = code.bring(node);
    if (brought.isPresent()) {
      journal.addOfNode(
          node,
          RunEvent.Type.CODE_DOWNLOADED,
          System.nanoTime() - begin,
          "Training code downloaded: %d files, %d bytes"
              .formatted(brought.get().files().size(), brought.get().sizeBytes()));
    }
  }

  private void bringInput(int node, TrainingInput input) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Optional<NodeInputs.Downloaded> downloaded = inputs.bring(node, input);
    if (!inputs.isWanted()) {
      return;
    }
    if (downloaded.isPresent()) {
      journal.addOfNode(
          node,
          RunEvent.Type.INPUT_DOWNLOADED,
          System.nanoTime() - begin,
          "Training input (parameter: %s) downloaded: %d files, %d bytes"
              .formatted(input.name(), downloaded.get().files(), downloaded.get().bytes()));
    }
    journal.addOfNode(
        node,
        RunEvent.Type.INPUT_READY,
        "Training input (parameter: %s) ready: %s%s"
            .formatted(
                input.name(),
                input.version().map(version -> version + " in ").orElse(""),
                input.location()));
  }

  private void bringOutput(int node, int output) throws IOException {
    long begin = System.nanoTime();
    int files = mirrors.get(output).prepare(node);
    if (files > 0) {
      journal.addOfNode(
          node,
          RunEvent.Type.OUTPUT_PREPARED,
          System.nanoTime() - begin,
          "Training output (parameter: %s) downloaded: %d files"
              .formatted(job.outputs().get(output).name(), files));
    }
  }
}
