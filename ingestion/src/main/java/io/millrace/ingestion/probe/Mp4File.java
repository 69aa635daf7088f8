package io.millrace.ingestion.probe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * An MP4 or QuickTime file: boxes within boxes. Read are the headers of the outermost boxes to the
 * end of the file, and of {@code moov}, its index, those that tell duration and picture size. Where
 * the index gives no duration because the video comes in fragments ({@code moof}), the fragments of
 * the video's track give it.
 *
 * @see <a href="https://www.iso.org/standard/83102.html">ISO/IEC 14496-12</a>
 */
final class Mp4File {
  /** How many boxes are looked at; no duration is given of a file that has more. */
  static final int MOST_BOXES = 8192;

  /** How many durations of single samples are read; the same holds for these. */
  private static final int MOST_SAMPLES = 1 << 18;

  private static final long REST_OF_FILE = 0;
  private static final long LONG_SIZE = 1;

  private final HeaderInput in;
  private final long sizeBytes;
  private int boxes;
  private int samples;

  private boolean hasIndex;
  private boolean hasFragments;
  private long movieTimescale;
  private long movieDuration;
  private Track track = new Track();
  private Track video;
  private final Map<Long, Long> defaultDurations = new HashMap<>();
  private double fragmentTicks;
  private boolean areFragmentsKnown = true;
  private long fragmentTrack;
  private long fragmentDefault;

  /** What a {@code trak} box says. */
  private static final class Track {
    private long id;
    private int width;
    private int height;
    private long timescale;
    private boolean isVideo;
  }

  /** A box that was begun: its type, and where it ends. */
  private record Box(String type, long end) {}

  Mp4File(HeaderInput in, long sizeBytes) {
    this.in = in;
    this.sizeBytes = sizeBytes;
  }

  Probed.Video read(MediaType type)
      throws IOException, BrokenHeaderException, TruncatedFileException {
    while (in.position() < sizeBytes && boxes < MOST_BOXES) {
      Box box = next(sizeBytes);
      if (box.end > sizeBytes) {
        throw new TruncatedFileException(
            "The video announces a part '%s' up to byte %s, the file ends after %d.",
            printable(box.type), Long.toUnsignedString(box.end), sizeBytes);
      }
      if (box.type.equals("moov")) {
        hasIndex = true;
        readChildren(box);
      } else if (box.type.equals("moof")) {
        hasFragments = true;
        readChildren(box);
      }
      skipTo(box);
    }
    if (!hasIndex) {
      throw new TruncatedFileException(
          "The video has no index (moov); recording or copying stopped before it was written.");
    }
    if (video == null) {
      throw new BrokenHeaderException("The file has no track of pictures: it is no video.");
    }
    if (video.width < 1 || video.height < 1) {
      throw new BrokenHeaderException(
          "The video's track gives %d x %d pixels.", video.width, video.height);
    }
    return new Probed.Video(type, video.width, video.height, seconds());
  }

  /** The movie's duration, else that of its fragments; absent where neither is told. */
  private OptionalDouble seconds() {
    if (movieTimescale > 0 && movieDuration > 0) {
      return OptionalDouble.of((double) movieDuration / movieTimescale);
    }
    boolean isKnown = hasFragments && areFragmentsKnown && boxes < MOST_BOXES;
    return isKnown
        ? OptionalDouble.of(fragmentTicks / Math.max(1, video.timescale))
        : OptionalDouble.empty();
  }

  private void readChildren(Box parent) throws IOException, BrokenHeaderException {
    while (in.position() + 8 <= parent.end && boxes < MOST_BOXES) {
      Box box = next(parent.end);
      if (box.end > parent.end) {
        throw new BrokenHeaderException(
            "The part '%s' of the video is larger than '%s' that holds it.",
            printable(box.type), printable(parent.type));
      }
      read(box);
      skipTo(box);
    }
  }

  private void read(Box box) throws IOException, BrokenHeaderException {
    switch (box.type) {
      case "mvhd" -> readMovieHeader(box);
      case "trak" -> {
        track = new Track();
        readChildren(box);
        if (video == null && track.isVideo) {
          video = track;
        }
      }
      case "mdia", "mvex", "traf" -> readChildren(box);
      case "tkhd" -> readTrackHeader(box);
      case "mdhd" -> track.timescale = readTimes(box)[0];
      case "hdlr" -> {
        in.skip(room(box, 8));
        track.isVideo |= room(box, 4) == 4 && type().equals("vide");
      }
      case "mehd" -> readFragmentedDuration(box);
      case "trex" -> readTrackDefaults(box);
      case "tfhd" -> readFragmentHeader(box);
      case "trun" -> readFragmentRun(box);
      default -> {
        // A box that tells neither duration nor size.
      }
    }
  }

  private void readMovieHeader(Box box) throws IOException, BrokenHeaderException {
    long[] times = readTimes(box);
    movieTimescale = times[0];
    movieDuration = times[1];
    if (movieTimescale < 1) {
      throw new BrokenHeaderException("The video's clock has %d ticks a second.", movieTimescale);
    }
  }

  /** The ticks a second and the duration, in mvhd and mdhd alike; a duration unknown is 0. */
  private long[] readTimes(Box box) throws IOException, BrokenHeaderException {
    boolean isLong = version(box) == 1;
    require(box, isLong ? 28 : 16);
    in.skip(isLong ? 16 : 8);
    long timescale = unsignedInt();
    long duration = isLong ? longValue() : unsignedInt();
    boolean isUnknown = duration < 0 || (!isLong && duration == 0xFFFFFFFFL);
    return new long[] {timescale, isUnknown ? 0 : duration};
  }

  private void readTrackHeader(Box box) throws IOException, BrokenHeaderException {
    boolean isLong = version(box) == 1;
    require(box, isLong ? 92 : 80);
    in.skip(isLong ? 16 : 8);
    track.id = unsignedInt();
    // Reserved, duration, layer, group, volume, and the matrix.
    in.skip((isLong ? 12 : 8) + 16 + 36);
    // Fixed-point numbers: 16 bits before the point.
    track.width = in.readBigEndianShort();
    in.skip(2);
    track.height = in.readBigEndianShort();
  }

  private void readFragmentedDuration(Box box) throws IOException, BrokenHeaderException {
    boolean isLong = version(box) == 1;
    require(box, isLong ? 8 : 4);
    long duration = isLong ? longValue() : unsignedInt();
    if (movieDuration == 0 && duration > 0) {
      movieDuration = duration;
    }
  }

  private void readTrackDefaults(Box box) throws IOException, BrokenHeaderException {
    require(box, 16);
    in.skip(4);
    long id = unsignedInt();
    in.skip(4);
    defaultDurations.put(id, unsignedInt());
  }

  private void readFragmentHeader(Box box) throws IOException, BrokenHeaderException {
    int flags = flags(box);
    boolean hasDuration = (flags & 0x8) != 0;
    int skipped = ((flags & 0x1) != 0 ? 8 : 0) + ((flags & 0x2) != 0 ? 4 : 0);
    require(box, 4 + skipped + (hasDuration ? 4 : 0));
    fragmentTrack = unsignedInt();
    in.skip(skipped);
    fragmentDefault =
        hasDuration ? unsignedInt() : defaultDurations.getOrDefault(fragmentTrack, -1L);
  }

  private void readFragmentRun(Box box) throws IOException, BrokenHeaderException {
    if (video == null || fragmentTrack != video.id || video.timescale < 1) {
      return;
    }
    int flags = flags(box);
    int skipped = ((flags & 0x1) != 0 ? 4 : 0) + ((flags & 0x4) != 0 ? 4 : 0);
    require(box, 4 + skipped);
    long count = unsignedInt();
    in.skip(skipped);
    if ((flags & 0x100) == 0) {
      areFragmentsKnown &= fragmentDefault >= 0;
      fragmentTicks += (double) count * Math.max(0, fragmentDefault);
      return;
    }
    int rest = 4 * Integer.bitCount(flags & 0xE00);
    samples += (int) Math.min(count, MOST_SAMPLES);
    if (count > MOST_SAMPLES || samples > MOST_SAMPLES) {
      areFragmentsKnown = false;
      return;
    }
    require(box, count * (4 + rest));
    for (long i = 0; i < count; i++) {
      fragmentTicks += unsignedInt();
      in.skip(rest);
    }
  }

  /** Begins the next box. */
  private Box next(long limit) throws IOException, BrokenHeaderException {
    boxes++;
    long start = in.position();
    long size = unsignedInt();
    String type = type();
    if (size == LONG_SIZE) {
      size = longValue();
      if (size >= 0 && size < 16) {
        throw tooSmall(type, size);
      }
    } else if (size == REST_OF_FILE) {
      return new Box(type, limit);
    } else if (size < 8) {
      throw tooSmall(type, size);
    }
    // A size beyond all files stays beyond them.
    return new Box(type, size < 0 || size > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + size);
  }

  private static BrokenHeaderException tooSmall(String type, long size) {
    return new BrokenHeaderException(
        "The part '%s' of the video gives %d bytes as its size.", printable(type), size);
  }

  private void skipTo(Box box) throws IOException {
    in.skip(Math.max(0, box.end - in.position()));
  }

  private int version(Box box) throws IOException, BrokenHeaderException {
    require(box, 4);
    int version = in.readByte();
    in.skip(3);
    return version;
  }

  private int flags(Box box) throws IOException, BrokenHeaderException {
    require(box, 4);
    return in.readBigEndianInt() & 0xFFFFFF;
  }

  /** Checks that a box has so many bytes left. */
  private void require(Box box, long bytes) throws BrokenHeaderException {
    if (in.position() + bytes > box.end) {
      throw new BrokenHeaderException(
          "The part '%s' of the video is too short to say what it should.", printable(box.type));
    }
  }

  /** As many of the bytes as the box has left. */
  private long room(Box box, long bytes) {
    return Math.min(bytes, box.end - in.position());
  }

  private long unsignedInt() throws IOException {
    return Integer.toUnsignedLong(in.readBigEndianInt());
  }

  private long longValue() throws IOException {
    return unsignedInt() << 32 | unsignedInt();
  }

  private String type() throws IOException {
    return new String(in.readBytes(4), StandardCharsets.ISO_8859_1);
  }

  private static String printable(String type) {
    return type.replaceAll("[^ -~]", "?");
  }
}
