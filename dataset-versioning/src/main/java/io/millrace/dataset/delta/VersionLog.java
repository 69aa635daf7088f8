package io.millrace.dataset.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.delta.VersionEventRows.Numbered;
import io.millrace.dataset.versioning.Branch;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionEvent;
import io.millrace.dataset.versioning.VersionEvent.BranchDeleted;
import io.millrace.dataset.versioning.VersionEvent.Branched;
import io.millrace.dataset.versioning.VersionEvent.Deleted;
import io.millrace.dataset.versioning.VersionEvent.MadeCurrent;
import io.millrace.dataset.versioning.VersionEvent.Published;
import io.millrace.dataset.versioning.VersionEvent.Tagged;
import io.millrace.dataset.versioning.VersionEvent.Untagged;
import io.millrace.dataset.versioning.VersionHistory;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code versions}: what happened to the versions of a dataset, one row an event, only
 * appended to. The commit of such a row is the moment at which a version exists.
 *
 * <p>Events are numbered, and each number can be committed once, whoever tries (a Delta transaction
 * identifier). So all writers of all processes agree on one order, and a name is given out once:
 * versions, tags and branches of a dataset never share one.
 */
public final class VersionLog {
  private static final Logger log = LoggerFactory.getLogger(VersionLog.class);
  private static final String SEQUENCE = "millrace/versions";
  private static final int MOST_ATTEMPTS = 100;

  /**
   * So many events are each in a data file of its own at most. Opening a file costs about as much
   * as committing it, and the log is read at each commit and by each command.
   */
  private static final int MOST_SINGLE_EVENTS = 16;

  private final DatasetLayout layout;
  private final Backoff backoff;
  private final KernelTable table;
  private final VersionEventRows eventRows;

  private VersionLog(DatasetLayout layout, Backoff backoff) {
    this.layout = layout;
    this.backoff = backoff;
    this.table = KernelTable.at(layout.versionsTable());
    this.eventRows = new VersionEventRows(layout);
  }

  public static VersionLog of(DatasetLayout layout) {
    return of(layout, Backoff.COMMITS);
  }

  static VersionLog of(DatasetLayout layout, Backoff backoff) {
    return new VersionLog(layout, backoff);
  }

  /** Makes the empty table. */
  void create() throws IOException {
    table.create(VersionEventRows.SCHEMA, List.of());
  }

  /** The versions as they are now. */
  public VersionHistory read() {
    return VersionHistory.of(events(snapshot()));
  }

  /** The publish ids that the table of version samples holds rows of, also invisible ones. */
  public Set<String> publishIdsWithRows() {
    return Set.copyOf(storedBytes().keySet());
  }

  /** The size of the rows of each publish id, also of invisible ones. */
  public Map<String, Long> storedBytes() {
    return Map.copyOf(KernelTable.contents(layout.versionSamplesTable()).bytesByPartition());
  }

  /**
   * Makes a version exist, and makes it the current one of its branch: the one commit that readers
   * wait for.
   *
   * <p>Its parent is set here to the version that is current on its branch at this moment, and its
   * time is moved behind that of the event before it, should clocks disagree.
   *
   * @return the version as it was recorded
   * @throws DatasetException if the name is taken, or the branch is gone
   */
  public DatasetVersion publish(DatasetName dataset, DatasetVersion version) {
    VersionEvent event =
        append(
            before -> {
              checkFree(dataset, version.name(), before);
              Branch branch = checkBranch("publish on", dataset, version.branch(), before);
              if (layout.branch().equals(branch.name()) && !layout.workingOn().equals(branch)) {
                throw DatasetErrors.branchReplaced(dataset, branch.name());
              }
              return new Published(
                  version.recorded(
                      notBefore(version.createdAt(), before), before.current(version.branch())));
            });
    return ((Published) event).version();
  }

  /**
   * Makes a version the one that references to a branch mean.
   *
   * @throws DatasetException if there is no such version or branch
   */
  public void makeCurrent(
      DatasetName dataset, BranchName branch, VersionName version, Instant now) {
    append(
        before -> {
          checkExists(dataset, version, before);
          checkBranch("set the current version of", dataset, branch, before);
          return new MadeCurrent(branch, version, notBefore(now, before));
        });
    log.info("Made {}@{} the current version of branch {}", dataset, version, branch);
  }

  /**
   * Deletes a version: from now on nobody can read it. Its name stays taken; where it was current,
   * the nearest of its ancestors that is left becomes so.
   *
   * @return the version that was
   * @throws DatasetException if there is no such version, or a tag marks it
   */
  public DatasetVersion delete(DatasetName dataset, VersionName version, Instant now) {
    DatasetVersion[] deleted = new DatasetVersion[1];
    append(
        before -> {
          deleted[0] = checkExists(dataset, version, before);
          List<TagName> tags =
              before.tags().entrySet().stream()
                  .filter(tag -> tag.getValue().equals(version))
                  .map(Map.Entry::getKey)
                  .toList();
          if (!tags.isEmpty()) {
            throw DatasetErrors.tagged(dataset, version, tags);
          }
          return new Deleted(version, notBefore(now, before));
        });
    log.info("Deleted {}@{}", dataset, version);
    return deleted[0];
  }

  /**
   * Marks a version with a tag; a tag that marks another version moves.
   *
   * @throws DatasetException if there is no such version, or a version or branch has the name
   */
  public void tag(DatasetName dataset, TagName tag, VersionName version, Instant now) {
    append(
        before -> {
          checkExists(dataset, version, before);
          checkNameFree("tag", dataset, tag.value(), before);
          return new Tagged(tag, version, notBefore(now, before));
        });
    log.info("Tagged {}@{} as {}", dataset, version, tag);
  }

  /**
   * Removes a tag.
   *
   * @throws DatasetException if there is no such tag
   */
  public void untag(DatasetName dataset, TagName tag, Instant now) {
    append(
        before -> {
          if (!before.tags().containsKey(tag)) {
            throw DatasetErrors.noTag(dataset, tag, before.tags().keySet());
          }
          return new Untagged(tag, notBefore(now, before));
        });
    log.info("Removed the tag {} of {}", tag, dataset);
  }

  /**
   * Makes a branch exist. Its working state has to be there before: this is the commit that makes
   * it visible.
   *
   * @throws DatasetException if there is no such version to begin with, or anything has the name
   */
  public void createBranch(DatasetName dataset, Branch branch, Instant now) {
    append(
        before -> {
          branch.from().ifPresent(version -> checkExists(dataset, version, before));
          checkBranchFree(dataset, branch.name(), before);
          return new Branched(branch, notBefore(now, before));
        });
    log.info("Created branch {} of {} in {}", branch.name(), dataset, branch.place());
  }

  /**
   * Makes a branch end; the versions that were published on it stay.
   *
   * @return the branch that was
   * @throws DatasetException if there is no such branch, or it is {@link BranchName#MAIN}
   */
  public Branch deleteBranch(DatasetName dataset, BranchName branch, Instant now) {
    Branch[] deleted = new Branch[1];
    append(
        before -> {
          if (branch.equals(BranchName.MAIN)) {
            throw DatasetErrors.mainBranch(dataset);
          }
          deleted[0] = checkBranch("delete", dataset, branch, before);
          return new BranchDeleted(branch, notBefore(now, before));
        });
    log.info("Deleted branch {} of {}", branch, dataset);
    return deleted[0];
  }

  /**
   * Fails unless a version of this name can be published.
   *
   * @throws DatasetException if a version has or had the name, or a tag or branch has it
   */
  public static void checkFree(DatasetName dataset, VersionName name, VersionHistory history) {
    if (history.takenNames().contains(name)) {
      throw DatasetErrors.versionTaken(dataset, name);
    }
    if (history.tags().containsKey(new TagName(name.value()))) {
      throw DatasetErrors.nameInUse("publish", dataset, name.value(), "a tag");
    }
    if (history.hasBranch(new BranchName(name.value()))) {
      throw DatasetErrors.nameInUse("publish", dataset, name.value(), "a branch");
    }
  }

  /**
   * Fails unless a branch of this name can be made.
   *
   * @throws DatasetException if a branch, tag or version has the name
   */
  public static void checkBranchFree(
      DatasetName dataset, BranchName branch, VersionHistory history) {
    checkNameFree("create branch", dataset, branch.value(), history);
    if (history.tags().containsKey(new TagName(branch.value()))) {
      throw DatasetErrors.nameInUse("create branch", dataset, branch.value(), "a tag");
    }
  }

  /**
   * Fails unless there is this branch.
   *
   * @param verb what was to be done, such as {@code publish on}
   * @return the branch
   */
  public static Branch checkBranch(
      String verb, DatasetName dataset, BranchName branch, VersionHistory history) {
    return history
        .branch(branch)
        .orElseThrow(() -> DatasetErrors.noBranch(verb, dataset, branch, history.branches()));
  }

  private static void checkNameFree(
      String verb, DatasetName dataset, String name, VersionHistory history) {
    if (history.takenNames().contains(new VersionName(name))) {
      throw DatasetErrors.nameInUse(verb, dataset, name, "a version");
    }
    if (history.hasBranch(new BranchName(name))) {
      throw DatasetErrors.nameInUse(verb, dataset, name, "a branch");
    }
  }

  private static DatasetVersion checkExists(
      DatasetName dataset, VersionName version, VersionHistory history) {
    DatasetRef ref = DatasetRef.of(dataset, version);
    return history
        .find(version)
        .orElseThrow(
            () ->
                history.isDeleted(version)
                    ? DatasetErrors.versionDeleted(ref, history.names())
                    : DatasetErrors.noVersion(ref, history));
  }

  /** Times never descend, whatever the clocks of several machines say. */
  private static Instant notBefore(Instant wanted, VersionHistory history) {
    Instant micros = wanted.truncatedTo(ChronoUnit.MICROS);
    return history
        .lastChange()
        .map(last -> last.plus(1, ChronoUnit.MICROS))
        .filter(micros::isBefore)
        .orElse(micros);
  }

  private interface Step {
    VersionEvent after(VersionHistory before);
  }

  /**
   * A writer that lost reads only what was appended since, so that its next attempt is faster than
   * the first of a writer that begins: two that never rest take turns.
   */
  private VersionEvent append(Step step) {
    VersionEvent event = null;
    List<VersionEvent> events = List.of();
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Snapshot snapshot = snapshot();
      events = eventsAfter(events, snapshot);
      event = step.after(VersionHistory.of(events));
      long number = events.size() + 1L;
      try {
        table.append(snapshot, SEQUENCE, number, eventRows.toCells(number, event));
        gather(number);
        return event;
      } catch (ConcurrentTransactionException e) {
        log.debug("Another writer took event {} of {}", number, layout.root(), e);
        backoff.pause(attempt);
      } catch (IOException e) {
        throw DatasetErrors.unwritable(layout.versionsTable(), e);
      }
    }
    events = eventsAfter(events, snapshot());
    throw DatasetErrors.alwaysOvertaken(
        layout.root(), event, MOST_ATTEMPTS, events.get(events.size() - 1));
  }

  /** The event is on record, so that what fails here must not be taken for its failure. */
  private void gather(long number) {
    if (number % MOST_SINGLE_EVENTS != 0) {
      return;
    }
    try {
      table.gather();
    } catch (IOException | RuntimeException e) {
      log.warn("Could not gather the events of {}: {}", layout.root(), e.getMessage());
    }
  }

  private Snapshot snapshot() {
    return table.snapshot().orElseThrow(() -> DatasetErrors.notADataset(layout.root()));
  }

  private List<VersionEvent> events(Snapshot snapshot) {
    return eventsAfter(List.of(), snapshot);
  }

  /**
   * All events in the order of their numbers.
   *
   * @param known the first of them; files that hold no others are not read again
   */
  private List<VersionEvent> eventsAfter(List<VersionEvent> known, Snapshot snapshot) {
    Predicate isNew =
        new Predicate(">", new Column(VersionEventRows.NUMBER), Literal.ofLong(known.size()));
    try {
      Stream<VersionEvent> later =
          table.rows(snapshot, isNew, eventRows::toEvent).stream()
              .filter(numbered -> numbered.number() > known.size())
              .sorted(Comparator.comparingLong(Numbered::number))
              .map(Numbered::event);
      return Stream.concat(known.stream(), later).toList();
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.versionsTable(), e);
    }
  }
}
