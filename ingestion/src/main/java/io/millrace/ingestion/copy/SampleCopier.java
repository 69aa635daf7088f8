package io.millrace.ingestion.copy;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Digest;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.DatasetLayout;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.dataset.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies the sources of samples into a dataset, so that the dataset needs the sources no more.
 *
 * <p>A copy is named by a digest of the sample's id and of what storage says of the source (size,
 * time, etag), and keeps the source's extension: {@code data/3f/3f0c...e1.jpg}. Such a name fits
 * every file system, whatever the source is called; the same source gets the same name on every
 * import; and a source that changed gets another one, so that published versions keep the bytes
 * that they were published with.
 *
 * <p>A copy that others can see is whole. It is verified by reading it back: its size and SHA-256
 * must be those of the bytes that were read from the source. Several tasks may copy the same sample
 * at once.
 *
 * @param directory where the copies lie, {@link DatasetLayout#data()}
 */
public record SampleCopier(StorageUri directory) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int NAME_DIGITS = 32;
  private static final int BUFFER_BYTES = 1 << 17;

  /** What can stand in a name anywhere; anything longer is hardly an extension. */
  private static final Pattern EXTENSION =
      Pattern.compile(".*(\\.[A-Za-z0-9]{1,10})", Pattern.DOTALL);

  public SampleCopier {
    requireNonNull(directory, "directory is null");
  }

  public static SampleCopier into(DatasetLayout dataset) {
    return new SampleCopier(dataset.data());
  }

  /**
   * Copies a sample's source, unless a copy with the same bytes is there. The sample keeps its id,
   * which derives from the original address, so that the next import finds it again.
   *
   * @param original what storage says of the sample's source
   * @param from the store of the source
   * @param to the store of the dataset
   * @throws IOException if the source cannot be read, is not what was said of it (its size, a
   *     digest that the sample brings along), or if the copy cannot be written or reads back
   *     otherwise; there is no copy then
   */
  public CopiedSample copy(Sample sample, StoredObject original, ObjectStore from, ObjectStore to)
      throws IOException {
    StorageUri source = sample.source();
    if (source.isContent() || source.isSameOrBelow(directory)) {
      return new CopiedSample(sample, CopiedSample.Action.IN_PLACE);
    }
    StorageUri target = address(sample, original);
    if (to.find(target).isEmpty()) {
      return copied(sample, original, from, to, target);
    }
    Content content = read(from, source);
    check(sample, original, content);
    if (content.equals(read(to, target))) {
      return result(sample, target, content.digest(), CopiedSample.Action.FOUND);
    }
    // The storage tells no time and no etag, so that only the bytes show that the source changed.
    StorageUri other = address(sample, content.digest());
    if (to.find(other).isPresent() && content.equals(read(to, other))) {
      return result(sample, other, content.digest(), CopiedSample.Action.FOUND);
    }
    return copied(sample, original, from, to, other);
  }

  private static CopiedSample copied(
      Sample sample, StoredObject original, ObjectStore from, ObjectStore to, StorageUri target)
      throws IOException {
    Content[] read = new Content[1];
    to.write(
        target,
        out -> {
          try (InputStream bytes = from.open(sample.source())) {
            read[0] = transfer(bytes, out);
          }
          check(sample, original, read[0]);
        });
    Content written = read(to, target);
    if (!written.equals(read[0])) {
      to.delete(target);
      throw CopyErrors.readsBackOtherwise(sample.source(), target, read[0], written);
    }
    return result(sample, target, written.digest(), CopiedSample.Action.COPIED);
  }

  private static CopiedSample result(
      Sample sample, StorageUri target, Digest digest, CopiedSample.Action action) {
    // The signature of a pre-signed address is a secret; the canonical form is without it.
    StorageUri origin =
        sample.source().scheme() == StorageUri.Scheme.HTTPS
            ? sample.source().canonical()
            : sample.source();
    return new CopiedSample(
        sample
            .withSource(target)
            .withDigest(Optional.of(digest))
            .withSourceState(sample.sourceState().withCopiedFrom(Optional.of(origin))),
        action);
  }

  private static void check(Sample sample, StoredObject original, Content content)
      throws IOException {
    if (content.sizeBytes() != original.sizeBytes()) {
      throw CopyErrors.changedMeanwhile(sample.source(), original.sizeBytes(), content.sizeBytes());
    }
    if (sample.digest().isPresent() && !sample.digest().get().equals(content.digest())) {
      throw CopyErrors.otherDigest(sample.source(), sample.digest().get(), content.digest());
    }
  }

  private StorageUri address(Sample sample, StoredObject original) {
    String version =
        "%s %s %s"
            .formatted(original.sizeBytes(), original.modifiedAt().toEpochMilli(), original.etag());
    return named(sample, version);
  }

  private StorageUri address(Sample sample, Digest content) {
    return named(sample, content.hex());
  }

  /** Below one of 256 directories, since some file systems are slow with a million names in one. */
  private StorageUri named(Sample sample, String version) {
    String digits = Digest.ofText(sample.id() + "\n" + version).hex();
    Matcher matcher = EXTENSION.matcher(sample.source().fileName());
    String extension = matcher.matches() ? matcher.group(1) : "";
    return directory.resolve(
        digits.substring(0, 2) + "/" + digits.substring(0, NAME_DIGITS) + extension);
  }

  private static Content read(ObjectStore store, StorageUri object) throws IOException {
    try (InputStream bytes = store.open(object)) {
      return transfer(bytes, OutputStream.nullOutputStream());
    }
  }

  private static Content transfer(InputStream in, OutputStream out) throws IOException {
    MessageDigest digest = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      digest.update(buffer, 0, count);
      out.write(buffer, 0, count);
      size += count;
    }
    return new Content(size, Digest.of(digest));
  }

  /** What bytes are known by. */
  record Content(long sizeBytes, Digest digest) {}
}
