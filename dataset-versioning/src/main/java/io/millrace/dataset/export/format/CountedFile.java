package io.millrace.dataset.export.format;

import io.millrace.dataset.columns.ColumnFile;
import io.millrace.dataset.columns.Columns;
import io.millrace.dataset.storage.PendingObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import org.apache.commons.io.output.CountingOutputStream;

/** A file in columns on storage, not visible before its end, of which the size is counted. */
public record CountedFile(ColumnFile file, CountingOutputStream count, PendingObject object) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Begins the file in an object. */
  public static CountedFile open(ColumnFile.Kind kind, PendingObject object, Columns columns)
      throws IOException {
    CountingOutputStream count =
        new CountingOutputStream(new BufferedOutputStream(object, BUFFER_BYTES));
    return new CountedFile(kind.open(count, columns), count, object);
  }

  /** Makes it visible; its size in bytes. */
  public long finish() throws IOException {
    file.finish();
    count.flush();
    object.close();
    return count.getByteCount();
  }

  /** Forgets it. */
  public void abandon() throws IOException {
    try {
      file.abandon();
    } finally {
      object.discard();
    }
  }
}
