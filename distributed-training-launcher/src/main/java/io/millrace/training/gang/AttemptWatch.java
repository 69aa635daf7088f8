package io.millrace.training.gang;

import io.millrace.training.TrainingRun;
import io.millrace.training.resource.RunUtilisation;
import io.millrace.training.resource.UtilisationSampler;
import io.millrace.training.watch.RunEvent;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What looks at the processes of one attempt: at what they use, and for those that hang. */
final class AttemptWatch implements Closeable {
  private final List<GangNode> nodes;
  private final RunJournal journal;
  private final UtilisationSampler sampler;
  private final HangWatch hangs;

  /**
   * Watches nothing before it is started.
   *
   * @param gang fully started, on the nodes
   * @param stop told why the job is to be stopped, if it hangs and the settings want that
   */
  AttemptWatch(
      TrainingRun run,
      LaunchSettings settings,
      List<GangNode> nodes,
      Gang gang,
      RunUtilisation utilisation,
      RunJournal journal,
      Consumer<String> stop) {
    this.nodes = nodes;
    this.journal = journal;
    this.sampler =
        utilisation.sampler(nodes.stream().map(GangNode::gauge).toList(), gang::processes);
    this.hangs =
        new HangWatch(run, gang, settings.hang(), journal, sampler::takeDeviceUtilisation, stop);
  }

  /**
   * Begins to look.
   *
   * @param attempt from 0; only the first one tells that there is no hang detection
   */
  void start(int attempt) {
    sampler.start();
    Optional<String> problem =
        nodes.stream().flatMap(node -> node.vitalsProblem().stream()).findFirst();
    if (problem.isEmpty()) {
      hangs.start();
    } else if (attempt == 0) {
      journal.add(RunEvent.Type.HANG_DETECTION_OFF, "Hang detection is off: " + problem.get());
    }
  }

  @Override
  public void close() {
    try (sampler) {
      hangs.close();
    }
  }
}
