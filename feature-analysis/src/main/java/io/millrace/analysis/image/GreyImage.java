package io.millrace.analysis.image;

/**
 * The grey levels of an image, 0..255: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded half up
 * by exact integer arithmetic. OpenCV's own conversion works in fixed point and differs by one
 * level in some ties.
 */
public final class GreyImage {
  private final int width;
  private final int height;
  private final byte[] bytes;

  private GreyImage(int width, int height, byte[] bytes) {
    this.width = width;
    this.height = height;
    this.bytes = bytes;
  }

  public static GreyImage of(BgrImage image) {
    byte[] bgr = image.bytes();
    byte[] grey = new byte[image.width() * image.height()];
    for (int i = 0, p = 0; i < grey.length; i++, p += 3) {
      int blue = bgr[p] & 0xff;
      int green = bgr[p + 1] & 0xff;
      int red = bgr[p + 2] & 0xff;
      grey[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
    return new GreyImage(image.width(), image.height(), grey);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The level of a pixel, 0..255. */
  public int level(int x, int y) {
    return bytes[y * width + x] & 0xff;
  }

  byte[] bytes() {
    return bytes;
  }
}
