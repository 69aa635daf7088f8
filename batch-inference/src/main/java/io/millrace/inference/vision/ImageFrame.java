package io.millrace.inference.vision;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Shape.BoundingBox;
import java.util.Optional;

/** From the pixels of a model's input to those of the image that was stretched into it. */
public record ImageFrame(int inputWidth, int inputHeight, int imageWidth, int imageHeight) {
  public ImageFrame {
    checkArgument(
        inputWidth >= 1 && inputHeight >= 1 && imageWidth >= 1 && imageHeight >= 1,
        "Invalid frame: input %s x %s, image %s x %s (expected at least 1 x 1)",
        inputWidth,
        inputHeight,
        imageWidth,
        imageHeight);
  }

  /** The box in the image, clipped to it, in hundredths of a pixel; empty if it lies outside. */
  Optional<BoundingBox> toImage(BoundingBox box) {
    double x = (double) imageWidth / inputWidth;
    double y = (double) imageHeight / inputHeight;
    return new BoundingBox(box.xMin() * x, box.yMin() * y, box.xMax() * x, box.yMax() * y)
        .clip(imageWidth, imageHeight)
        .map(
            clipped ->
                new BoundingBox(
                    rounded(clipped.xMin()),
                    rounded(clipped.yMin()),
                    rounded(clipped.xMax()),
                    rounded(clipped.yMax())));
  }

  private static double rounded(double coordinate) {
    return Math.round(coordinate * 100) / 100.0;
  }
}
