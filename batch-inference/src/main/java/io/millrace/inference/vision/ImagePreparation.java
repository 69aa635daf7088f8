package io.millrace.inference.vision;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.inference.BadInputException;
import io.millrace.inference.FailureReason;
import io.millrace.inference.PreparedInput;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * How an image becomes a model's input: decoded as it is stored (an EXIF orientation is not
 * applied, as labels count pixels as stored), stretched to the model's size, each value {@code
 * (pixel * scale - mean) / std} with pixels from 0 to 255.
 *
 * <p>Shrinking averages the pixels that an output pixel covers; enlarging is bilinear.
 *
 * @param width pixels that the model takes
 * @param height pixels that the model takes
 * @param mean one number a colour, in the model's colour order
 * @param std one number a colour, not 0, in the model's colour order
 */
public record ImagePreparation(
    int width,
    int height,
    PixelLayout layout,
    ColorOrder color,
    double scale,
    List<Double> mean,
    List<Double> std) {
  public static final int CHANNELS = 3;
  private static final int MAX_SIDE = 16_384;

  public ImagePreparation {
    requireNonNull(layout, "layout is null");
    requireNonNull(color, "color is null");
    checkArgument(
        width >= 1 && width <= MAX_SIDE,
        "Invalid input.width: %s (expected 1 to %s)",
        width,
        MAX_SIDE);
    checkArgument(
        height >= 1 && height <= MAX_SIDE,
        "Invalid input.height: %s (expected 1 to %s)",
        height,
        MAX_SIDE);
    checkArgument(
        scale > 0 && Double.isFinite(scale), "Invalid input.scale: %s (expected above 0)", scale);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    checkArgument(
        mean.size() == CHANNELS && mean.stream().allMatch(Double::isFinite),
        "Invalid input.mean: %s (expected 3 numbers)",
        mean);
    checkArgument(
        std.size() == CHANNELS && std.stream().allMatch(value -> value > 0 && value < 1e30),
        "Invalid input.std: %s (expected 3 numbers above 0)",
        std);
  }

  /** Numbers that one image becomes. */
  public int values() {
    return CHANNELS * width * height;
  }

  /**
   * Decodes an image and brings it into the model's form.
   *
   * @throws BadInputException if the content is no image that OpenCV decodes
   */
  public PreparedInput apply(byte[] content) throws BadInputException {
    OpenCv.load();
    try (BytePointer bytes = new BytePointer(content);
        Mat encoded = new Mat(1, content.length, opencv_core.CV_8UC1, bytes);
        Mat image = decode(encoded);
        Mat resized = resize(image)) {
      byte[] bgr = new byte[values()];
      resized.data().get(bgr);
      return new PreparedInput(normalize(bgr), image.cols(), image.rows());
    }
  }

  private static Mat decode(Mat encoded) throws BadInputException {
    Mat image;
    try {
      image =
          opencv_imgcodecs.imdecode(
              encoded,
              opencv_imgcodecs.IMREAD_COLOR_BGR | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION);
    } catch (RuntimeException e) {
      // OpenCV's C++ exceptions arrive as these: sizes over its limit, allocations that fail.
      throw undecodable(e);
    }
    if (image == null || image.empty()) {
      throw undecodable(null);
    }
    return image;
  }

  private Mat resize(Mat image) {
    boolean shrinks = image.cols() >= width && image.rows() >= height;
    Mat resized = new Mat();
    try (Size size = new Size(width, height)) {
      opencv_imgproc.resize(
          image,
          resized,
          size,
          0,
          0,
          shrinks ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR);
    }
    return resized;
  }

  private float[] normalize(byte[] bgr) {
    int pixels = width * height;
    float[] values = new float[values()];
    for (int channel = 0; channel < CHANNELS; channel++) {
      float[] table = table(channel);
      int source = color.channelInBgr(channel);
      for (int pixel = 0; pixel < pixels; pixel++) {
        values[layout.index(channel, pixel, pixels)] = table[bgr[pixel * CHANNELS + source] & 0xff];
      }
    }
    return values;
  }

  /** What each of the 256 values of a pixel becomes. */
  private float[] table(int channel) {
    float[] table = new float[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (float) ((value * scale - mean.get(channel)) / std.get(channel));
    }
    return table;
  }

  private static BadInputException undecodable(RuntimeException cause) {
    return new BadInputException(
        FailureReason.UNDECODABLE,
        "Cannot decode the image: its content is no JPEG, PNG or BMP, or is damaged.",
        cause);
  }
}
