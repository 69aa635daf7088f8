package io.millrace.analysis.grouping;

import io.millrace.analysis.image.BgrImage;
import io.millrace.analysis.image.GreyImage;
import io.millrace.analysis.image.ImageScaling;

/**
 * What an image looks like, in {@value #DIMENSIONS} numbers whose Euclidean distance is small for
 * images that look alike. It is taken from the image stretched to {@value #SIDE} x {@value #SIDE}
 * pixels, so that size and format have no part in it. The scaling is fixed: the numbers of an image
 * do not depend on the other images.
 *
 * <table>
 * <caption>Parts, in this order</caption>
 * <tr><th>numbers</th><th>what</th><th>range</th></tr>
 * <tr><td>18</td><td>colours: square roots of the shares of 12 hues (by chroma) and 6 brightness
 *     levels (by absence of chroma)</td><td>0..1, together of norm 1</td></tr>
 * <tr><td>7</td><td>mean and standard deviation of grey, R-G and (R+G)/2-B, then the mean
 *     gradient</td><td>about -1..1</td></tr>
 * <tr><td>32</td><td>gradient orientations: square roots of the shares of 8 directions (without
 *     sign) in 2 x 2 cells, by gradient size</td><td>0..1, together of norm 1, or all 0</td></tr>
 * <tr><td>15</td><td>the lowest frequencies of grey, 4 x 4 without the constant one (DCT-II)</td>
 *     <td>-1..1</td></tr>
 * </table>
 */
public final class ImageDescriptor {
  public static final int DIMENSIONS = 72;
  static final int SIDE = 64;

  private static final int HUES = 12;
  private static final int LEVELS = 6;
  private static final int MOMENTS = 7;
  private static final int CELLS = 2;
  private static final int DIRECTIONS = 8;
  private static final int FREQUENCIES = 4;
  private static final int MOMENTS_AT = HUES + LEVELS;
  private static final int GRADIENTS_AT = MOMENTS_AT + MOMENTS;
  private static final int FREQUENCIES_AT = GRADIENTS_AT + CELLS * CELLS * DIRECTIONS;
  private static final double PIXELS = SIDE * SIDE;

  private ImageDescriptor() {}

  public static double[] of(BgrImage image) {
    BgrImage small = ImageScaling.to(image, SIDE, SIDE);
    GreyImage grey = GreyImage.of(small);
    double[] descriptor = new double[DIMENSIONS];
    addColours(small, descriptor);
    addMoments(small, grey, descriptor);
    addGradients(grey, descriptor);
    addFrequencies(grey, descriptor);
    return descriptor;
  }

  private static void addColours(BgrImage image, double[] descriptor) {
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int red = image.red(x, y);
        int green = image.green(x, y);
        int blue = image.blue(x, y);
        int max = Math.max(red, Math.max(green, blue));
        int chroma = max - Math.min(red, Math.min(green, blue));
        if (chroma > 0) {
          addHue(hue(red, green, blue, max, chroma), chroma / 255.0, descriptor);
        }
        int level = Math.min(LEVELS - 1, max * LEVELS / 256);
        descriptor[HUES + level] += 1 - chroma / 255.0;
      }
    }
    for (int i = 0; i < MOMENTS_AT; i++) {
      descriptor[i] = Math.sqrt(descriptor[i] / PIXELS);
    }
  }

  /** Splits a weight between the two nearest hues, so that no hue lies on an edge. */
  private static void addHue(double hue, double weight, double[] descriptor) {
    double position = hue / 6 * HUES;
    int below = (int) position;
    double fraction = position - below;
    descriptor[below % HUES] += weight * (1 - fraction);
    descriptor[(below + 1) % HUES] += weight * fraction;
  }

  /** The hue of HSV in sextants, 0 (included) to 6. */
  private static double hue(int red, int green, int blue, int max, int chroma) {
    double hue;
    if (max == red) {
      hue = (double) (green - blue) / chroma;
    } else if (max == green) {
      hue = (double) (blue - red) / chroma + 2;
    } else {
      hue = (double) (red - green) / chroma + 4;
    }
    return hue < 0 ? hue + 6 : hue;
  }

  private static void addMoments(BgrImage image, GreyImage grey, double[] descriptor) {
    double[] sums = new double[3];
    double[] squares = new double[3];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int red = image.red(x, y);
        int green = image.green(x, y);
        double[] values = {
          grey.level(x, y) / 255.0,
          (red - green) / 255.0,
          ((red + green) / 2.0 - image.blue(x, y)) / 255.0
        };
        for (int i = 0; i < values.length; i++) {
          sums[i] += values[i];
          squares[i] += values[i] * values[i];
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      double mean = sums[i] / PIXELS;
      descriptor[MOMENTS_AT + 2 * i] = mean;
      descriptor[MOMENTS_AT + 2 * i + 1] =
          Math.sqrt(Math.max(0, squares[i] / PIXELS - mean * mean));
    }
  }

  private static void addGradients(GreyImage grey, double[] descriptor) {
    double total = 0;
    for (int y = 1; y < SIDE - 1; y++) {
      for (int x = 1; x < SIDE - 1; x++) {
        double dx = grey.level(x + 1, y) - (double) grey.level(x - 1, y);
        double dy = grey.level(x, y + 1) - (double) grey.level(x, y - 1);
        double size = Math.hypot(dx, dy);
        int cell = y * CELLS / SIDE * CELLS + x * CELLS / SIDE;
        descriptor[GRADIENTS_AT + cell * DIRECTIONS + direction(dx, dy)] += size;
        total += size;
      }
    }
    descriptor[GRADIENTS_AT - 1] = total / PIXELS / 255;
    if (total > 0) {
      for (int i = GRADIENTS_AT; i < FREQUENCIES_AT; i++) {
        descriptor[i] = Math.sqrt(descriptor[i] / total);
      }
    }
  }

  /** The direction of a gradient without its sign; the axes lie in the middle of a direction. */
  private static int direction(double dx, double dy) {
    double turns = Math.atan2(dy, dx) / Math.PI;
    return Math.floorMod((int) Math.round(turns * DIRECTIONS), DIRECTIONS);
  }

  private static void addFrequencies(GreyImage grey, double[] descriptor) {
    int index = FREQUENCIES_AT;
    for (int v = 0; v < FREQUENCIES; v++) {
      for (int u = 0; u < FREQUENCIES; u++) {
        if (u + v > 0) {
          descriptor[index++] = frequency(grey, u, v);
        }
      }
    }
  }

  private static double frequency(GreyImage grey, int u, int v) {
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
      double wave = COSINES[v][y];
      for (int x = 0; x < SIDE; x++) {
        sum += grey.level(x, y) * wave * COSINES[u][x];
      }
    }
    return 2 * sum / PIXELS / 255;
  }

  private static final double[][] COSINES = cosines();

  private static double[][] cosines() {
    double[][] cosines = new double[FREQUENCIES][SIDE];
    for (int u = 0; u < FREQUENCIES; u++) {
      for (int x = 0; x < SIDE; x++) {
        cosines[u][x] = Math.cos(Math.PI * u * (2 * x + 1) / (2 * SIDE));
      }
    }
    return cosines;
  }
}
