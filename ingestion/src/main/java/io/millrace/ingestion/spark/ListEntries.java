package io.millrace.ingestion.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.layout.ImportLayout;
import io.millrace.ingestion.layout.LayoutEntry;
import io.millrace.ingestion.layout.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/** Reads the entries of a layout in a task, as a stream: the task holds none of them. */
final class ListEntries implements PairFlatMapFunction<ImportLayout, String, Row> {
  private static final long serialVersionUID = 1L;

  private final StorageUri source;

  ListEntries(StorageUri source) {
    this.source = source;
  }

  @Override
  public Iterator<Tuple2<String, Row>> call(ImportLayout layout) throws IOException {
    Stores stores = Stores.open();
    ObjectStore store = stores.of(source);
    Stream<StoredObject> objects =
        store.isDirectory(source) ? store.list(source) : store.find(source).stream();
    TaskContext.get().addTaskCompletionListener(new Closing(objects));
    return objects
        .flatMap(object -> entries(layout, object, stores))
        .map(entry -> Tuple2.apply(entry.key(), EntryRows.toRow(entry)))
        .iterator();
  }

  private static Stream<LayoutEntry> entries(
      ImportLayout layout, StoredObject object, Stores stores) {
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
