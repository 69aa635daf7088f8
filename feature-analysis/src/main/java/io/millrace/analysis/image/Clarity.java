package io.millrace.analysis.image;

/**
 * How sharp grey pixels are: the population variance of their Laplacian (kernel 0 1 0 / 1 -4 1 / 0
 * 1 0, borders reflected without repeating the edge pixel, as OpenCV's default does), in squared
 * grey levels.
 *
 * <p>Low for blurred images, 0 for a single colour. Comparable only between images of similar size
 * and content. A region is measured as if it were an image of its own: pixels around it have no
 * part in it.
 *
 * @see <a href="https://doi.org/10.1109/ICPR.2000.903548">Pech-Pacheco et al., ICPR 2000</a>
 */
public final class Clarity {
  private Clarity() {}

  public static double of(GreyImage image) {
    return of(image, PixelRegion.all(image.width(), image.height()));
  }

  /** The clarity of a region that lies within the image. */
  public static double of(GreyImage image, PixelRegion region) {
    byte[] grey = image.bytes();
    int stride = image.width();
    int width = region.width();
    long sum = 0;
    long squares = 0;
    for (int y = 0; y < region.height(); y++) {
      int row = (region.top() + y) * stride + region.left();
      int up = (region.top() + reflected(y - 1, region.height())) * stride + region.left();
      int down = (region.top() + reflected(y + 1, region.height())) * stride + region.left();
      int rowSum = 0;
      for (int x = 0; x < width; x += Math.max(1, width - 1)) {
        int value =
            level(grey, up + x)
                + level(grey, down + x)
                + level(grey, row + reflected(x - 1, width))
                + level(grey, row + reflected(x + 1, width))
                - 4 * level(grey, row + x);
        rowSum += value;
        squares += (long) value * value;
      }
      for (int x = 1; x < width - 1; x++) {
        int value =
            level(grey, up + x)
                + level(grey, down + x)
                + level(grey, row + x - 1)
                + level(grey, row + x + 1)
                - 4 * level(grey, row + x);
        rowSum += value;
        squares += (long) value * value;
      }
      sum += rowSum;
    }
    return Moments.variance(sum, squares, (long) width * region.height());
  }

  private static int level(byte[] grey, int index) {
    return grey[index] & 0xff;
  }

  /** Reflection at the borders without repeating the edge: -1 means 1; all is 0 for length 1. */
  private static int reflected(int index, int length) {
    if (length == 1) {
      return 0;
    }
    return index < 0 ? -index : index >= length ? 2 * length - 2 - index : index;
  }
}
