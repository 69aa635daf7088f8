package io.millrace.ingestion.probe;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A WAV file: a RIFF header and a chain of chunks, of which {@code fmt } describes the sound and
 * {@code data} holds it. RF64 and BW64 files give the length of the data in a {@code ds64} chunk.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2361">RFC 2361</a>, and EBU Tech 3306 for RF64
 */
final class WavFile {
  /** How many chunks may precede the sound. */
  private static final int MOST_CHUNKS = 1000;

  private static final int PCM = 1;
  private static final int FLOATING_POINT = 3;
  private static final int EXTENSIBLE = 0xFFFE;

  /** What writers leave that did not know the length: all ones, or in RF64 "see ds64". */
  private static final long UNKNOWN_LENGTH = 0xFFFFFFFFL;

  private static final int RIFF_HEADER_BYTES = 12;
  private static final int SHORTEST_FORMAT_BYTES = 16;
  private static final int EXTENSIBLE_FORMAT_BYTES = 26;

  private final HeaderInput in;
  private final long sizeBytes;
  private long longDataBytes = UNKNOWN_LENGTH;
  private Format format;

  /** The {@code fmt } chunk. */
  private record Format(int codec, int channels, int sampleRate, long bytesASecond, int frame) {}

  private WavFile(HeaderInput in, long sizeBytes) {
    this.in = in;
    this.sizeBytes = sizeBytes;
  }

  static Probed.Audio read(HeaderInput in, long sizeBytes)
      throws IOException, BrokenHeaderException, TruncatedFileException {
    return new WavFile(in, sizeBytes).read();
  }

  private Probed.Audio read() throws IOException, BrokenHeaderException, TruncatedFileException {
    in.skip(RIFF_HEADER_BYTES);
    for (int chunk = 0; chunk < MOST_CHUNKS; chunk++) {
      String type = nextType();
      long length = Integer.toUnsignedLong(in.readLittleEndianInt());
      long start = in.position();
      switch (type) {
        case "fmt " -> format = format(length);
        case "ds64" -> longDataBytes = longDataBytes(length);
        case "data" -> {
          if (format != null) {
            return sound(length);
          }
        }
        default -> {
          // A chunk that says nothing of the sound.
        }
      }
      skipTo(type, start, length);
    }
    throw new BrokenHeaderException(
        "The WAV has more than %d chunks before its sound.", MOST_CHUNKS);
  }

  private String nextType() throws IOException, BrokenHeaderException {
    try {
      return new String(in.readBytes(4), StandardCharsets.ISO_8859_1);
    } catch (EOFException e) {
      throw new BrokenHeaderException(
          format == null
              ? "The WAV ends without saying how its sound is stored (it has no fmt chunk)."
              : "The WAV ends without sound (it has no data chunk).");
    }
  }

  /** Skips the rest of a chunk; chunks of odd length are followed by a byte that fills up. */
  private void skipTo(String type, long start, long length)
      throws IOException, TruncatedFileException {
    long end = start + length + length % 2;
    // The byte that fills up the last chunk is missing in many files.
    if (end > sizeBytes + 1) {
      throw new TruncatedFileException(
          "The WAV ends after %d bytes, within its chunk '%s'.", sizeBytes, printable(type));
    }
    in.skip(Math.min(end, sizeBytes) - in.position());
  }

  private Format format(long length) throws IOException, BrokenHeaderException {
    if (length < SHORTEST_FORMAT_BYTES) {
      throw new BrokenHeaderException("The WAV describes its sound in %d bytes only.", length);
    }
    int codec = in.readLittleEndianShort();
    int channels = in.readLittleEndianShort();
    int sampleRate = in.readLittleEndianInt();
    long bytesASecond = Integer.toUnsignedLong(in.readLittleEndianInt());
    int frame = in.readLittleEndianShort();
    in.skip(2);
    if (codec == EXTENSIBLE && length >= EXTENSIBLE_FORMAT_BYTES) {
      in.skip(8);
      codec = in.readLittleEndianShort();
    }
    if (channels < 1 || sampleRate < 1) {
      throw new BrokenHeaderException(
          "The WAV's header gives %d channels of %d samples a second.",
          channels, Integer.toUnsignedLong(sampleRate));
    }
    if (isPlain(codec) ? frame < 1 : bytesASecond < 1) {
      throw new BrokenHeaderException(
          "The WAV's header gives %d bytes a sample of all channels and %d bytes a second.",
          frame, bytesASecond);
    }
    return new Format(codec, channels, sampleRate, bytesASecond, frame);
  }

  private long longDataBytes(long length) throws IOException, BrokenHeaderException {
    if (length < 16) {
      throw new BrokenHeaderException("The WAV gives its lengths in %d bytes only.", length);
    }
    in.skip(8);
    long low = Integer.toUnsignedLong(in.readLittleEndianInt());
    long high = Integer.toUnsignedLong(in.readLittleEndianInt());
    return high << 32 | low;
  }

  private Probed.Audio sound(long length) throws BrokenHeaderException, TruncatedFileException {
    long rest = sizeBytes - in.position();
    long announced = length == UNKNOWN_LENGTH ? longDataBytes : length;
    long bytes = announced == UNKNOWN_LENGTH ? rest : announced;
    if (bytes == 0) {
      throw new BrokenHeaderException("The WAV holds no sound: its data chunk is empty.");
    }
    if (bytes < 0 || bytes > rest) {
      throw new TruncatedFileException(
          "The WAV announces %s bytes of sound, the file has %d of them.",
          Long.toUnsignedString(bytes), Math.max(0, rest));
    }
    long frames = bytes / Math.max(1, format.frame);
    double seconds =
        isPlain(format.codec)
            ? (double) frames / format.sampleRate
            : (double) bytes / format.bytesASecond;
    return new Probed.Audio(
        MediaType.WAV, seconds, format.channels, format.sampleRate, isPlain(format.codec));
  }

  private static boolean isPlain(int codec) {
    return codec == PCM || codec == FLOATING_POINT;
  }

  private static String printable(String type) {
    return type.replaceAll("[^ -~]", "?");
  }
}
