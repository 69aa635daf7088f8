package io.millrace.dataset.versioning;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.versioning.VersionEvent.BranchDeleted;
import io.millrace.dataset.versioning.VersionEvent.Branched;
import io.millrace.dataset.versioning.VersionEvent.Deleted;
import io.millrace.dataset.versioning.VersionEvent.MadeCurrent;
import io.millrace.dataset.versioning.VersionEvent.Published;
import io.millrace.dataset.versioning.VersionEvent.Tagged;
import io.millrace.dataset.versioning.VersionEvent.Untagged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The versions, tags and branches of a dataset at one moment: what its events add up to. */
public final class VersionHistory {
  private final List<VersionEvent> events;
  private final Map<VersionName, DatasetVersion> versions = new LinkedHashMap<>();
  private final NavigableMap<TagName, VersionName> tags = new TreeMap<>();
  private final NavigableMap<BranchName, Optional<VersionName>> branches = new TreeMap<>();
  private final Map<BranchName, Branch> made = new HashMap<>();
  private final Set<String> deletedPlaces = new HashSet<>();

  private VersionHistory(List<VersionEvent> events) {
    this.events = List.copyOf(events);
    branches.put(BranchName.MAIN, Optional.empty());
    made.put(BranchName.MAIN, Branch.MAIN);
    this.events.forEach(this::apply);
  }

  /**
   * The history after some events.
   *
   * @param events in the order in which they were recorded, times not descending
   */
  public static VersionHistory of(List<VersionEvent> events) {
    return new VersionHistory(events);
  }

  /** The history as it was at a moment. */
  public VersionHistory asOf(Instant moment) {
    return new VersionHistory(
        events.stream().takeWhile(event -> !event.at().isAfter(moment)).toList());
  }

  /** When the last event was recorded; empty before the first. */
  public Optional<Instant> lastChange() {
    return events.isEmpty() ? Optional.empty() : Optional.of(events.get(events.size() - 1).at());
  }

  /** The versions in state NORMAL, oldest first. */
  public List<DatasetVersion> versions() {
    return versions.values().stream().filter(VersionHistory::isNormal).toList();
  }

  /** All versions that ever were, deleted ones in that state, oldest first. */
  public List<DatasetVersion> everyVersion() {
    return List.copyOf(versions.values());
  }

  /** The names of the versions in state NORMAL, oldest first. */
  public List<VersionName> names() {
    return versions().stream().map(DatasetVersion::name).toList();
  }

  /** The names that a new version cannot have, of deleted versions too. */
  public Collection<VersionName> takenNames() {
    return Collections.unmodifiableSet(versions.keySet());
  }

  /** The name of a version to which none was given: the next counted one that nothing has. */
  public VersionName nextName() {
    List<VersionName> taken = new ArrayList<>(versions.keySet());
    tags.keySet().forEach(tag -> taken.add(new VersionName(tag.value())));
    branches.keySet().forEach(branch -> taken.add(new VersionName(branch.value())));
    return VersionName.next(taken);
  }

  /** A version that is in state NORMAL. */
  public Optional<DatasetVersion> find(VersionName name) {
    return Optional.ofNullable(versions.get(name)).filter(VersionHistory::isNormal);
  }

  /** Whether there was a version of this name that was deleted. */
  public boolean isDeleted(VersionName name) {
    return versions.containsKey(name) && find(name).isEmpty();
  }

  /** The current version of the branch {@link BranchName#MAIN}. */
  public Optional<VersionName> current() {
    return current(BranchName.MAIN);
  }

  /**
   * The version that references to a branch mean: the one published last on it or made current.
   * Where that was deleted, the nearest of its ancestors that was not; empty where there is none.
   */
  public Optional<VersionName> current(BranchName branch) {
    Optional<VersionName> candidate = branches.getOrDefault(branch, Optional.empty());
    while (candidate.isPresent() && find(candidate.get()).isEmpty()) {
      candidate =
          Optional.ofNullable(versions.get(candidate.get())).flatMap(DatasetVersion::parent);
    }
    return candidate;
  }

  /**
   * The version that the working state of a branch was at last: the one published last on it, else
   * the one that it began with. Which version is current makes no difference: that moves no sample.
   */
  public Optional<VersionName> lastOn(BranchName branch) {
    Optional<VersionName> last = Optional.empty();
    for (VersionEvent event : events) {
      if (event instanceof Published published && published.version().branch().equals(branch)) {
        last = Optional.of(published.version().name());
      } else if (event instanceof Branched branched && branched.branch().name().equals(branch)) {
        last = branched.branch().from();
      }
    }
    return last;
  }

  /** Which version each tag marks, by name of the tag. */
  public NavigableMap<TagName, VersionName> tags() {
    return Collections.unmodifiableNavigableMap(tags);
  }

  public boolean hasBranch(BranchName branch) {
    return branches.containsKey(branch);
  }

  /** The branch of a name, as it was created. */
  public Optional<Branch> branch(BranchName name) {
    return Optional.ofNullable(made.get(name));
  }

  /** All branches that there are, by name. */
  public List<Branch> everyBranch() {
    return branches.keySet().stream().map(made::get).toList();
  }

  /** The places of all branches that there are. */
  public Set<String> branchPlaces() {
    return made.values().stream().map(Branch::place).collect(Collectors.toSet());
  }

  /** The places of branches that were and are deleted. */
  public Set<String> deletedBranchPlaces() {
    return Collections.unmodifiableSet(deletedPlaces);
  }

  /** The branches by name, {@link BranchName#MAIN} among them. */
  public Set<BranchName> branches() {
    return Collections.unmodifiableSet(branches.keySet());
  }

  /** The publish ids of the versions in state NORMAL. */
  public Set<String> publishIds() {
    return versions().stream().map(DatasetVersion::publishId).collect(Collectors.toSet());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionHistory history && events.equals(history.events);
  }

  @Override
  public int hashCode() {
    return events.hashCode();
  }

  @Override
  public String toString() {
    return "VersionHistory" + events;
  }

  private static boolean isNormal(DatasetVersion version) {
    return version.state() == VersionState.NORMAL;
  }

  private void apply(VersionEvent event) {
    if (event instanceof Published published) {
      DatasetVersion version = published.version();
      versions.put(version.name(), version);
      branches.put(version.branch(), Optional.of(version.name()));
    } else if (event instanceof MadeCurrent made) {
      branches.put(made.branch(), Optional.of(made.version()));
    } else if (event instanceof Deleted deleted) {
      versions.computeIfPresent(deleted.version(), (name, version) -> version.deleted());
    } else if (event instanceof Tagged tagged) {
      tags.put(tagged.tag(), tagged.version());
    } else if (event instanceof Untagged untagged) {
      tags.remove(untagged.tag());
    } else if (event instanceof Branched branched) {
      branches.put(branched.branch().name(), branched.branch().from());
      made.put(branched.branch().name(), branched.branch());
    } else if (event instanceof BranchDeleted deleted) {
      branches.remove(deleted.branch());
      Optional.ofNullable(made.remove(deleted.branch()))
          .map(Branch::place)
          .ifPresent(deletedPlaces::add);
    }
  }
}
