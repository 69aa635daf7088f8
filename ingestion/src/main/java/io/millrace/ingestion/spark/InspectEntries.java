package io.millrace.ingestion.spark;

import io.millrace.dataset.ImportId;
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
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Inspects the entries of a partition, which come sorted by key; holds those of one key at most.
 */
final class InspectEntries implements FlatMapFunction<Iterator<Tuple2<String, Row>>, Row> {
  private static final long serialVersionUID = 1L;

  private final ImportLayout layout;
  private final InspectionRules rules;
  private final String importId;
  private final Instant importedAt;

  InspectEntries(ImportLayout layout, InspectionRules rules, ImportId id, Instant importedAt) {
    this.layout = layout;
    this.rules = rules;
    this.importId = id.value();
    this.importedAt = importedAt;
  }

  @Override
  public Iterator<Row> call(Iterator<Tuple2<String, Row>> entries) {
    SampleInspector inspector =
        new SampleInspector(Stores.open(), rules, new ImportId(importId), importedAt);
    Spliterator<List<LayoutEntry>> groups =
        Spliterators.spliteratorUnknownSize(new Groups(entries), Spliterator.ORDERED);
    return StreamSupport.stream(groups, false)
        .flatMap(group -> layout.assemble(group, inspector).stream())
        .map(OutcomeRows::toRow)
        .iterator();
  }

  /** Neighbours of equal key, together. */
  private static final class Groups implements Iterator<List<LayoutEntry>> {
    private final Iterator<Tuple2<String, Row>> entries;
    private Tuple2<String, Row> next;

    Groups(Iterator<Tuple2<String, Row>> entries) {
      this.entries = entries;
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
      String key = next._1();
      List<LayoutEntry> group = new ArrayList<>();
      while (next != null && next._1().equals(key)) {
        group.add(EntryRows.toEntry(next._2()));
        next = entries.hasNext() ? entries.next() : null;
      }
      return group;
    }
  }
}
