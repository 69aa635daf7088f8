package io.millrace.ingestion.spark;

import io.millrace.dataset.ImportId;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.ingestion.layout.ImportLayout;
import io.millrace.ingestion.layout.InspectionRules;
import io.millrace.ingestion.layout.LayoutEntry;
import io.millrace.ingestion.layout.SampleInspector;
import io.millrace.ingestion.layout.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;

/**
 * Inspects the entries of a partition, which come sorted by key; holds those of one key at most.
 */
final class InspectEntries implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 2L;

  private final ImportLayout layout;
  private final InspectionRules rules;
  private final StorageSettings storage;
  private final String importId;
  private final Instant importedAt;
  private final LongAccumulator inspected;

  /**
   * @param inspected counts entries for the progress display, which a repeated task counts twice
   */
  InspectEntries(
      ImportLayout layout,
      InspectionRules rules,
      StorageSettings storage,
      ImportId id,
      Instant importedAt,
      LongAccumulator inspected) {
    this.layout = layout;
    this.rules = rules;
    this.storage = storage;
    this.importId = id.value();
    this.importedAt = importedAt;
    this.inspected = inspected;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> entries) {
    SampleInspector inspector =
        new SampleInspector(Stores.open(storage), rules, new ImportId(importId), importedAt);
    Spliterator<List<LayoutEntry>> groups =
        Spliterators.spliteratorUnknownSize(new Groups(entries, inspected), Spliterator.ORDERED);
    return StreamSupport.stream(groups, false)
        .flatMap(group -> layout.assemble(group, inspector).stream())
        .map(OutcomeRows::toRow)
        .iterator();
  }

  /** Neighbours of equal key, together. */
  private static final class Groups implements Iterator<List<LayoutEntry>> {
    private final Iterator<Row> entries;
    private final LongAccumulator inspected;
    private Row next;

    Groups(Iterator<Row> entries, LongAccumulator inspected) {
      this.entries = entries;
      this.inspected = inspected;
      this.next = entries.hasNext() ? entries.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public List<LayoutEntry> next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      String key = EntryRows.key(next);
      List<LayoutEntry> group = new ArrayList<>();
      while (next != null && EntryRows.key(next).equals(key)) {
        group.add(EntryRows.toEntry(next));
        inspected.add(1);
        next = entries.hasNext() ? entries.next() : null;
      }
      return group;
    }
  }
}
