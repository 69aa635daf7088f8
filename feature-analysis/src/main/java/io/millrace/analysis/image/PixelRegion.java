package io.millrace.analysis.image;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Shape.BoundingBox;
import java.util.Optional;

/**
 * A rectangle of whole pixels: columns {@code left} to {@code left + width - 1}, rows likewise.
 *
 * @param left at least 0
 * @param top at least 0
 * @param width at least 1
 * @param height at least 1
 */
public record PixelRegion(int left, int top, int width, int height) {
  public PixelRegion {
    checkArgument(
        left >= 0 && top >= 0 && width >= 1 && height >= 1,
        "Invalid region: %s x %s pixels at (%s, %s)",
        width,
        height,
        left,
        top);
  }

  static PixelRegion all(int width, int height) {
    return new PixelRegion(0, 0, width, height);
  }

  /**
   * The pixels of a box: each edge is rounded to the nearest line between pixels (half up), then
   * clipped to the image. Empty where no pixel is left.
   */
  public static Optional<PixelRegion> of(BoundingBox box, int imageWidth, int imageHeight) {
    int left = edge(box.xMin(), imageWidth);
    int top = edge(box.yMin(), imageHeight);
    int right = edge(box.xMax(), imageWidth);
    int bottom = edge(box.yMax(), imageHeight);
    return left < right && top < bottom
        ? Optional.of(new PixelRegion(left, top, right - left, bottom - top))
        : Optional.empty();
  }

  private static int edge(double coordinate, int length) {
    return (int) Math.max(0, Math.min(length, Math.floor(coordinate + 0.5)));
  }
}
