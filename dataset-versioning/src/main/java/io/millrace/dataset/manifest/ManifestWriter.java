package io.millrace.dataset.manifest;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a manifest: one line a sample, each ended by a line feed, in UTF-8.
 *
 * <p>It does not close the stream it writes to, so that whoever opened the object decides whether
 * it becomes visible: within {@link io.millrace.dataset.storage.ObjectStore#write}, call {@link
 * #flush()} at the end. Not safe for use by several threads.
 */
public final class ManifestWriter {
  private final OutputStream out;
  private final ManifestCodec codec = new ManifestCodec();
  private long count;

  public ManifestWriter(OutputStream out) {
    this.out = new BufferedOutputStream(requireNonNull(out, "out is null"), 1 << 16);
  }

  /** Writes a sample that has no objects of its own. */
  public void write(Sample sample) throws IOException {
    writeLine(codec.encode(sample));
  }

  /** Writes a sample whose objects, if it has any, lie in the named file. */
  public void write(Sample sample, StorageUri objectFile) throws IOException {
    writeLine(codec.encode(sample, objectFile));
  }

  /** Writes a line as it was read. */
  public void write(Accepted accepted) throws IOException {
    writeLine(codec.encode(accepted));
  }

  /** Lines written so far. */
  public long count() {
    return count;
  }

  public void flush() throws IOException {
    out.flush();
  }

  private void writeLine(String line) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    count++;
  }
}
