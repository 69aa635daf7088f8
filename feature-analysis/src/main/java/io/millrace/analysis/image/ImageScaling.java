package io.millrace.analysis.image;

import static io.millrace.dataset.Preconditions.checkArgument;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Smaller copies of images, each pixel the average of the area it stands for. */
public final class ImageScaling {
  private static final int JPEG_QUALITY = 72;

  private ImageScaling() {}

  /** The image stretched to another size. */
  public static BgrImage to(BgrImage image, int width, int height) {
    try (Mat source = Mats.toMat(image);
        Mat target = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(source, target, size, 0, 0, opencv_imgproc.INTER_AREA);
      return Mats.toImage(target);
    }
  }

  /**
   * A JPEG file of the image, scaled down in proportion where a side is longer than allowed.
   *
   * @param longestSide pixels, at least 1
   */
  public static byte[] thumbnail(BgrImage image, int longestSide) {
    checkArgument(
        longestSide >= 1, "Invalid thumbnail size: %s (expected at least 1)", longestSide);
    double scale = Math.min(1.0, (double) longestSide / Math.max(image.width(), image.height()));
    BgrImage small =
        scale < 1
            ? to(
                image,
                (int) Math.max(1, Math.round(image.width() * scale)),
                (int) Math.max(1, Math.round(image.height() * scale)))
            : image;
    try (Mat mat = Mats.toMat(small);
        BytePointer jpeg = new BytePointer();
        BytePointer extension = new BytePointer(".jpg");
        IntPointer parameters =
            new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, JPEG_QUALITY)) {
      if (!opencv_imgcodecs.imencode(extension, mat, jpeg, parameters)) {
        throw new IllegalStateException("OpenCV encodes every 8-bit image as JPEG");
      }
      byte[] bytes = new byte[(int) jpeg.limit()];
      jpeg.get(bytes);
      return bytes;
    }
  }
}
