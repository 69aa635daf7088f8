package io.millrace.ingestion.probe;

import java.io.IOException;
import java.util.Set;

/**
 * A Windows bitmap: a file header of 14 bytes, an information header of one of several lengths, and
 * rows of whole 4-byte words.
 */
final class BmpFile implements ImageFile {
  private static final int FILE_HEADER_BYTES = 14;
  private static final int CORE_HEADER_BYTES = 12;
  private static final Set<Integer> HEADER_BYTES = Set.of(12, 16, 40, 52, 56, 64, 108, 124);
  private static final Set<Integer> BITS = Set.of(1, 2, 4, 8, 16, 24, 32);
  private static final int RUN_LENGTH_8 = 1;
  private static final int RUN_LENGTH_4 = 2;

  private long bytesNeeded;

  @Override
  public Probed.Image header(HeaderInput in) throws IOException, BrokenHeaderException {
    in.skip(2);
    long fileBytes = Integer.toUnsignedLong(in.readLittleEndianInt());
    in.skip(4);
    long pixelOffset = Integer.toUnsignedLong(in.readLittleEndianInt());
    int headerBytes = in.readLittleEndianInt();
    if (!HEADER_BYTES.contains(headerBytes)) {
      throw new BrokenHeaderException(
          "The BMP's header claims %d bytes, a length that no version of BMP has.", headerBytes);
    }
    boolean core = headerBytes == CORE_HEADER_BYTES;
    int width = core ? in.readLittleEndianShort() : in.readLittleEndianInt();
    int storedHeight = core ? in.readLittleEndianShort() : in.readLittleEndianInt();
    // A negative height means that the rows go from top to bottom.
    int height = Math.abs(storedHeight);
    int planes = in.readLittleEndianShort();
    int bits = in.readLittleEndianShort();
    int compression = core || headerBytes == 16 ? 0 : in.readLittleEndianInt();
    if (width < 1 || height < 1 || planes != 1 || !BITS.contains(bits)) {
      throw new BrokenHeaderException(
          "The BMP's header gives %d x %d pixels in %d planes of %d bits.",
          width, storedHeight, planes, bits);
    }
    if (pixelOffset < FILE_HEADER_BYTES + headerBytes) {
      throw new BrokenHeaderException("The BMP's pixels begin within its header.");
    }
    boolean runLengths = compression == RUN_LENGTH_8 || compression == RUN_LENGTH_4;
    bytesNeeded = runLengths ? fileBytes : pixelOffset + pixelBytes(width, height, bits);
    return new Probed.Image(ImageType.BMP, width, height, bits == 32 ? 4 : 3);
  }

  @Override
  public boolean hasEnd(HeaderInput in, ByteSource file, long sizeBytes) {
    return sizeBytes >= bytesNeeded;
  }

  /** Bytes of all rows; the last one needs no filling, which some writers leave out. */
  private static long pixelBytes(int width, int height, int bits) {
    long rowBits = (long) width * bits;
    long paddedRowBytes = (rowBits + 31) / 32 * 4;
    return paddedRowBytes * (height - 1L) + (rowBits + 7) / 8;
  }
}
