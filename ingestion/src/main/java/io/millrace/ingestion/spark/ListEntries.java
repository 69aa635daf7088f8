package io.millrace.ingestion.spark;

import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.layout.ImportLayout;
import io.millrace.ingestion.layout.LayoutEntry;
import io.millrace.ingestion.layout.SourcePart;
import io.millrace.ingestion.layout.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.TaskCompletionListener;

/** Reads the entries of a part of a source, as a stream: the task holds none of them. */
final class ListEntries implements FlatMapFunction<SourcePart, Row> {
  private static final long serialVersionUID = 1L;

  private final ImportLayout layout;
  private final StorageSettings storage;
  private final LongAccumulator listed;

  /**
   * @param listed counts entries for the progress display, which a repeated task counts twice
   */
  ListEntries(ImportLayout layout, StorageSettings storage, LongAccumulator listed) {
    this.layout = layout;
    this.storage = storage;
    this.listed = listed;
  }

  @Override
  public Iterator<Row> call(SourcePart part) throws IOException {
    Stores stores = Stores.open(storage);
    FoundEntries entries = new FoundEntries(part.objects(stores), layout, stores);
    TaskContext.get().addTaskCompletionListener(new Closing(entries));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Row next() {
        listed.add(1);
        return EntryRows.toRow(entries.next());
      }
    };
  }

  /**
   * The entries of one object after the other, each only when it is asked for. (The iterator of a
   * stream's flatMap would hold all entries of an object, a whole manifest, at once.)
   */
  private static final class FoundEntries implements Iterator<LayoutEntry>, AutoCloseable {
    private final Stream<StoredObject> objects;
    private final Iterator<StoredObject> nextObjects;
    private final ImportLayout layout;
    private final Stores stores;
    private Stream<LayoutEntry> ofObject = Stream.empty();
    private Iterator<LayoutEntry> nextEntries = ofObject.iterator();

    FoundEntries(Stream<StoredObject> objects, ImportLayout layout, Stores stores) {
      this.objects = objects;
      this.nextObjects = objects.iterator();
      this.layout = layout;
      this.stores = stores;
    }

    @Override
    public boolean hasNext() {
      while (!nextEntries.hasNext() && nextObjects.hasNext()) {
        ofObject.close();
        try {
          ofObject = layout.entries(nextObjects.next(), stores);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        nextEntries = ofObject.iterator();
      }
      return nextEntries.hasNext();
    }

    @Override
    public LayoutEntry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return nextEntries.next();
    }

    @Override
    public void close() {
      ofObject.close();
      objects.close();
    }
  }

  /** Closes the entries when the task that reads them ends, however it ends. */
  private record Closing(FoundEntries entries) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      entries.close();
    }
  }
}
