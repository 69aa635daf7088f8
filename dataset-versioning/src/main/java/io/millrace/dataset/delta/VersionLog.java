package io.millrace.dataset.delta;

import static io.delta.kernel.types.LongType.LONG;
import static io.delta.kernel.types.StringType.STRING;
import static io.delta.kernel.types.TimestampType.TIMESTAMP;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.types.StructType;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.Digest;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.VersionState;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code versions}: what happened to the versions of a dataset, one row an event, only
 * appended to. The commit of such a row is the moment at which a version exists.
 *
 * <p>Events are numbered, and each number can be committed once, whoever tries (a Delta transaction
 * identifier). So all writers of all processes agree on one order, and a name is given out once.
 */
public final class VersionLog {
  private static final Logger log = LoggerFactory.getLogger(VersionLog.class);
  private static final String SEQUENCE = "millrace/versions";
  private static final int MOST_ATTEMPTS = 20;
  private static final String PUBLISHED = "PUBLISHED";
  private static final String MADE_CURRENT = "MADE_CURRENT";

  private static final StructType SCHEMA =
      new StructType()
          .add("number", LONG)
          .add("event", STRING)
          .add("version", STRING)
          .add("happened_at", TIMESTAMP)
          .add("publish_id", STRING)
          .add("task_type", STRING)
          .add("description", STRING)
          .add("parent", STRING)
          .add("manifest", STRING)
          .add("manifest_digest", STRING)
          .add("samples", LONG)
          .add("parts", STRING)
          .add("labels", STRING)
          .add("media_bytes", LONG);

  private final DatasetLayout layout;
  private final KernelTable table;

  private VersionLog(DatasetLayout layout) {
    this.layout = layout;
    this.table = KernelTable.at(layout.versionsTable());
  }

  public static VersionLog of(DatasetLayout layout) {
    return new VersionLog(layout);
  }

  /**
   * The versions at one moment.
   *
   * @param versions oldest first
   * @param current the version that references without a version name mean; empty before the first
   */
  public record State(List<DatasetVersion> versions, Optional<VersionName> current) {
    public State {
      versions = List.copyOf(versions);
    }

    public Optional<DatasetVersion> find(VersionName name) {
      return versions.stream().filter(version -> version.name().equals(name)).findFirst();
    }

    public Set<String> publishIds() {
      return versions.stream().map(DatasetVersion::publishId).collect(Collectors.toSet());
    }

    public List<VersionName> names() {
      return versions.stream().map(DatasetVersion::name).toList();
    }
  }

  private sealed interface Event {}

  private record Published(long number, DatasetVersion version) implements Event {}

  private record MadeCurrent(long number, VersionName version, Instant at) implements Event {}

  /** Makes the empty table. */
  void create() throws IOException {
    table.create(SCHEMA, List.of());
  }

  public State read() {
    return state(events(snapshot()));
  }

  /** The publish ids that the table of version samples holds rows of, also invisible ones. */
  public Set<String> publishIdsWithRows() {
    KernelTable samples = KernelTable.at(layout.versionSamplesTable());
    Optional<Snapshot> snapshot = samples.snapshot();
    try {
      return snapshot.isEmpty()
          ? Set.of()
          : Set.copyOf(samples.contents(snapshot.get()).rowsByPartition().keySet());
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.versionSamplesTable(), e);
    }
  }

  /**
   * Makes a version exist, and makes it the current one: the one commit that readers wait for.
   *
   * <p>Its parent is set here to the version that is current at this moment, and its time is moved
   * behind that of the version before it, should clocks disagree.
   *
   * @return the version as it was recorded
   * @throws DatasetException if the name is taken
   */
  public DatasetVersion publish(DatasetName dataset, DatasetVersion version) {
    Event event =
        append(
            (number, before) -> {
              checkFree(dataset, version.name(), before);
              return new Published(number, recorded(version, before));
            });
    return ((Published) event).version();
  }

  /**
   * Makes a version the one that references without a version name mean.
   *
   * @throws DatasetException if there is no such version
   */
  public void makeCurrent(DatasetName dataset, VersionName version, Instant now) {
    append(
        (number, before) -> {
          if (before.find(version).isEmpty()) {
            throw DatasetErrors.noVersion(DatasetRef.of(dataset, version), before.names());
          }
          return new MadeCurrent(number, version, now);
        });
    log.info("Made {}@{} the current version", dataset, version);
  }

  /**
   * Fails unless a version of this name can be published.
   *
   * @throws DatasetException if the name is taken
   */
  public static void checkFree(DatasetName dataset, VersionName name, State state) {
    if (state.find(name).isPresent()) {
      throw DatasetErrors.versionTaken(dataset, name);
    }
  }

  private interface Step {
    Event after(long number, State state);
  }

  private Event append(Step step) {
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Snapshot snapshot = snapshot();
      List<Event> events = events(snapshot);
      Event event = step.after(events.size() + 1L, state(events));
      try {
        table.append(snapshot, SEQUENCE, events.size() + 1L, cells(event));
        return event;
      } catch (ConcurrentTransactionException e) {
        log.debug("Another writer took event {} of {}", events.size() + 1, layout.root(), e);
      } catch (IOException e) {
        throw DatasetErrors.unwritable(layout.versionsTable(), e);
      }
    }
    throw new DatasetException(
        "Cannot record a version in %s: other writers came first %s times. Run the command again."
            .formatted(layout.root(), MOST_ATTEMPTS));
  }

  private Snapshot snapshot() {
    return table.snapshot().orElseThrow(() -> DatasetErrors.notADataset(layout.root()));
  }

  private List<Event> events(Snapshot snapshot) {
    try {
      List<Event> events = new ArrayList<>(table.rows(snapshot, this::event));
      events.sort(Comparator.comparingLong(VersionLog::number));
      return events;
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.versionsTable(), e);
    }
  }

  private static long number(Event event) {
    return event instanceof Published published
        ? published.number()
        : ((MadeCurrent) event).number();
  }

  private static State state(List<Event> events) {
    Map<VersionName, DatasetVersion> versions = new LinkedHashMap<>();
    Optional<VersionName> current = Optional.empty();
    for (Event event : events) {
      if (event instanceof Published published) {
        versions.put(published.version().name(), published.version());
        current = Optional.of(published.version().name());
      } else if (event instanceof MadeCurrent made) {
        current = Optional.of(made.version());
      }
    }
    return new State(List.copyOf(versions.values()), current);
  }

  private static DatasetVersion recorded(DatasetVersion version, State before) {
    Instant soonest =
        before.versions().stream()
            .map(DatasetVersion::createdAt)
            .max(Comparator.naturalOrder())
            .map(last -> last.plus(1, ChronoUnit.MICROS))
            .orElse(Instant.MIN);
    Instant wanted = version.createdAt().truncatedTo(ChronoUnit.MICROS);
    return new DatasetVersion(
        version.name(),
        version.publishId(),
        version.taskType(),
        version.description(),
        wanted.isBefore(soonest) ? soonest : wanted,
        before.current(),
        version.state(),
        version.manifest(),
        version.manifestDigest(),
        version.samples(),
        version.parts(),
        version.labels(),
        version.mediaBytes());
  }

  private Object[] cells(Event event) {
    if (event instanceof MadeCurrent made) {
      Object[] cells = new Object[SCHEMA.length()];
      cells[0] = made.number();
      cells[1] = MADE_CURRENT;
      cells[2] = made.version().value();
      cells[3] = KernelTable.micros(made.at());
      return cells;
    }
    Published published = (Published) event;
    DatasetVersion version = published.version();
    return new Object[] {
      published.number(),
      PUBLISHED,
      version.name().value(),
      KernelTable.micros(version.createdAt()),
      version.publishId(),
      version.taskType().name(),
      version.description(),
      version.parent().map(VersionName::value).orElse(null),
      layout.relative(version.manifest()),
      version.manifestDigest().hex(),
      version.samples(),
      json(version.parts()),
      json(version.labels()),
      version.mediaBytes()
    };
  }

  private Event event(Row row) {
    long number = row.getLong(0);
    String event = row.getString(1);
    VersionName name = new VersionName(row.getString(2));
    Instant at = KernelTable.instant(row.getLong(3));
    return switch (event) {
      case MADE_CURRENT -> new MadeCurrent(number, name, at);
      case PUBLISHED ->
          new Published(
              number,
              new DatasetVersion(
                  name,
                  row.getString(4),
                  LabelTaskType.valueOf(row.getString(5)),
                  row.getString(6),
                  at,
                  row.isNullAt(7)
                      ? Optional.empty()
                      : Optional.of(new VersionName(row.getString(7))),
                  VersionState.NORMAL,
                  manifest(row.getString(8)),
                  new Digest(row.getString(9)),
                  row.getLong(10),
                  counts(row.getString(11)),
                  counts(row.getString(12)),
                  row.getLong(13)));
      default ->
          throw new DatasetException(
              "Cannot read the versions of %s: an event '%s' is unknown. Use the release of Millrace that wrote it."
                  .formatted(layout.root(), event));
    };
  }

  /** Relative to the dataset, so that a copy of the directory opens as well. */
  private StorageUri manifest(String relative) {
    return layout.root().resolve(relative);
  }

  private static String json(NavigableMap<String, Long> counts) {
    return PropertiesJson.write(new Properties(new LinkedHashMap<>(counts)));
  }

  private static NavigableMap<String, Long> counts(String json) {
    NavigableMap<String, Long> counts = new TreeMap<>();
    PropertiesJson.readWritten(json)
        .values()
        .forEach((key, count) -> counts.put(key, (Long) count));
    return counts;
  }
}
