package io.millrace.ingestion.table;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.table.ColumnType;
import io.millrace.dataset.table.TableColumn;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.table.TypeEvidence;
import io.millrace.ingestion.RejectReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What a first look at a whole CSV file found. */
public sealed interface CsvFileScan extends Serializable {

  /** A file that is refused as a whole. */
  record Refused(RejectReason reason, String message) implements CsvFileScan {
    private static final long serialVersionUID = 1L;

    public Refused {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }

  /**
   * A file whose rows can be read.
   *
   * @param text its charset and line ends
   * @param names its columns, from the header or made up
   * @param evidence what the texts of each column were seen to be
   */
  record Known(FileText text, List<String> names, List<TypeEvidence> evidence)
      implements CsvFileScan {
    private static final long serialVersionUID = 1L;

    public Known {
      requireNonNull(text, "text is null");
      names = List.copyOf(names);
      evidence = List.copyOf(evidence);
    }

    /** Opens the file's rows, the header among them; closing the reader closes the bytes. */
    public CsvReader open(InputStream bytes, CsvDialect dialect) throws IOException {
      return CsvReader.open(bytes, text, dialect);
    }

    /** The columns with the types that fit all texts seen. */
    TableSchema inferred() {
      return schema(i -> evidence.get(i).type());
    }

    /** The columns with the types of a schema, so that it can be compared by name alone. */
    TableSchema withTypesOf(TableSchema schema) {
      return schema(
          i -> i < schema.size() ? schema.columns().get(i).type() : evidence.get(i).type());
    }

    Known withEvidence(List<TypeEvidence> other) {
      return new Known(text, names, other);
    }

    private TableSchema schema(IntFunction<ColumnType> type) {
      return new TableSchema(
          IntStream.range(0, names.size())
              .mapToObj(i -> new TableColumn(names.get(i), type.apply(i)))
              .toList());
    }
  }

  /** Opens the same bytes, each time from their beginning. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }

  /**
   * Looks at a file: once at its bytes, once at its rows.
   *
   * @param inferenceRows types are inferred from so many rows at its beginning
   */
  static CsvFileScan of(Content content, CsvDialect dialect, long inferenceRows)
      throws IOException {
    Optional<FileText> text;
    try (InputStream bytes = content.open()) {
      text = FileText.of(bytes, dialect.charset().candidates());
    }
    if (text.isEmpty()) {
      return new Refused(
          RejectReason.UNDECODABLE_TEXT,
          "The bytes are no text in %s. Convert the file to UTF-8, or name its charset."
              .formatted(
                  dialect.charset() == TableCharset.AUTO ? "UTF-8 or GBK" : dialect.charset()));
    }
    try (CsvReader reader = CsvReader.open(content.open(), text.get(), dialect)) {
      return new CsvScanning(dialect, inferenceRows).read(reader, text.get());
    } catch (RunawayRowException e) {
      return new Refused(
          RejectReason.UNCLOSED_QUOTE, e.getMessage() + ". Close the quote, or split the row.");
    }
  }
}
