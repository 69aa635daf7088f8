package io.millrace.analysis.image;

import static io.millrace.dataset.Preconditions.checkArgument;

/**
 * A colour image in memory: 8 bits a channel, blue, green, red, row by row without padding. Its
 * bytes are shared, not copied; nobody changes them.
 */
public final class BgrImage {
  private final int width;
  private final int height;
  private final byte[] bytes;

  /**
   * An image of these bytes.
   *
   * @param width pixels, at least 1
   * @param height pixels, at least 1
   * @param bytes {@code 3 * width * height} of them
   */
  public BgrImage(int width, int height, byte[] bytes) {
    checkArgument(
        width >= 1 && height >= 1 && bytes.length == 3L * width * height,
        "Invalid image: %s x %s pixels of %s bytes (expected 3 bytes a pixel)",
        width,
        height,
        bytes.length);
    this.width = width;
    this.height = height;
    this.bytes = bytes;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Blue of a pixel, 0..255. */
  public int blue(int x, int y) {
    return bytes[3 * (y * width + x)] & 0xff;
  }

  /** Green of a pixel, 0..255. */
  public int green(int x, int y) {
    return bytes[3 * (y * width + x) + 1] & 0xff;
  }

  /** Red of a pixel, 0..255. */
  public int red(int x, int y) {
    return bytes[3 * (y * width + x) + 2] & 0xff;
  }

  byte[] bytes() {
    return bytes;
  }
}
