package io.millrace.dataset.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns a manifest's line into a sample and back.
 *
 * <p>Two laws hold. {@code encode(decode(line))} has the JSON value of {@code line}, for every line
 * that is accepted and however oddly it is spelled. {@code decode(encode(sample))} gives the sample
 * back, but for what a manifest has no field for: size, digest, times, measures, origin, and the
 * objects, which lie in a file of their own.
 *
 * <p>A line as ModelArts writes it takes a fast path, which gives the same sample as the careful
 * one that reads all others and words all complaints.
 *
 * <p>Safe for use by several threads.
 */
public final class ManifestCodec {
  private static final Pattern HAS_SCHEME = Pattern.compile("^(/|[A-Za-z][A-Za-z0-9+.-]*:)");

  private final Optional<StorageUri> directory;
  private final PlainLines plainLines;
  private final SampleDecoder decoder;

  private ManifestCodec(Optional<StorageUri> directory, Instant createdAt) {
    this.directory = directory;
    this.plainLines = new PlainLines(this::address, createdAt);
    this.decoder = new SampleDecoder(this::address, createdAt);
  }

  /** A codec of lines without a home: relative addresses are rejected, samples are of the epoch. */
  public ManifestCodec() {
    this(Optional.empty(), Instant.EPOCH);
  }

  /**
   * A codec of the lines of one manifest.
   *
   * @param manifest the file; addresses such as {@code ./voc/1.xml} are relative to its directory
   * @param createdAt when the samples entered the dataset
   */
  public ManifestCodec(StorageUri manifest, Instant createdAt) {
    this(manifest.parent(), requireNonNull(createdAt, "createdAt is null"));
  }

  /** Reads one line, which holds no line end. Never throws: a line that is no good is rejected. */
  public ParsedLine decode(long lineNumber, String line) {
    int half = ManifestJson.loneSurrogate(line);
    if (half >= 0) {
      return brokenText(lineNumber, half + 1, line);
    }
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return decode(lineNumber, line, bytes, 0, bytes.length);
  }

  /**
   * Reads one line of which the bytes are at hand as well.
   *
   * @param line without half surrogate pairs
   * @param bytes hold the line in UTF-8
   */
  ParsedLine decode(long lineNumber, String line, byte[] bytes, int from, int to) {
    Optional<Sample> plain = plainLines.decode(bytes, from, to);
    return plain.isPresent()
        ? new Accepted(lineNumber, plain.get(), line)
        : decodeCarefully(lineNumber, line);
  }

  /** Reads one line without half surrogate pairs, whatever it holds. */
  ParsedLine decodeCarefully(long lineNumber, String line) {
    JsonNode root;
    try {
      root = ManifestJson.read(line);
    } catch (JsonProcessingException e) {
      return brokenJson(lineNumber, line, e);
    }
    if (!(root instanceof ObjectNode object)) {
      String reason = root.isMissingNode() ? "the line is blank" : "the line holds no JSON object";
      return new Rejected(lineNumber, 1, line, ManifestFault.BROKEN_JSON, reason);
    }
    if (line.contains("\\u") && ManifestJson.holdsLoneSurrogate(root)) {
      return brokenText(lineNumber, line.indexOf("\\u") + 1, line);
    }
    try {
      return new Accepted(lineNumber, decoder.decode(object), line);
    } catch (InvalidFieldException e) {
      return new Rejected(
          lineNumber, ManifestJson.columnOf(line, e.place()), line, e.fault(), e.getMessage());
    }
  }

  /** The line as it was read. */
  public String encode(Accepted accepted) {
    return accepted.wire();
  }

  /**
   * A line for a sample without objects, or whose objects still lie in a file that it names.
   *
   * @throws IllegalStateException if the sample has objects of its own
   */
  public String encode(Sample sample) {
    return write(SampleEncoder.encode(sample, Optional.empty()));
  }

  /**
   * A line for a sample whose objects, if it has any, lie in a file: they become one annotation.
   *
   * @param objectFile the Pascal VOC file that the caller writes
   */
  public String encode(Sample sample, StorageUri objectFile) {
    return write(SampleEncoder.encode(sample, Optional.of(objectFile)));
  }

  private static String write(ObjectNode line) {
    String text = ManifestJson.write(line);
    if (ManifestJson.loneSurrogate(text) >= 0) {
      throw new DatasetException(
          "Cannot write sample %s: half of a surrogate pair in it stands alone, which UTF-8 cannot hold"
              .formatted(line.path(ManifestFields.ID).asText()));
    }
    return text;
  }

  private StorageUri address(String text) {
    // The first two are the usual ones, and an expression is slow.
    if (text.startsWith("s3://") || text.startsWith("/") || HAS_SCHEME.matcher(text).find()) {
      return StorageUri.parse(text);
    }
    return directory
        .orElseThrow(
            () ->
                new DatasetException(
                    "'%s' is relative, and the manifest's own address is unknown".formatted(text)))
        .resolve(text);
  }

  private static Rejected brokenText(long lineNumber, int column, String line) {
    return new Rejected(
        lineNumber,
        column,
        line,
        ManifestFault.BROKEN_TEXT,
        "half of a surrogate pair stands alone, which UTF-8 cannot hold");
  }

  private static Rejected brokenJson(long lineNumber, String line, JsonProcessingException e) {
    long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
    int column = (int) Math.min(Math.max(offset, 0), line.length()) + 1;
    String reason = "the JSON is broken: " + ManifestJson.explain(e);
    return new Rejected(lineNumber, column, line, ManifestFault.BROKEN_JSON, reason);
  }
}
