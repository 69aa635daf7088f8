package io.millrace.ingestion.probe;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A JPEG file: markers FF xx, most of them followed by a length of two bytes, up to the start of
 * the scan (ITU-T T.81, annex B).
 */
final class JpegFile implements ImageFile {
  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int TEMPORARY = 0x01;

  /** Thumbnails, depth maps and colour profiles may come before the frame; beyond is no header. */
  private static final long MAX_HEADER_BYTES = 16L * 1024 * 1024;

  private static final String END = "\u00ff\u00d9";

  private long scanStart;

  @Override
  public Probed.Image header(HeaderInput in) throws IOException, BrokenHeaderException {
    in.skip(2);
    Probed.Image frame = null;
    while (true) {
      int marker = nextMarker(in);
      if (marker == END_OF_IMAGE) {
        throw new BrokenHeaderException("The JPEG ends before any scan begins.");
      }
      if (isStandalone(marker)) {
        continue;
      }
      int length = in.readBigEndianShort();
      if (length < 2) {
        throw new BrokenHeaderException(
            "The JPEG segment FF %02X gives %d bytes as its length.", marker, length);
      }
      if (marker == START_OF_SCAN) {
        if (frame == null) {
          throw new BrokenHeaderException("The JPEG's scan begins before its frame is described.");
        }
        in.skip(length - 2L);
        scanStart = in.position();
        return frame;
      }
      if (isFrame(marker) && frame == null) {
        frame = readFrame(in, length);
      } else {
        in.skip(length - 2L);
      }
    }
  }

  @Override
  public boolean hasEnd(HeaderInput in, ByteSource file, long sizeBytes) throws IOException {
    byte[] tail = ImageFile.tail(in, sizeBytes);
    if (ImageFile.contains(tail, END)) {
      return true;
    }
    boolean sawWholeScan = sizeBytes - TAIL_BYTES <= scanStart;
    return !sawWholeScan && hasEndAnywhere(file);
  }

  private static Probed.Image readFrame(HeaderInput in, int length)
      throws IOException, BrokenHeaderException {
    if (length < 8) {
      throw new BrokenHeaderException("The JPEG's frame is described in %d bytes only.", length);
    }
    in.skip(1); // bits a sample
    int height = in.readBigEndianShort();
    int width = in.readBigEndianShort();
    int channels = in.readByte();
    in.skip(length - 8L);
    if (width == 0 || height == 0 || channels == 0 || channels > 4) {
      throw new BrokenHeaderException(
          "The JPEG's frame is %d x %d pixels of %d channels.", width, height, channels);
    }
    return new Probed.Image(ImageType.JPEG, width, height, channels);
  }

  /** The code of the next marker; bytes between segments are passed over, as decoders do. */
  private static int nextMarker(HeaderInput in) throws IOException, BrokenHeaderException {
    while (in.position() <= MAX_HEADER_BYTES) {
      int code = in.readByte();
      if (code != 0xff) {
        continue;
      }
      while (code == 0xff) {
        code = in.readByte();
      }
      if (code != 0) {
        return code;
      }
    }
    throw new BrokenHeaderException(
        "The JPEG's first %d bytes do not describe it.", MAX_HEADER_BYTES);
  }

  /** Markers without a length: restarts, a second start, and TEM. */
  private static boolean isStandalone(int marker) {
    return marker == TEMPORARY || (marker >= 0xd0 && marker <= START_OF_IMAGE);
  }

  /** SOF0 to SOF15, among which DHT (C4), JPG (C8) and DAC (CC) are no frames. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /**
   * Within a scan FF is always followed by 00 or a restart, so FF D9 is the end and nothing else.
   */
  private boolean hasEndAnywhere(ByteSource file) throws IOException {
    try (InputStream in = new BufferedInputStream(file.open(), TAIL_BYTES)) {
      in.skipNBytes(scanStart);
      int previous = 0;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (previous == 0xff && next == END_OF_IMAGE) {
          return true;
        }
        previous = next;
      }
      return false;
    }
  }
}
