package io.millrace.ingestion.probe;

import io.millrace.dataset.DatasetKind;
import io.millrace.ingestion.RejectReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells what is in a recording, a video or a text from its header and its outline, without decoding
 * it.
 *
 * <p>Of recordings and videos only the headers of chunks and boxes are read and what lies between
 * them is skipped, so that the bytes read are bounded whatever the file says of itself: no size in
 * a file is ever allocated, and no file makes more than {@value Mp4File#MOST_BOXES} steps. Texts
 * are read whole, and not held.
 *
 * <table>
 * <caption>How the end is recognised</caption>
 * <tr><td>WAV</td><td>the data chunk lies within the file; a length that a writer to a pipe left open
 *     reaches to the end</td></tr>
 * <tr><td>MP4</td><td>every box lies within the file, and there is an index ({@code moov}), which most
 *     cameras write last</td></tr>
 * </table>
 */
public final class MediaProbe {
  private MediaProbe() {}

  /**
   * Probes a recording, a video or a text.
   *
   * @param kind {@link DatasetKind#AUDIO}, {@link DatasetKind#VIDEO} or {@link DatasetKind#TEXT}
   * @param sizeBytes the file's size as the storage lists it, at least 1
   * @throws IOException if reading fails; never because of what the bytes are
   */
  public static Probed probe(DatasetKind kind, ByteSource file, long sizeBytes) throws IOException {
    try (InputStream stream = file.open()) {
      return switch (kind) {
        case TEXT -> text(stream);
        case AUDIO, VIDEO -> media(kind, new HeaderInput(stream), sizeBytes);
        case IMAGE, TABLE, FREE ->
            throw new IllegalStateException("Files of kind %s have another probe".formatted(kind));
      };
    }
  }

  private static Probed text(InputStream stream) throws IOException {
    TextScan scan = TextScan.of(stream);
    if (scan.holdsNul()) {
      return refused(
          RejectReason.UNDECODABLE_TEXT,
          "The file holds zero bytes, as text in UTF-8 or GBK does not; if it is UTF-16, convert it.");
    }
    return scan.undecodable() == 0
        ? new Probed.Text(scan.charset())
        : refused(
            RejectReason.UNDECODABLE_TEXT,
            "The file is text neither in UTF-8 nor in GBK: %d of its %d lines cannot be decoded.",
            scan.undecodable(),
            scan.lines());
  }

  private static Probed media(DatasetKind kind, HeaderInput in, long sizeBytes) throws IOException {
    byte[] first = in.peek(MediaType.MAGIC_BYTES);
    Optional<MediaType> type = MediaType.ofFirstBytes(first);
    String expected = kind == DatasetKind.AUDIO ? "WAV" : "MP4";
    if (type.isEmpty()) {
      Optional<ImageType> image = ImageType.ofFirstBytes(first);
      return image.isPresent()
          ? refused(
              RejectReason.UNSUPPORTED_MEDIA_TYPE,
              "The file is a %s image, not %s.",
              image.get(),
              expected)
          : refused(
              RejectReason.UNKNOWN_MEDIA_TYPE,
              "The file begins with %s, as no known recording or video does.",
              HexFormat.ofDelimiter(" ").formatHex(first));
    }
    if (type.get().kind() != kind || !type.get().isSupported()) {
      return refused(
          RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is %s; datasets of kind %s hold %s. Convert it first.",
          type.get(),
          kind,
          expected);
    }
    try {
      return kind == DatasetKind.AUDIO
          ? WavFile.read(in, sizeBytes)
          : new Mp4File(in, sizeBytes).read(type.get());
    } catch (BrokenHeaderException e) {
      return refused(RejectReason.BROKEN_MEDIA_HEADER, "%s", e.getMessage());
    } catch (TruncatedFileException e) {
      return refused(RejectReason.TRUNCATED_MEDIA, "%s", e.getMessage());
    } catch (EOFException e) {
      return refused(RejectReason.TRUNCATED_MEDIA, "The file ends before its header does.");
    }
  }

  private static Probed refused(RejectReason reason, String template, Object... arguments) {
    return new Probed.Refused(reason, String.format(Locale.ROOT, template, arguments));
  }
}
