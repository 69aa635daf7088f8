package io.millrace.ingestion.probe;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/** A PNG file: a signature and a chain of chunks from IHDR to IEND (W3C PNG, section 5). */
final class PngFile implements ImageFile {
  private static final int SIGNATURE_BYTES = 8;
  private static final int HEADER_CHUNK_BYTES = 13;

  /** The whole last chunk: no data, its type, its checksum. */
  private static final String END = "\0\0\0\0IEND\u00aeB`\u0082";

  @Override
  public Probed.Image header(HeaderInput in) throws IOException, BrokenHeaderException {
    in.skip(SIGNATURE_BYTES);
    int length = in.readBigEndianInt();
    byte[] type = in.readBytes(4);
    if (!isType(type, "IHDR") || length != HEADER_CHUNK_BYTES) {
      throw new BrokenHeaderException("The PNG does not begin with its header chunk.");
    }
    byte[] chunk = in.readBytes(HEADER_CHUNK_BYTES);
    int checksum = in.readBigEndianInt();
    CRC32 expected = new CRC32();
    expected.update(type);
    expected.update(chunk);
    if ((int) expected.getValue() != checksum) {
      throw new BrokenHeaderException("The checksum of the PNG's header is wrong.");
    }
    int width = bigEndianInt(chunk, 0);
    int height = bigEndianInt(chunk, 4);
    int colourType = chunk[9];
    int channels =
        channels(colourType)
            .orElseThrow(
                () -> new BrokenHeaderException("The PNG has unknown colour type %d.", colourType));
    if (width < 1 || height < 1) {
      throw new BrokenHeaderException(
          "The PNG's header gives %d x %d pixels.",
          Integer.toUnsignedLong(width), Integer.toUnsignedLong(height));
    }
    return new Probed.Image(ImageType.PNG, width, height, channels);
  }

  @Override
  public boolean hasEnd(HeaderInput in, ByteSource file, long sizeBytes) throws IOException {
    return ImageFile.contains(ImageFile.tail(in, sizeBytes), END) || chainEnds(file);
  }

  private static Optional<Integer> channels(int colourType) {
    return switch (colourType) {
      case 0 -> Optional.of(1);
      case 2, 3 -> Optional.of(3);
      case 4 -> Optional.of(2);
      case 6 -> Optional.of(4);
      default -> Optional.empty();
    };
  }

  /** Goes from chunk to chunk, for files with more than {@link #TAIL_BYTES} behind their end. */
  private static boolean chainEnds(ByteSource file) throws IOException {
    try (InputStream stream = new BufferedInputStream(file.open())) {
      HeaderInput in = new HeaderInput(stream);
      in.skip(SIGNATURE_BYTES);
      while (true) {
        int length = in.readBigEndianInt();
        byte[] type = in.readBytes(4);
        if (length < 0) {
          return false;
        }
        in.skip(length + 4L);
        if (isType(type, "IEND")) {
          return true;
        }
      }
    } catch (EOFException e) {
      return false;
    }
  }

  private static boolean isType(byte[] type, String expected) {
    return new String(type, StandardCharsets.ISO_8859_1).equals(expected);
  }

  private static int bigEndianInt(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 24
        | (bytes[offset + 1] & 0xff) << 16
        | (bytes[offset + 2] & 0xff) << 8
        | (bytes[offset + 3] & 0xff);
  }
}
