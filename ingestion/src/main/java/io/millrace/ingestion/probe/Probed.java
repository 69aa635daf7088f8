package io.millrace.ingestion.probe;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.ingestion.RejectReason;

/** What probing an image file found out. */
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

  /** A file that no dataset should hold, and why in a sentence. */
  record Refused(RejectReason reason, String message) implements Probed {
    public Refused {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }
}
