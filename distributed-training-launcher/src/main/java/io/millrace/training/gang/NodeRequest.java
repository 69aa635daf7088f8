package io.millrace.training.gang;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.training.TrainingRun;
import io.millrace.training.watch.RunDirectory;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What a run asks a {@link NodeSource} for.
 *
 * @param attempt from 0
 * @param isolated hosts that failed this run before and should not be given again
 * @param isWanted false once somebody has asked the run to end; looked at while waiting
 * @param whyWaiting told for people what the run waits for, each time that changes
 */
public record NodeRequest(
    TrainingRun run,
    RunDirectory directory,
    int attempt,
    Set<String> isolated,
    BooleanSupplier isWanted,
    Consumer<String> whyWaiting) {
  public NodeRequest {
    requireNonNull(run, "run is null");
    requireNonNull(directory, "directory is null");
    checkArgument(attempt >= 0, "Invalid attempt: %s", attempt);
    isolated = Set.copyOf(isolated);
    requireNonNull(isWanted, "isWanted is null");
    requireNonNull(whyWaiting, "whyWaiting is null");
  }
}
