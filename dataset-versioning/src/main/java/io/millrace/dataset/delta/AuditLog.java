package io.millrace.dataset.delta;

import static io.delta.kernel.types.LongType.LONG;
import static io.delta.kernel.types.StringType.STRING;
import static io.delta.kernel.types.TimestampType.TIMESTAMP;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.exceptions.ProtocolChangedException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.types.StructType;
import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.manifest.PropertiesJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who changed a dataset, when, how, and what came of it; read without an engine.
 *
 * <p>An operation that commits to the samples carries its entry in that very commit, as user
 * metadata ({@link AuditJson}): the change and the word of it are there together or not at all. The
 * table {@code audit} is a copy for the time after Delta has cleaned up its log (30 days by
 * default). {@link #catchUp} makes the copy; {@link #read} also tells what was not copied yet. So a
 * process that dies between its commit and the copy loses nothing, and the next operation copies
 * for it.
 *
 * <p>An operation that commits elsewhere (a publish, a delete) gives its entry to {@link #record}.
 *
 * <p>Several writers may be at work: each entry is there once, whoever copies it.
 */
public final class AuditLog {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /** Each entry comes in a file of its own, until so many are gathered. */
  private static final int MOST_SINGLE_ENTRIES = 64;

  private static final StructType SCHEMA =
      new StructType()
          .add("id", STRING)
          .add("at", TIMESTAMP)
          .add("by", STRING)
          .add("operation", STRING)
          .add("parameters", STRING)
          .add("counts", STRING)
          .add("result", STRING)
          .add("samples_version", LONG);

  private final DatasetLayout layout;
  private final KernelTable table;
  private final KernelTable samples;

  private AuditLog(DatasetLayout layout) {
    this.layout = layout;
    this.table = KernelTable.at(layout.auditTable());
    this.samples = KernelTable.at(layout.samplesTable());
  }

  public static AuditLog of(DatasetLayout layout) {
    return new AuditLog(layout);
  }

  /**
   * An entry and the commit to the samples that carries it.
   *
   * @param samplesVersion of the table {@code samples}; empty for a commit elsewhere
   */
  private record Recorded(AuditEntry entry, Optional<Long> samplesVersion) {}

  /** All entries, oldest first; those of one moment in the order of their commits. */
  public List<AuditEntry> read() {
    try {
      List<Recorded> copied = copied();
      return Stream.concat(copied.stream(), notCopied(copied).stream())
          .sorted(
              Comparator.comparing((Recorded each) -> each.entry().at())
                  .thenComparing(each -> each.samplesVersion().orElse(-1L)))
          .map(Recorded::entry)
          .toList();
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.auditTable(), e);
    }
  }

  /** The entries that commits to the samples carry, by the numbers of these commits. */
  public NavigableMap<Long, AuditEntry> ofSamples() {
    try {
      List<Recorded> copied = copied();
      NavigableMap<Long, AuditEntry> entries = new TreeMap<>();
      Stream.concat(copied.stream(), notCopied(copied).stream())
          .forEach(
              recorded ->
                  recorded
                      .samplesVersion()
                      .ifPresent(number -> entries.put(number, recorded.entry())));
      return entries;
    } catch (IOException e) {
      throw DatasetErrors.unreadable(layout.auditTable(), e);
    }
  }

  /**
   * Copies the entries that commits to the samples carry and the table has not.
   *
   * @throws io.millrace.dataset.DatasetException if the table cannot be written; {@link #read}
   *     tells of them all the same
   */
  public void catchUp() {
    try {
      List<Recorded> copied = copied();
      append(copied.size(), notCopied(copied));
    } catch (IOException e) {
      throw DatasetErrors.unwritable(layout.auditTable(), e);
    }
  }

  /**
   * Records an operation that committed elsewhere than to the samples; doing so again changes
   * nothing.
   */
  public void record(AuditEntry entry) {
    try {
      append(copied().size(), List.of(new Recorded(entry, Optional.empty())));
    } catch (IOException e) {
      throw DatasetErrors.unwritable(layout.auditTable(), e);
    }
  }

  private void append(long before, List<Recorded> entries) throws IOException {
    for (Recorded entry : entries) {
      append(entry);
    }
    if (before / MOST_SINGLE_ENTRIES < (before + entries.size()) / MOST_SINGLE_ENTRIES) {
      gather();
    }
  }

  /** The entries are on record, so that what fails here must not be taken for their failure. */
  private void gather() {
    try {
      table.gather();
    } catch (IOException | RuntimeException e) {
      log.warn("Could not gather the audit of {}: {}", layout.root(), e.getMessage());
    }
  }

  private List<Recorded> copied() throws IOException {
    Optional<Snapshot> snapshot = table.snapshot();
    return snapshot.isEmpty() ? List.of() : table.rows(snapshot.get(), AuditLog::recorded);
  }

  private List<Recorded> notCopied(List<Recorded> copied) throws IOException {
    Set<UUID> known = copied.stream().map(each -> each.entry().id()).collect(Collectors.toSet());
    long next =
        copied.stream()
            .flatMap(recorded -> recorded.samplesVersion().stream())
            .max(Comparator.naturalOrder())
            .map(last -> last + 1)
            .orElse(0L);
    List<Recorded> missing = new ArrayList<>();
    samples
        .userMetadata(next)
        .forEach(
            (version, text) ->
                AuditJson.find(text)
                    .filter(entry -> !known.contains(entry.id()))
                    .ifPresent(entry -> missing.add(new Recorded(entry, Optional.of(version)))));
    return missing;
  }

  private void append(Recorded recorded) throws IOException {
    Object[] row = cells(recorded);
    Optional<Snapshot> snapshot = table.snapshot();
    if (snapshot.isPresent()) {
      append(snapshot.get(), recorded, row);
      return;
    }
    try {
      table.create(SCHEMA, List.of());
    } catch (TableAlreadyExistsException | ProtocolChangedException e) {
      log.debug("Another operation made {} first", layout.auditTable(), e);
    }
    append(table.snapshot().orElseThrow(), recorded, row);
  }

  private void append(Snapshot snapshot, Recorded recorded, Object[] row) throws IOException {
    try {
      table.append(snapshot, recorded.entry().id().toString(), 1, row);
    } catch (ConcurrentTransactionException e) {
      log.debug("Entry {} is recorded already", recorded.entry().id(), e);
    }
  }

  private static Object[] cells(Recorded recorded) {
    AuditEntry entry = recorded.entry();
    return new Object[] {
      entry.id().toString(),
      KernelTable.micros(entry.at()),
      entry.by(),
      entry.operation(),
      PropertiesJson.write(entry.parameters()),
      PropertiesJson.write(entry.counts()),
      entry.result(),
      recorded.samplesVersion().orElse(null)
    };
  }

  private static Recorded recorded(Row row) {
    return new Recorded(
        new AuditEntry(
            UUID.fromString(row.getString(0)),
            KernelTable.instant(row.getLong(1)),
            row.getString(2),
            row.getString(3),
            PropertiesJson.readWritten(row.getString(4)),
            PropertiesJson.readWritten(row.getString(5)),
            row.getString(6)),
        row.isNullAt(7) ? Optional.empty() : Optional.of(row.getLong(7)));
  }
}
