package io.millrace.dataset.columns;

import java.io.IOException;
import java.io.OutputStream;

/** A file in columns that is being written. Not safe for use by several threads. */
public interface ColumnFile {

  /** The kinds of such files. */
  enum Kind {
    /** Apache Parquet, compressed with Snappy. */
    PARQUET(".parquet") {
      @Override
      public ColumnFile open(OutputStream out, Columns columns) throws IOException {
        return new ParquetFile(out, columns);
      }
    },
    /** Apache Arrow's file format, not compressed, so that readers map it into memory. */
    ARROW(".arrow") {
      @Override
      public ColumnFile open(OutputStream out, Columns columns) throws IOException {
        return new ArrowFile(out, columns);
      }
    };

    private final String extension;

    Kind(String extension) {
      this.extension = extension;
    }

    /** Of its files, with the dot. */
    public String extension() {
      return extension;
    }

    /** Begins a file. The stream stays the caller's, who closes it after the file. */
    public abstract ColumnFile open(OutputStream out, Columns columns) throws IOException;
  }

  /** Writes a row, a cell a column as its {@link CellType} says. */
  void write(Object[] cells) throws IOException;

  /** Ends the file, which is whole then. */
  void finish() throws IOException;

  /** Gives up what a file holds in memory that nobody will end. */
  void abandon() throws IOException;
}
