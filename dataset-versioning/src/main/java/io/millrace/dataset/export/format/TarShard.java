package io.millrace.dataset.export.format;

import io.millrace.dataset.storage.PendingObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.io.output.DeferredFileOutputStream;

/** A tar file in the making. The same samples give the same bytes. */
final class TarShard {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String path;
  private final PendingObject object;
  private final TarArchiveOutputStream tar;
  private int samples;

  TarShard(String path, PendingObject object) {
    this.path = path;
    this.object = object;
    this.tar =
        new TarArchiveOutputStream(
            new BufferedOutputStream(object, BUFFER_BYTES), StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** Relative to the target of the export. */
  String path() {
    return path;
  }

  int samples() {
    return samples;
  }

  long bytes() {
    return tar.getBytesWritten();
  }

  void add(String name, byte[] content) throws IOException {
    begin(name, content.length);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  void add(String name, DeferredFileOutputStream content) throws IOException {
    begin(name, content.getByteCount());
    content.writeTo(tar);
    tar.closeArchiveEntry();
  }

  void endSample() {
    samples++;
  }

  /** Makes it visible; its size in bytes. */
  long finish() throws IOException {
    tar.close(); // its last block is written only then; closes the object as well
    return tar.getBytesWritten();
  }

  void abandon() throws IOException {
    object.discard();
  }

  private void begin(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
  }
}
