package io.millrace.ingestion.layout;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.probe.TextScan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A file of HuggingFace's metadata: JSON lines, or CSV with a header.
 *
 * @param source the imported directory, that the keys of entries are relative to
 */
record HuggingfaceMetadata(
    StorageUri source, StorageUri file, LabelTaskType taskType, long lineBytes) {
  private static final String JSON_LINES = "metadata.jsonl";
  private static final String CSV = "metadata.csv";
  private static final String PARQUET = "metadata.parquet";

  private static final int MOST_COLUMNS = 2000;

  static boolean isMetadata(String path) {
    return !SourceDirectory.isHidden(path)
        && List.of(JSON_LINES, CSV, PARQUET).contains(SourceDirectory.fileName(path));
  }

  /** The entries of its rows, read while the stream is. */
  Stream<LayoutEntry> entries(Stores stores) throws IOException {
    return switch (file.fileName()) {
      case JSON_LINES -> TextLines.open(file, stores, lineBytes).stream().map(this::entry);
      case CSV -> csvEntries(stores);
      default ->
          Stream.of(
              LabelledText.broken(
                  file,
                  1,
                  RejectReason.BROKEN_ANNOTATION,
                  "Metadata in Parquet is not read; write it as metadata.jsonl."));
    };
  }

  private LayoutEntry entry(TextLine line) {
    if (line instanceof TextLine.Broken broken) {
      return LabelledText.broken(file, broken);
    }
    String text = ((TextLine.Read) line).text();
    if (text.isBlank()) {
      return new LayoutEntry.Remark(LabelledText.key(file, line.number()), Note.BLANK_LINE);
    }
    try {
      JsonLine json = JsonLine.parse(text);
      return entry(line.number(), PropertiesJson.read(json.object().toString()).values());
    } catch (JsonFaultException e) {
      return LabelledText.broken(file, line.number(), e);
    } catch (DatasetException e) {
      return LabelledText.broken(file, line.number(), RejectReason.BROKEN_LINE, e.getMessage());
    }
  }

  private LayoutEntry entry(long line, Map<String, Object> values) {
    StorageUri directory = file.parent().orElse(source);
    try {
      Sample sample = HuggingfaceRow.parse(directory, values, taskType);
      String key = new SourceDirectory(source).relativePath(sample.source());
      return new LayoutEntry.Described(key, file, line, sample);
    } catch (HuggingfaceRow.RowFaultException e) {
      return LabelledText.broken(file, line, e.reason(), e.getMessage());
    }
  }

  private Stream<LayoutEntry> csvEntries(Stores stores) throws IOException {
    Charset charset;
    try (InputStream bytes = stores.of(file).open(file)) {
      charset = TextScan.charset(bytes);
    }
    InputStream bytes = stores.of(file).open(file);
    CsvParserSettings settings = new CsvParserSettings();
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setReadInputOnSeparateThread(false);
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setMaxCharsPerColumn((int) Math.min(lineBytes, Integer.MAX_VALUE));
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setNullValue("");
    CsvParser parser = new CsvParser(settings);
    parser.beginParsing(bytes, charset);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                new CsvRows(parser), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(
            () -> {
              try (bytes) {
                parser.stopParsing();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** Rows of CSV as entries; after one that cannot be parsed there are none. */
  private final class CsvRows implements Iterator<LayoutEntry> {
    private final CsvParser parser;
    private String[] header = {};
    private Optional<LayoutEntry> next = Optional.empty();
    private boolean isOver;

    CsvRows(CsvParser parser) {
      this.parser = parser;
    }

    @Override
    public boolean hasNext() {
      if (next.isEmpty() && !isOver) {
        read();
      }
      return next.isPresent();
    }

    @Override
    public LayoutEntry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      LayoutEntry entry = next.orElseThrow();
      next = Optional.empty();
      return entry;
    }

    private void read() {
      try {
        String[] cells = parser.parseNext();
        if (header.length == 0 && cells != null) {
          header = cells;
          cells = parser.parseNext();
        }
        isOver = cells == null;
        if (cells != null) {
          next = Optional.of(row(cells));
        }
      } catch (TextParsingException e) {
        if (e.getCause() instanceof IOException failure) {
          throw new UncheckedIOException(failure);
        }
        isOver = true;
        next =
            Optional.of(
                LabelledText.broken(
                    file,
                    e.getLineIndex() + 1,
                    RejectReason.BROKEN_LINE,
                    "A cell is longer than the limit (limits.lineBytes) of %s, or a quote is never closed; the rows from here on were not read."
                        .formatted(lineBytes)));
      }
    }

    private LayoutEntry row(String[] cells) {
      // The parser has read the end of the row's last line.
      long line = parser.getContext().currentLine();
      if (cells.length > header.length) {
        return LabelledText.broken(
            file,
            line,
            RejectReason.BROKEN_LINE,
            "The row has %s cells, the header %s.".formatted(cells.length, header.length));
      }
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < cells.length; i++) {
        if (header[i] != null && cells[i] != null && !cells[i].isEmpty()) {
          if (cells[i].indexOf('\uFFFD') >= 0) {
            return LabelledText.broken(
                file,
                line,
                RejectReason.BROKEN_LINE,
                "The bytes of column %s are no text in the file's charset.".formatted(header[i]));
          }
          values.put(header[i].strip(), cells[i]);
        }
      }
      return entry(line, values);
    }
  }
}
