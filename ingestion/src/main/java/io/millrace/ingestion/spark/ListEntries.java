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
    Stream<StoredObject> objects = part.objects(stores);
    TaskContext.get().addTaskCompletionListener(new Closing(objects));
    return objects
        .flatMap(object -> entries(object, stores))
        .peek(entry -> listed.add(1))
        .map(EntryRows::toRow)
        .iterator();
  }

  private Stream<LayoutEntry> entries(StoredObject object, Stores stores) {
    try {
      return layout.entries(object, stores);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes a stream when the task that reads it ends, however it ends. */
  private record Closing(Stream<?> stream) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      stream.close();
    }
  }
}
