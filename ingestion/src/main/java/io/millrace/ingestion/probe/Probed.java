package io.millrace.ingestion.probe;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.ingestion.RejectReason;
import java.nio.charset.Charset;
import java.util.OptionalDouble;

/** What probing a file found out. */
public sealed interface Probed {

  /**
   * An image with a sound header and an end.
   *
   * @param width pixels, before any orientation that EXIF asks viewers for
   * @param height pixels
   * @param channels as stored, a palette counted as the 3 channels it stands for: 1 grey, 2 grey
   *     and alpha, 3 RGB, 4 RGB and alpha or CMYK
   */
  record Image(ImageType type, int width, int height, int channels) implements Probed {
    public Image {
      requireNonNull(type, "type is null");
      checkArgument(
          width >= 1 && height >= 1 && channels >= 1 && channels <= 4,
          "Invalid image: %s x %s pixels, %s channels",
          width,
          height,
          channels);
    }
  }

  /**
   * A recording with a sound header and all its sound.
   *
   * @param seconds duration, at least 0
   * @param channels at least 1
   * @param sampleRate samples a second (Hz), at least 1
   * @param isPlain whether it is PCM, of whole or floating-point numbers, that needs no decoder
   */
  record Audio(MediaType type, double seconds, int channels, int sampleRate, boolean isPlain)
      implements Probed {
    public Audio {
      requireNonNull(type, "type is null");
      checkArgument(
          seconds >= 0 && channels >= 1 && sampleRate >= 1,
          "Invalid recording: %s seconds, %s channels, %s Hz",
          seconds,
          channels,
          sampleRate);
    }
  }

  /**
   * A video with a sound index.
   *
   * @param width pixels, before any rotation that the file asks players for
   * @param height pixels
   * @param seconds duration, at least 0; absent where the file does not tell
   */
  record Video(MediaType type, int width, int height, OptionalDouble seconds) implements Probed {
    public Video {
      requireNonNull(type, "type is null");
      requireNonNull(seconds, "seconds is null");
      checkArgument(width >= 1 && height >= 1, "Invalid video: %s x %s pixels", width, height);
    }
  }

  /** A text that can be decoded to its end. */
  record Text(Charset charset) implements Probed {
    public Text {
      requireNonNull(charset, "charset is null");
    }
  }

  /** A file that no dataset should hold, and why in a sentence. */
  record Refused(RejectReason reason, String message) implements Probed {
    public Refused {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }
}
