package io.millrace.analysis.image

import org.bytedeco.opencv.global.{opencv_core, opencv_imgproc}
import org.bytedeco.opencv.opencv_core.{Mat, MatVector}
import org.scalatest.funsuite.AnyFunSuite

class PixelMetricsSuite extends AnyFunSuite with ImageFixtures {

  test("ANA-1 brightness - of black, white and pure colours - is the formula's value") {
    assert(PixelMetrics.of(filled(4, 3, 0, 0, 0)).brightness == 0)
    assertClose(PixelMetrics.of(filled(4, 3, 255, 255, 255)).brightness, 255)
    assertClose(PixelMetrics.of(filled(4, 3, 255, 0, 0)).brightness, math.sqrt(0.299) * 255)
    assertClose(PixelMetrics.of(filled(4, 3, 0, 255, 0)).brightness, math.sqrt(0.587) * 255)
    assertClose(PixelMetrics.of(filled(4, 3, 0, 0, 255)).brightness, math.sqrt(0.114) * 255)
  }

  test("ANA-1 brightness - half black, half white - is the mean of the pixels") {
    assertClose(PixelMetrics.of(image(2, 1)((x, _) => grey(255 * x))).brightness, 127.5)
  }

  test("ANA-1 saturation - of grey, black, pure and mixed colours - is (max - min) / max") {
    assert(PixelMetrics.of(filled(2, 2, 90, 90, 90)).saturation == 0)
    assert(PixelMetrics.of(filled(2, 2, 0, 0, 0)).saturation == 0)
    assertClose(PixelMetrics.of(filled(2, 2, 0, 7, 0)).saturation, 1)
    assertClose(PixelMetrics.of(filled(2, 2, 200, 100, 150)).saturation, 0.5)
  }

  test("ANA-1 colorfulness - of grey images - is 0") {
    assert(PixelMetrics.of(image(5, 5)((x, y) => grey(10 * x + y))).colorfulness == 0)
  }

  test("ANA-1 colorfulness - of a red and a blue pixel - is the hand-computed value") {
    // red: rg = 255, yb = 127.5; blue: rg = 0, yb = -255
    val picture = image(2, 1)((x, _) => if (x == 0) (255, 0, 0) else (0, 0, 255))
    val deviation = math.sqrt(127.5 * 127.5 + 191.25 * 191.25)
    val mean = math.sqrt(127.5 * 127.5 + 63.75 * 63.75)
    assertClose(PixelMetrics.of(picture).colorfulness, deviation + 0.3 * mean)
  }

  test("ANA-1 colorfulness - of one colour with one pixel off by one level - keeps its digits") {
    val size = 1000
    val picture = image(size, size)((x, y) => if (x + y == 0) (251, 3, 2) else (250, 3, 2))
    val pixels = size.toDouble * size
    // both rg and yb are constant but for one pixel: variance = d^2 (n - 1) / n^2
    val factor = (pixels - 1) / (pixels * pixels)
    val mean = math.hypot(247 + 1 / pixels, 124.5 + 0.5 / pixels)
    assertClose(
      PixelMetrics.of(picture).colorfulness, math.sqrt(factor * (1 + 0.25)) + 0.3 * mean)
  }

  test("ANA-1 accuracy - random and smooth images of odd sizes - equals OpenCV within 1e-6") {
    for ((name, picture) <- samples) {
      val ours = PixelMetrics.of(picture)
      withClue(name) {
        assertClose(ours.brightness, OpenCvReference.brightness(picture))
        assertClose(ours.saturation, OpenCvReference.saturation(picture))
        assertClose(ours.colorfulness, OpenCvReference.colorfulness(picture))
      }
    }
  }

  test("ANA-1 box_brightness - of a region - is the brightness of its pixels alone") {
    val picture = image(7, 5)((x, y) => (20 * x, 30 * y, 255 - 20 * x))
    val cropped = image(3, 2)((x, y) => (20 * (x + 2), 30 * (y + 1), 255 - 20 * (x + 2)))
    val region = new PixelRegion(2, 1, 3, 2)
    assertClose(PixelMetrics.brightness(picture, region), PixelMetrics.of(cropped).brightness)
  }

  /** The same figures by OpenCV's operations on 64-bit floating point planes. */
  private object OpenCvReference {
    def brightness(picture: BgrImage): Double = {
      val Seq(blue, green, red) = planes(picture)
      val sum = new Mat()
      opencv_core.addWeighted(red.mul(red).asMat(), 0.299, green.mul(green).asMat(), 0.587, 0, sum)
      opencv_core.addWeighted(sum, 1, blue.mul(blue).asMat(), 0.114, 0, sum)
      opencv_core.sqrt(sum, sum)
      meanAndDeviation(sum)._1
    }

    /** OpenCV computes it in single precision, pixel by pixel; the mean is exact enough. */
    def saturation(picture: BgrImage): Double = {
      val floats = new Mat()
      Mats.toMat(picture).convertTo(floats, opencv_core.CV_32F, 1 / 255.0, 0)
      val hsv = new Mat()
      opencv_imgproc.cvtColor(floats, hsv, opencv_imgproc.COLOR_BGR2HSV)
      val channels = new MatVector()
      opencv_core.split(hsv, channels)
      meanAndDeviation(channels.get(1))._1
    }

    def colorfulness(picture: BgrImage): Double = {
      val Seq(blue, green, red) = planes(picture)
      val rg = opencv_core.subtract(red, green).asMat()
      val yb = new Mat()
      opencv_core.addWeighted(red, 0.5, green, 0.5, 0, yb)
      opencv_core.subtract(yb, blue, yb)
      val (rgMean, rgDeviation) = meanAndDeviation(rg)
      val (ybMean, ybDeviation) = meanAndDeviation(yb)
      math.hypot(rgDeviation, ybDeviation) + 0.3 * math.hypot(rgMean, ybMean)
    }

    private def planes(picture: BgrImage): Seq[Mat] = {
      val doubles = new Mat()
      Mats.toMat(picture).convertTo(doubles, opencv_core.CV_64F)
      val channels = new MatVector()
      opencv_core.split(doubles, channels)
      Seq(channels.get(0), channels.get(1), channels.get(2))
    }

    private def meanAndDeviation(mat: Mat): (Double, Double) = {
      val mean = new Mat()
      val deviation = new Mat()
      opencv_core.meanStdDev(mat, mean, deviation)
      (mean.createIndexer[org.bytedeco.javacpp.indexer.DoubleIndexer]().get(0),
        deviation.createIndexer[org.bytedeco.javacpp.indexer.DoubleIndexer]().get(0))
    }
  }
}
