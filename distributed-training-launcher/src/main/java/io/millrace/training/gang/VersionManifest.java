package io.millrace.training.gang;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Digest;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestReader;
import io.millrace.dataset.manifest.ParsedLine;
import io.millrace.dataset.manifest.Rejected;
import io.millrace.dataset.storage.LocalObjectStore;
import io.millrace.dataset.storage.ObjectStore;
import io.millrace.training.TrainingException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A dataset version's manifest on a node, whose lines point to the node's own copies of the files
 * of samples and annotations; all else in a line stays as it was. Files that lie in the version's
 * directory keep their place in it, others lie below {@code files/SCHEME/BUCKET/}.
 */
final class VersionManifest {
  /** The lines were made by a publishing, whatever limits it had. */
  private static final Limits LIMITS =
      new Limits(
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          1L << 26,
          Long.MAX_VALUE);

  private static final Pattern HAS_SCHEME = Pattern.compile("^(/|[A-Za-z][A-Za-z0-9+.-]*:)");

  /** Brings a file to this machine. */
  @FunctionalInterface
  interface Bringer {
    void bring(StorageUri source, Path copy);
  }

  private final StorageUri directory;

  /** What relative addresses are relative to, in the codec's own form of it. */
  private final StorageUri home;

  private final Path copies;
  private final Bringer bringer;
  private final Set<Path> brought = new HashSet<>();

  /**
   * @param directory of the version
   * @param copies the node's directory for it
   * @param bringer is told each file outside of the version's directory once, and each one that a
   *     line names inside it
   */
  VersionManifest(StorageUri directory, Path copies, Bringer bringer) {
    this.directory = directory;
    this.home = directory.resolve("manifest").parent().orElseThrow();
    this.copies = copies;
    this.bringer = bringer;
  }

  /** Whether a file of a version's directory is a manifest of the version. */
  static boolean isManifest(String name) {
    return name.endsWith(".manifest") && name.indexOf('/') < 0;
  }

  /**
   * Writes the node's manifest.
   *
   * @throws TrainingException for a line that cannot be read
   */
  void write(ObjectStore store, String name) throws IOException {
    StorageUri manifest = directory.resolve(name);
    rewrite(store, manifest, copies.resolve(name), this::withCopies);
  }

  private static void rewrite(
      ObjectStore store, StorageUri manifest, Path written, Function<Accepted, String> change)
      throws IOException {
    try (ManifestReader lines = ManifestReader.open(store, manifest, Instant.EPOCH, LIMITS);
        BufferedWriter out = Files.newBufferedWriter(written)) {
      while (lines.hasNext()) {
        ParsedLine line = lines.next();
        if (line instanceof Rejected rejected) {
          throw new TrainingException(
              "Cannot read the manifest %s: %s in line %d. Publish the version anew."
                  .formatted(manifest, rejected.reason(), rejected.lineNumber()));
        }
        if (line instanceof Accepted accepted) {
          out.write(change.apply(accepted));
          out.write('\n');
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Writes a manifest that another node has already, for this one's own copies. */
  static void write(Path other, Path otherCopies, Path own, Path ownCopies) throws IOException {
    String prefix = otherCopies + "/";
    UnaryOperator<String> move =
        text ->
            text.startsWith(prefix)
                ? ownCopies.resolve(text.substring(prefix.length())).toString()
                : text;
    rewrite(
        new LocalObjectStore(),
        StorageUri.of(other),
        own,
        line -> ManifestAddresses.replaced(line.wire(), move));
  }

  private String withCopies(Accepted line) {
    Set<StorageUri> named = filesOf(line.sample());
    return ManifestAddresses.replaced(
        line.wire(),
        text -> {
          StorageUri address;
          try {
            address = address(text);
          } catch (DatasetException e) {
            // No address for the codec either, which accepted the line: some annotation's own text.
            return text;
          }
          if (!named.contains(address)) {
            return text;
          }
          Path copy = copyOf(address);
          if (brought.add(copy)) {
            bringer.bring(address, copy);
          }
          return copy.toString();
        });
  }

  private static Set<StorageUri> filesOf(Sample sample) {
    Set<StorageUri> files = new HashSet<>();
    if (!sample.source().isContent()) {
      files.add(sample.source());
    }
    for (Annotation annotation : sample.annotations()) {
      if (annotation instanceof Annotation.ObjectFile file && !file.location().isContent()) {
        files.add(file.location());
      }
    }
    return files;
  }

  private StorageUri address(String text) {
    return HAS_SCHEME.matcher(text).find() ? StorageUri.parse(text) : home.resolve(text);
  }

  private Path copyOf(StorageUri address) {
    Path copy =
        copies
            .resolve(
                address.isSameOrBelow(directory)
                    ? directory.canonical().relativize(address.canonical())
                    : "files/" + placeOf(address))
            .normalize();
    if (!copy.startsWith(copies) || copy.equals(copies)) {
      throw new TrainingException(
          "Cannot download %s: its name leads out of the directory of its copy. Copy it to a name without '..'."
              .formatted(address));
    }
    return copy;
  }

  /**
   * One place for each object; a query, which may say which object is meant, has one of its own.
   */
  private static String placeOf(StorageUri address) {
    StorageUri one = address.canonical();
    String host = one.authority().substring(one.authority().lastIndexOf('@') + 1);
    String scheme = one.scheme().name().toLowerCase(Locale.ROOT);
    String query =
        one.scheme() == StorageUri.Scheme.HTTPS && address.value().indexOf('?') >= 0
            ? "/" + Digest.ofText(address.value()).toString().substring(0, 16)
            : "";
    return scheme + "/" + host + query + one.path();
  }
}
