package io.millrace.analysis.image;

/**
 * What the colours of an image's pixels say about it.
 *
 * @param brightness perceived: mean of sqrt(0.299 R² + 0.587 G² + 0.114 B²), 0..255
 * @param saturation mean of HSV's S = (max - min) / max, 0 for black, 0..1
 * @param colorfulness sqrt(var rg + var yb) + 0.3 sqrt(mean(rg)² + mean(yb)²) with rg = R - G and
 *     yb = (R + G) / 2 - B; population variances; 0 for grey images, above 100 for vivid ones
 * @see <a href="https://alienryderflex.com/hsp.html">Finley, HSP color model</a>
 * @see <a href="https://doi.org/10.1117/12.477378">Hasler and Süsstrunk, SPIE 2003</a>
 */
public record PixelMetrics(double brightness, double saturation, double colorfulness) {
  private static final double[] RED_SQUARES = weightedSquares(0.299);
  private static final double[] GREEN_SQUARES = weightedSquares(0.587);
  private static final double[] BLUE_SQUARES = weightedSquares(0.114);
  private static final double[] RECIPROCALS = reciprocals();

  public static PixelMetrics of(BgrImage image) {
    byte[] bgr = image.bytes();
    int rowBytes = 3 * image.width();
    double brightness = 0;
    double saturation = 0;
    long redGreen = 0;
    long redGreenSquares = 0;
    long yellowBlue = 0;
    long yellowBlueSquares = 0;
    for (int row = 0; row < bgr.length; row += rowBytes) {
      double rowBrightness = 0;
      double rowSaturation = 0;
      for (int p = row; p < row + rowBytes; p += 3) {
        int blue = bgr[p] & 0xff;
        int green = bgr[p + 1] & 0xff;
        int red = bgr[p + 2] & 0xff;
        rowBrightness += perceived(red, green, blue);
        int max = Math.max(red, Math.max(green, blue));
        int min = Math.min(red, Math.min(green, blue));
        rowSaturation += (max - min) * RECIPROCALS[max];
        int rg = red - green;
        redGreen += rg;
        redGreenSquares += (long) rg * rg;
        int yb = red + green - 2 * blue; // twice the value: stays a whole number
        yellowBlue += yb;
        yellowBlueSquares += (long) yb * yb;
      }
      brightness += rowBrightness;
      saturation += rowSaturation;
    }
    long pixels = (long) image.width() * image.height();
    double deviation =
        Math.sqrt(
            Moments.variance(redGreen, redGreenSquares, pixels)
                + Moments.variance(yellowBlue, yellowBlueSquares, pixels) / 4);
    double mean = Math.hypot((double) redGreen / pixels, yellowBlue / 2.0 / pixels);
    return new PixelMetrics(brightness / pixels, saturation / pixels, deviation + 0.3 * mean);
  }

  /** The brightness of a region that lies within the image. */
  public static double brightness(BgrImage image, PixelRegion region) {
    byte[] bgr = image.bytes();
    double sum = 0;
    for (int y = region.top(); y < region.top() + region.height(); y++) {
      int start = 3 * (y * image.width() + region.left());
      double rowSum = 0;
      for (int p = start; p < start + 3 * region.width(); p += 3) {
        rowSum += perceived(bgr[p + 2] & 0xff, bgr[p + 1] & 0xff, bgr[p] & 0xff);
      }
      sum += rowSum;
    }
    return sum / ((double) region.width() * region.height());
  }

  private static double perceived(int red, int green, int blue) {
    return Math.sqrt(RED_SQUARES[red] + GREEN_SQUARES[green] + BLUE_SQUARES[blue]);
  }

  private static double[] weightedSquares(double weight) {
    double[] squares = new double[256];
    for (int i = 0; i < 256; i++) {
      squares[i] = weight * i * i;
    }
    return squares;
  }

  private static double[] reciprocals() {
    double[] reciprocals = new double[256];
    for (int i = 1; i < 256; i++) {
      reciprocals[i] = 1.0 / i;
    }
    return reciprocals;
  }
}
