package io.millrace.analysis.image;

/** What came of decoding a file: an image, or the reason why there is none. */
public sealed interface DecodedImage {

  /** The file's pixels. */
  record Pixels(BgrImage image) implements DecodedImage {}

  /** No pixels, and why. */
  record Failed(Unreadable reason) implements DecodedImage {}
}
