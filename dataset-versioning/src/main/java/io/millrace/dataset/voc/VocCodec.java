package io.millrace.dataset.voc;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Turns a Pascal VOC file into a document and back; {@code decode(encode(d))} is accepted and gives
 * {@code d}, unless a box in it has no area.
 *
 * <p>Document types, entities and everything outside the file are refused. Whether a shape lies
 * inside its image is not asked here: that is the import's policy. Instances are immutable and safe
 * for use by several threads.
 */
public final class VocCodec {
  private final Limits limits;

  public VocCodec(Limits limits) {
    this.limits = requireNonNull(limits, "limits is null");
  }

  /** Reads a whole file; the caller closes the stream. */
  public ParsedVoc decode(InputStream file) throws IOException {
    // One byte more than allowed tells that the file is too large.
    int most = (int) Math.min(limits.annotationFileBytes(), Integer.MAX_VALUE - 16L) + 1;
    return decode(file.readNBytes(most));
  }

  /** Reads a whole file. Never throws: a file that is no good is rejected. */
  public ParsedVoc decode(byte[] file) {
    if (file.length > limits.annotationFileBytes()) {
      return new ParsedVoc.Rejected(
          VocFault.TOO_LARGE,
          "the file is larger than limits.annotationFileBytes (%s bytes)"
              .formatted(limits.annotationFileBytes()),
          0,
          0);
    }
    if (isBlank(file)) {
      return new ParsedVoc.Rejected(VocFault.EMPTY_FILE, "the file is empty", 0, 0);
    }
    try {
      VocParser parser = new VocParser();
      VocDocument document = parser.document(XmlReader.read(file));
      return new ParsedVoc.Accepted(document, parser.warnings());
    } catch (VocFaultException e) {
      return e.rejected();
    }
  }

  /**
   * Writes a file in UTF-8.
   *
   * @throws io.millrace.dataset.DatasetException if a text holds a character that XML cannot hold
   */
  public byte[] encode(VocDocument document) {
    return VocWriter.write(document).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isBlank(byte[] file) {
    for (byte value : file) {
      if (value != ' ' && value != '\t' && value != '\n' && value != '\r') {
        return false;
      }
    }
    return true;
  }
}
