package io.millrace.analysis.image;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** Our images as OpenCV's and back, by copying the bytes. */
final class Mats {
  private Mats() {}

  /** The image of a continuous matrix of three 8-bit channels. */
  static BgrImage toImage(Mat mat) {
    byte[] bytes = new byte[Math.multiplyExact(3, Math.multiplyExact(mat.cols(), mat.rows()))];
    mat.data().get(bytes);
    return new BgrImage(mat.cols(), mat.rows(), bytes);
  }

  /** A matrix with the image's bytes; the caller closes it. */
  static Mat toMat(BgrImage image) {
    Mat mat = new Mat(image.height(), image.width(), opencv_core.CV_8UC3);
    mat.data().put(image.bytes());
    return mat;
  }
}
