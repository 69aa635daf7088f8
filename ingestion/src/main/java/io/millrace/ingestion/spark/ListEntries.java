package io.millrace.ingestion.spark;

import io.millrace.ingestion.layout.ImportLayout;
import io.millrace.ingestion.layout.LayoutEntry;
import io.millrace.ingestion.layout.Stores;
import java.io.IOException;
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

  @Override
  public Iterator<Tuple2<String, Row>> call(ImportLayout layout) throws IOException {
    Stream<LayoutEntry> entries = layout.entries(Stores.open());
    TaskContext.get().addTaskCompletionListener(new Closing(entries));
    return entries.map(entry -> Tuple2.apply(entry.key(), EntryRows.toRow(entry))).iterator();
  }

  /** Closes a stream when the task that reads it ends, however it ends. */
  private record Closing(Stream<?> stream) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      stream.close();
    }
  }
}
