package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.ObjectContent;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.PendingObject;
import io.millrace.dataset.storage.StorageSettings;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where one task of an export writes: files of its own, and its part of lists that all tasks write,
 * which are joined in the end, in the order of the tasks. A task that runs twice writes the same
 * files again.
 *
 * <p>Paths are relative to the target, names separated by slashes. Not safe for use by several
 * threads.
 */
public final class ExportOutput {
  /** Holds the parts of lists until they are joined. */
  static final String PARTS = ".parts/";

  private static final int BUFFER_BYTES = 1 << 16;

  private final StorageUri staging;
  private final int task;
  private final StorageSettings settings;
  private final ObjectStore store;
  private final Map<String, ListPart> lists = new TreeMap<>();
  private long files;
  private long bytes;

  /**
   * @param staging where files are written
   * @param task its number, from 0
   */
  public ExportOutput(StorageUri staging, int task, StorageSettings settings) {
    this.staging = requireNonNull(staging, "staging is null");
    this.task = task;
    this.settings = requireNonNull(settings, "settings is null");
    this.store = ObjectStores.of(staging, settings);
  }

  /** The number of the task, from 0; for names of files that no other task may write. */
  public int task() {
    return task;
  }

  /** Writes a file whole, or, where the content fails, not at all. */
  public void write(String path, ObjectContent content) throws IOException {
    long[] written = new long[1];
    store.write(staging.resolve(path), out -> content.writeTo(new Counting(out, written)));
    count(written[0]);
  }

  public void write(String path, byte[] content) throws IOException {
    write(path, out -> out.write(content));
  }

  /**
   * Begins a file that takes many samples. Whoever begins it closes it at the writer's end and
   * discards it after a failure, and tells its size by {@link #count}.
   */
  public PendingObject create(String path) throws IOException {
    return store.create(staging.resolve(path));
  }

  /** Counts a file that was written by {@link #create}. */
  public void count(long fileBytes) {
    files++;
    bytes += fileBytes;
  }

  /** This task's part of a list; the stream is closed by the output. */
  public OutputStream list(String path) throws IOException {
    ListPart part = lists.get(path);
    if (part == null) {
      part = new ListPart(store.create(staging.resolve(partOf(path, task))));
      lists.put(path, part);
    }
    return part.buffer();
  }

  /** Adds a line to this task's part of a list. */
  public void line(String list, String text) throws IOException {
    OutputStream out = list(list);
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  /**
   * Copies a sample's bytes, or writes its inline text, to a file. A copy that is there is whole.
   *
   * @throws LeftOutException if the source is gone, cannot be read, or is not what was imported
   */
  public void copyMedia(Sample sample, String path) throws IOException {
    write(path, out -> transferMedia(sample, out));
  }

  /**
   * Passes a sample's bytes, or its inline text, on.
   *
   * @throws LeftOutException if the source is gone, cannot be read, or, as is known after its last
   *     byte, is not what was imported
   */
  public void transferMedia(Sample sample, OutputStream out) throws IOException {
    if (sample.source().isContent()) {
      out.write(sample.source().path().getBytes(StandardCharsets.UTF_8));
      return;
    }
    MessageDigest digest = Digest.sha256();
    long size = 0;
    try (InputStream in = open(sample)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = read(sample, in, buffer); count >= 0; count = read(sample, in, buffer)) {
        if (sample.digest().isPresent()) {
          digest.update(buffer, 0, count);
        }
        out.write(buffer, 0, count);
        size += count;
      }
    }
    check(sample, size, digest);
  }

  private InputStream open(Sample sample) throws LeftOutException {
    try {
      return ObjectStores.of(sample.source(), settings).open(sample.source());
    } catch (IOException | DatasetException e) {
      throw unreadable(e);
    }
  }

  private static int read(Sample sample, InputStream in, byte[] buffer) throws LeftOutException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(new IOException("Cannot read %s: %s".formatted(sample.source(), e), e));
    }
  }

  private static LeftOutException unreadable(Exception cause) {
    return new LeftOutException(LeftOutReason.MEDIA_UNREADABLE, cause.getMessage() + ".", cause);
  }

  private static void check(Sample sample, long size, MessageDigest digest)
      throws LeftOutException {
    if (size != sample.sizeBytes()) {
      throw new LeftOutException(
          LeftOutReason.MEDIA_CHANGED,
          "%s has %s bytes, and had %s when it was imported; import it again."
              .formatted(sample.source(), size, sample.sizeBytes()));
    }
    if (sample.digest().isPresent()) {
      Digest actual = Digest.of(digest);
      if (!actual.equals(sample.digest().get())) {
        throw new LeftOutException(
            LeftOutReason.MEDIA_CHANGED,
            "%s has other bytes than when it was imported; import it again."
                .formatted(sample.source()));
      }
    }
  }

  /** Makes the parts of lists visible; the names of these lists. */
  public Set<String> finish() throws IOException {
    for (ListPart part : lists.values()) {
      part.buffer().flush();
      part.object().close();
    }
    return new TreeSet<>(lists.keySet());
  }

  /** Forgets the parts of lists. */
  public void abandon() throws IOException {
    IOException failure = null;
    for (ListPart part : lists.values()) {
      try {
        part.object().discard();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Files written whole, without parts of lists. */
  public long files() {
    return files;
  }

  /** Bytes of those files. */
  public long bytes() {
    return bytes;
  }

  static String partOf(String list, int task) {
    return "%s%s/%05d".formatted(PARTS, list, task);
  }

  private record ListPart(PendingObject object, OutputStream buffer) {
    ListPart(PendingObject object) {
      this(object, new BufferedOutputStream(object, BUFFER_BYTES));
    }
  }

  /** Counts what passes. */
  static final class Counting extends FilterOutputStream {
    private final long[] count;

    Counting(OutputStream out, long[] count) {
      super(out);
      this.count = count;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count[0]++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
      count[0] += length;
    }
  }
}
