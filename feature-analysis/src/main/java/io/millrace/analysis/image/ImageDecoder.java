package io.millrace.analysis.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Decodes image files (JPEG, PNG, BMP and what else OpenCV reads) at full size.
 *
 * <p>Every image becomes 8-bit BGR: grey is repeated in the three channels, an alpha channel is
 * dropped without blending, of 16 bits a channel the upper 8 are kept. The EXIF orientation is not
 * applied: boxes are drawn on the pixels as they are stored.
 */
public final class ImageDecoder {
  private static final int JPEG_END = 0xd9;
  private static final int JPEG_SCAN = 0xda;
  private static final byte[] PNG_END = {'I', 'E', 'N', 'D'};

  static {
    // Spark runs a task on each core already.
    opencv_core.setNumThreads(1);
  }

  private ImageDecoder() {}

  /** Decodes a whole file's bytes; never fails for bad content. */
  public static DecodedImage decode(byte[] file) {
    if (file.length == 0) {
      return new DecodedImage.Failed(Unreadable.EMPTY);
    }
    if (isTruncated(file)) {
      return new DecodedImage.Failed(Unreadable.TRUNCATED);
    }
    try (Mat bytes = new Mat(file);
        Mat pixels = imdecode(bytes, IMREAD_COLOR | IMREAD_IGNORE_ORIENTATION)) {
      if (pixels.empty()) {
        return new DecodedImage.Failed(Unreadable.NOT_AN_IMAGE);
      }
      return new DecodedImage.Pixels(Mats.toImage(pixels));
    } catch (RuntimeException e) {
      // OpenCV throws for some damaged headers; what the bytes are not, they are not.
      return new DecodedImage.Failed(Unreadable.NOT_AN_IMAGE);
    }
  }

  /** Decoders fill the rest of a cut file with grey and say nothing: look for the end oneself. */
  private static boolean isTruncated(byte[] file) {
    if (file.length > 2 && (file[0] & 0xff) == 0xff && (file[1] & 0xff) == 0xd8) {
      return !endsLikeJpeg(file);
    }
    if (file.length > 4 && (file[0] & 0xff) == 0x89 && file[1] == 'P' && file[2] == 'N') {
      return !endsLikePng(file);
    }
    return false;
  }

  /** Within the pixels of a JPEG 0xff is always escaped: a marker found there is a marker. */
  private static boolean endsLikeJpeg(byte[] file) {
    for (int i = file.length - 2; i >= 2; i--) {
      if ((file[i] & 0xff) == 0xff) {
        int marker = file[i + 1] & 0xff;
        if (marker == JPEG_END || marker == JPEG_SCAN) {
          return marker == JPEG_END;
        }
      }
    }
    return false;
  }

  private static boolean endsLikePng(byte[] file) {
    for (int i = file.length - PNG_END.length; i >= 8; i--) {
      if (file[i] == PNG_END[0]
          && file[i + 1] == PNG_END[1]
          && file[i + 2] == PNG_END[2]
          && file[i + 3] == PNG_END[3]) {
        return true;
      }
    }
    return false;
  }
}
