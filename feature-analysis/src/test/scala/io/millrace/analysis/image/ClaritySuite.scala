package io.millrace.analysis.image

import org.bytedeco.javacpp.indexer.DoubleIndexer
import org.bytedeco.opencv.global.{opencv_core, opencv_imgproc}
import org.bytedeco.opencv.opencv_core.Mat
import org.scalatest.funsuite.AnyFunSuite

class ClaritySuite extends AnyFunSuite with ImageFixtures {

  test("ANA-1 clarity - of one colour - is 0") {
    assert(Clarity.of(GreyImage.of(filled(9, 6, 30, 90, 200))) == 0)
  }

  test("ANA-1 clarity - of one white pixel in 3 x 3 black ones - is the hand-computed value") {
    // Laplacian with reflected borders: centre -1020, edges 2 * 0 + 255 ... each edge sees the
    // centre twice vertically or horizontally: 510; corners see two edges twice: 0.
    val picture = image(3, 3)((x, y) => grey(if (x == 1 && y == 1) 255 else 0))
    val values = Seq(0, 510, 0, 510, -1020, 510, 0, 510, 0).map(_.toDouble)
    val mean = values.sum / 9
    val variance = values.map(v => (v - mean) * (v - mean)).sum / 9
    assertClose(Clarity.of(GreyImage.of(picture)), variance)
  }

  test("ANA-1 accuracy - random and smooth images of odd sizes - equals OpenCV within 1e-6") {
    for ((name, picture) <- samples) {
      withClue(name) {
        val image = GreyImage.of(picture)
        assertClose(Clarity.of(image), openCvClarity(mat(image, whole(image))))
      }
    }
  }

  test("ANA-1 box_clarity - of a region - is that of its pixels as an image of their own") {
    val image = GreyImage.of(noise(41, 29, 3))
    for (region <- Seq(
        new PixelRegion(0, 0, 41, 29), new PixelRegion(5, 7, 11, 4), new PixelRegion(40, 3, 1, 9),
        new PixelRegion(2, 28, 8, 1), new PixelRegion(30, 20, 11, 9), new PixelRegion(1, 1, 2, 2))) {
      withClue(region) {
        assertClose(Clarity.of(image, region), openCvClarity(mat(image, region)))
      }
    }
  }

  test("grey - of every weight and of ties - is 0.299 R + 0.587 G + 0.114 B, rounded half up") {
    assert(GreyImage.of(filled(1, 1, 255, 0, 0)).level(0, 0) == 76)
    assert(GreyImage.of(filled(1, 1, 0, 255, 0)).level(0, 0) == 150)
    assert(GreyImage.of(filled(1, 1, 0, 0, 255)).level(0, 0) == 29)
    assert(GreyImage.of(filled(1, 1, 255, 255, 255)).level(0, 0) == 255)
    assert(GreyImage.of(filled(1, 1, 0, 0, 250)).level(0, 0) == 29) // 28.5
  }

  test("grey - compared with OpenCV's fixed point conversion - differs by one level at most") {
    val picture = noise(500, 400, 5)
    val theirs = new Mat()
    opencv_imgproc.cvtColor(Mats.toMat(picture), theirs, opencv_imgproc.COLOR_BGR2GRAY)
    val bytes = new Array[Byte](500 * 400)
    theirs.data().get(bytes)
    val ours = GreyImage.of(picture).bytes
    val differences = ours.zip(bytes).map { case (a, b) => math.abs((a & 0xff) - (b & 0xff)) }
    assert(differences.max <= 1)
    assert(differences.count(_ > 0) < differences.length / 500)
  }

  private def whole(image: GreyImage) = new PixelRegion(0, 0, image.width, image.height)

  private def mat(image: GreyImage, region: PixelRegion): Mat = {
    val bytes =
      for {
        y <- region.top until region.top + region.height
        x <- region.left until region.left + region.width
      } yield image.level(x, y).toByte
    val mat = new Mat(region.height, region.width, opencv_core.CV_8UC1)
    mat.data().put(bytes.toArray, 0, bytes.size)
    mat
  }

  private def openCvClarity(grey: Mat): Double = {
    val laplacian = new Mat()
    opencv_imgproc.Laplacian(
      grey, laplacian, opencv_core.CV_64F, 1, 1, 0, opencv_core.BORDER_REFLECT_101)
    val mean = new Mat()
    val deviation = new Mat()
    opencv_core.meanStdDev(laplacian, mean, deviation)
    math.pow(deviation.createIndexer[DoubleIndexer]().get(0), 2)
  }
}
