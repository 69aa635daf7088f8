package io.millrace.ingestion.probe;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.ingestion.RejectReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells an image's real type, size and channels from its header, and whether its end is there.
 *
 * <p>Read are the header's own fields (segments and chunks between them are skipped) and up to 64
 * KiB at the end of the file. What that catches: every file whose header is broken or missing, and
 * every file cut off before the end of its image. What it does not catch: bytes lost or changed
 * amid the pixels; those show when the pixels are decoded.
 *
 * <table>
 * <caption>How the end is recognised</caption>
 * <tr><td>JPEG</td><td>an end-of-image marker (FF D9) after the start of the scan: among the last 64
 *     KiB, or else, for files with a long trailer, anywhere</td></tr>
 * <tr><td>PNG</td><td>an IEND chunk among the last 64 KiB, or else at the end of the chain of
 *     chunks</td></tr>
 * <tr><td>BMP</td><td>uncompressed: as many bytes as the rows need; run-length coded: as many as the
 *     header gives for the file</td></tr>
 * </table>
 *
 * @param maxBytes a larger file is refused unread
 * @param maxPixels an image that announces more is refused
 */
public record ImageProbe(long maxBytes, long maxPixels) implements Serializable {

  public ImageProbe {
    checkArgument(maxBytes >= 1, "Invalid limit of image bytes: %s", maxBytes);
    checkArgument(maxPixels >= 1, "Invalid limit of pixels: %s", maxPixels);
  }

  /**
   * Probes a file.
   *
   * @param sizeBytes the file's size as the storage lists it
   * @throws IOException if reading fails; never because of what the bytes are
   */
  public Probed probe(ByteSource file, long sizeBytes) throws IOException {
    if (sizeBytes == 0) {
      return refused(RejectReason.EMPTY_FILE, "The file has no bytes.");
    }
    if (sizeBytes > maxBytes) {
      return refused(
          RejectReason.FILE_TOO_LARGE,
          "The image has %d bytes, the limit (limits.imageBytes) is %d.",
          sizeBytes,
          maxBytes);
    }
    try (InputStream stream = file.open()) {
      HeaderInput in = new HeaderInput(stream);
      byte[] first = in.peek(ImageType.MAGIC_BYTES);
      Optional<ImageType> type = ImageType.ofFirstBytes(first);
      return type.isPresent()
          ? probe(type.get(), in, file, sizeBytes)
          : refused(
              RejectReason.UNKNOWN_IMAGE_TYPE,
              "The file begins with %s, as no known image does.",
              HexFormat.ofDelimiter(" ").formatHex(first));
    }
  }

  private Probed probe(ImageType type, HeaderInput in, ByteSource file, long sizeBytes)
      throws IOException {
    return switch (type) {
      case JPEG -> probe(new JpegFile(), in, file, sizeBytes);
      case PNG -> probe(new PngFile(), in, file, sizeBytes);
      case BMP -> probe(new BmpFile(), in, file, sizeBytes);
      case GIF, WEBP, TIFF, HEIF, AVIF ->
          refused(
              RejectReason.UNSUPPORTED_IMAGE_TYPE,
              "The file is a %s image; datasets hold JPEG, PNG and BMP. Convert it first.",
              type);
    };
  }

  private Probed probe(ImageFile type, HeaderInput in, ByteSource file, long sizeBytes)
      throws IOException {
    try {
      Probed.Image image = type.header(in);
      if ((long) image.width() * image.height() > maxPixels) {
        return refused(
            RejectReason.TOO_MANY_PIXELS,
            "The header announces %d x %d pixels, the limit (maxPixels) is %d.",
            image.width(),
            image.height(),
            maxPixels);
      }
      return type.hasEnd(in, file, sizeBytes)
          ? image
          : refused(
              RejectReason.TRUNCATED_IMAGE,
              "The %s ends after %d bytes, before its image does.",
              image.type(),
              sizeBytes);
    } catch (BrokenHeaderException e) {
      return refused(RejectReason.BROKEN_IMAGE_HEADER, "%s", e.getMessage());
    } catch (EOFException e) {
      return refused(RejectReason.TRUNCATED_IMAGE, "The file ends before its header does.");
    }
  }

  private static Probed refused(RejectReason reason, String template, Object... arguments) {
    return new Probed.Refused(reason, String.format(Locale.ROOT, template, arguments));
  }
}
