package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.labels.RefusedLabel.Reason;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestReader;
import io.millrace.dataset.manifest.ParsedLine;
import io.millrace.dataset.manifest.Rejected;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/** Reads the lines of a manifest as suggestions, one after the other. */
final class SuggestionLines implements FlatMapFunction<String, Row> {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN_CHARACTERS = 120;

  /**
   * {@code key} is the id of the source; {@code reason} and {@code message} are null where the line
   * is a sample, all others where it is none.
   */
  static final StructType SCHEMA =
      new StructType()
          .add("line", DataTypes.LongType)
          .add("id", DataTypes.StringType)
          .add("key", DataTypes.StringType)
          .add("address", DataTypes.StringType)
          .add("annotations", DataTypes.createArrayType(AnnotationRows.SCHEMA))
          .add("reason", DataTypes.StringType)
          .add("message", DataTypes.StringType);

  private final StorageSettings storage;
  private final Limits limits;

  SuggestionLines(StorageSettings storage, Limits limits) {
    this.storage = storage;
    this.limits = limits;
  }

  @Override
  public Iterator<Row> call(String manifest) throws IOException {
    StorageUri address = StorageUri.parse(manifest);
    ManifestReader reader =
        ManifestReader.open(ObjectStores.of(address, storage), address, Instant.EPOCH, limits);
    TaskContext.get().addTaskCompletionListener(new Closing(reader));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return reader.hasNext();
      }

      @Override
      public Row next() {
        return row(reader.next());
      }
    };
  }

  private static Row row(ParsedLine line) {
    if (line instanceof Accepted accepted) {
      Sample sample = accepted.sample();
      return RowFactory.create(
          line.lineNumber(),
          sample.id().value(),
          SampleId.ofSource(sample.source()).value(),
          shown(sample.source().value()),
          sample.annotations().stream().map(AnnotationRows::toRow).toArray(Row[]::new),
          null,
          null);
    }
    Rejected rejected = (Rejected) line;
    return RowFactory.create(
        line.lineNumber(),
        null,
        null,
        null,
        null,
        Reason.BROKEN_LINE.name(),
        "line %d, column %d: %s"
            .formatted(line.lineNumber(), rejected.column(), rejected.reason()));
  }

  private static String shown(String address) {
    return address.length() <= SHOWN_CHARACTERS
        ? address
        : address.substring(0, address.offsetByCodePoints(0, SHOWN_CHARACTERS / 2)) + "...";
  }

  /** Closes the manifest when the task that reads it ends, however it ends. */
  private record Closing(ManifestReader reader) implements TaskCompletionListener {
    @Override
    public void onTaskCompletion(TaskContext context) {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
