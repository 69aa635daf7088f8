package io.millrace.training.watch;

import io.millrace.training.RunHandle;
import io.millrace.training.RunState;
import io.millrace.training.RunStatus;
import io.millrace.training.TrainingRun;
import io.millrace.training.diagnosis.DiagnosisCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that this process looks after: its status, in memory and on disk, its events, of which it
 * tells whom the job names, and what somebody has asked for. A back end says how it is carried out.
 */
public abstract class LiveRun implements RunHandle {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRun.class);

  /** What somebody has asked for, the stronger one last. */
  protected enum Wish {
    GO_ON,
    STOP,
    KILL
  }

  private final TrainingRun run;
  private final RunDirectory directory;
  private final Clock clock;
  private final Notifier notifier;
  private final EventLog events;
  private final CountDownLatch over = new CountDownLatch(1);

  private StateFile stateFile;
  private Wish wish;

  /** A run whose state is on disk as it is given here. */
  protected LiveRun(TrainingRun run, RunDirectory directory, StateFile stateFile, Clock clock) {
    this.run = run;
    this.directory = directory;
    this.stateFile = stateFile;
    this.clock = clock;
    this.notifier = new Notifier(run, this::noteUnsent);
    this.events = new EventLog(directory.eventFile(), clock, notifier::accept);
    this.wish = stateFile.status().state() == RunState.TERMINATING ? Wish.STOP : Wish.GO_ON;
  }

  /** Carries out what is asked for from now on. Holds this run's lock and has to return at once. */
  protected abstract void onWish(Wish asked);

  private void noteUnsent(String why) {
    events.add(RunEvent.Type.NOTIFICATION_FAILED, why);
  }

  protected final RunDirectory directory() {
    return directory;
  }

  protected final Clock clock() {
    return clock;
  }

  protected final EventLog events() {
    return events;
  }

  @Override
  public final TrainingRun run() {
    return run;
  }

  @Override
  public final synchronized RunStatus status() {
    return stateFile.status();
  }

  @Override
  public final RunState awaitTerminal(Duration timeout) throws InterruptedException {
    over.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return state();
  }

  @Override
  public final void stop() {
    wishFor(Wish.STOP);
  }

  @Override
  public final void kill() {
    wishFor(Wish.KILL);
  }

  private synchronized void wishFor(Wish asked) {
    if (status().state().isTerminal() || wish.compareTo(asked) >= 0) {
      return;
    }
    try {
      if (wish == Wish.GO_ON) {
        events.add(RunEvent.Type.STOPPING, "Training job is being stopped");
        update(status -> status.withState(RunState.TERMINATING));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + directory.stateFile(), e);
    } finally {
      wish = asked;
      onWish(asked);
    }
  }

  protected final synchronized Wish wish() {
    return wish;
  }

  /** Whether nobody has asked for the run's end. */
  protected final boolean goesOn() {
    return wish() == Wish.GO_ON;
  }

  /**
   * Asks for what another process has asked for through the run's directory; tells whether it has.
   */
  protected final boolean takeUpRequests() {
    if (Files.exists(directory.killRequest())) {
      kill();
      return true;
    }
    if (Files.exists(directory.stopRequest())) {
      stop();
      return true;
    }
    return false;
  }

  /**
   * Looks in the logs for why the run failed, and writes what is found down as events. That this
   * fails is logged: it does not change the verdict.
   *
   * @param culprit the node of the process to blame
   * @param exitCode of that process, if it has one
   * @return the likeliest cause, for the message of the run
   */
  protected final Optional<String> diagnose(
      int culprit, OptionalInt exitCode, DiagnosisCatalogue catalogue) {
    try {
      List<String> told = RunDiagnosis.of(run, directory, culprit, exitCode, catalogue);
      told.forEach(each -> events.add(RunEvent.Type.DIAGNOSED, each));
      return told.stream().findFirst();
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot diagnose {}: {}", run.displayName(), e.toString());
      return Optional.empty();
    }
  }

  /** Changes the status, on disk first. */
  protected final synchronized void update(UnaryOperator<RunStatus> change) throws IOException {
    StateFile next = withStatus(change.apply(stateFile.status()));
    next.write(directory.stateFile());
    stateFile = next;
  }

  /** Ends the run for this process alone: its end cannot be written down. */
  protected final synchronized void endUnwritten(RunStatus end) {
    stateFile = withStatus(end);
  }

  private StateFile withStatus(RunStatus status) {
    return new StateFile(status, stateFile.launcher(), stateFile.clusterJob());
  }

  /** Lets everybody go who waits for the end, once all who want to know of it were told. */
  protected final void release() {
    notifier.close();
    over.countDown();
  }
}
