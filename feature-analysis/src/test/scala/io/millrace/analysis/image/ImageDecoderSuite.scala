package io.millrace.analysis.image

import java.awt.Transparency
import java.awt.color.ColorSpace
import java.awt.image.{BufferedImage, ComponentColorModel, DataBuffer, Raster}
import java.io.ByteArrayOutputStream
import java.nio.file.{Files, Path}
import javax.imageio.ImageIO

import org.bytedeco.javacpp.BytePointer
import org.bytedeco.opencv.global.{opencv_core, opencv_imgcodecs}
import org.bytedeco.opencv.opencv_core.{Mat, Scalar}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri

class ImageDecoderSuite extends AnyFunSuite with ImageFixtures {

  test("decode - PNG and BMP of a colour image - gives its pixels") {
    val picture = noise(13, 7, 1)
    for (format <- Seq(".png", ".bmp")) {
      assert(pixels(encoded(format, Mats.toMat(picture))).bytes.toSeq == picture.bytes.toSeq)
    }
  }

  test("decode - grey, RGBA and 16-bit images - are brought to 8-bit colour") {
    val one = pixels(encoded(".png", mat(opencv_core.CV_8UC1, 77)))
    assert((one.red(1, 1), one.green(1, 1), one.blue(1, 1)) == ((77, 77, 77)))
    val four = pixels(encoded(".png", mat(opencv_core.CV_8UC4, 10, 20, 30, 128)))
    assert((four.red(1, 1), four.green(1, 1), four.blue(1, 1)) == ((30, 20, 10)))
    val deep = pixels(encoded(".png", mat(opencv_core.CV_16UC3, 0x0aff, 0x1400, 0x1e80)))
    assert((deep.red(1, 1), deep.green(1, 1), deep.blue(1, 1)) == ((30, 20, 10)))
    val deepGrey = pixels(encoded(".png", mat(opencv_core.CV_16UC1, 0x4dff)))
    assert((deepGrey.red(1, 1), deepGrey.blue(1, 1)) == ((0x4d, 0x4d)))
  }

  test("decode - grey with alpha - keeps the grey") {
    val raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 3, 2, 2, null)
    for (y <- 0 until 2; x <- 0 until 3) raster.setPixel(x, y, Array(99, 40))
    val model = new ComponentColorModel(
      ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, Transparency.TRANSLUCENT,
      DataBuffer.TYPE_BYTE)
    val out = new ByteArrayOutputStream()
    assert(ImageIO.write(new BufferedImage(model, raster, false, null), "png", out))
    val decoded = pixels(out.toByteArray)
    assert((decoded.red(2, 1), decoded.green(2, 1), decoded.blue(2, 1)) == ((99, 99, 99)))
  }

  test("decode - a JPEG that EXIF says to turn - is left as stored, so that boxes fit") {
    val jpeg = encoded(".jpg", Mats.toMat(filled(20, 10, 1, 2, 3)))
    val turned = jpeg.take(2) ++ exifOrientation(6) ++ jpeg.drop(2)
    val decoded = pixels(turned)
    assert((decoded.width, decoded.height) == ((20, 10)))
  }

  test("decode - nothing, text, a cut JPEG, a cut PNG, a header alone - names the reason") {
    val jpeg = encoded(".jpg", Mats.toMat(noise(64, 64, 2)))
    val png = encoded(".png", Mats.toMat(noise(64, 64, 2)))
    assert(reason(Array.emptyByteArray) == Unreadable.EMPTY)
    assert(reason("this is a text".getBytes("UTF-8")) == Unreadable.NOT_AN_IMAGE)
    assert(reason(jpeg.take(jpeg.length / 2)) == Unreadable.TRUNCATED)
    assert(reason(png.take(png.length / 2)) == Unreadable.TRUNCATED)
    assert(reason(Array(0xff, 0xd8, 0xff, 0xd9).map(_.toByte)) == Unreadable.NOT_AN_IMAGE)
  }

  test("decode - a JPEG with bytes behind its end - is an image") {
    val jpeg = encoded(".jpg", Mats.toMat(noise(16, 16, 4)))
    assert(pixels(jpeg ++ Array.fill[Byte](100)(0)).width == 16)
  }

  test("read - a missing file, one over the limit, inline text - names the reason") {
    val directory = Files.createTempDirectory("millrace-test-")
    val file = directory.resolve("a.png")
    Files.write(file, encoded(".png", Mats.toMat(noise(32, 32, 6))))
    val size = Files.size(file)
    assert(read(file, size).isInstanceOf[DecodedImage.Pixels])
    assert(read(file, size - 1) == new DecodedImage.Failed(Unreadable.TOO_LARGE))
    assert(read(directory.resolve("b.png"), size) == new DecodedImage.Failed(Unreadable.MISSING))
    assert(
      new ImageFiles(10).read(StorageUri.ofContent("text")) ==
        new DecodedImage.Failed(Unreadable.NOT_AN_IMAGE))
  }

  test("thumbnail - of a wide image - keeps the proportions and is a JPEG") {
    val small = pixels(ImageScaling.thumbnail(noise(400, 100, 11), 80))
    assert((small.width, small.height) == ((80, 20)))
    val kept = pixels(ImageScaling.thumbnail(noise(40, 10, 11), 80))
    assert((kept.width, kept.height) == ((40, 10)))
  }

  private def read(file: Path, limit: Long) = new ImageFiles(limit).read(StorageUri.of(file))

  private def pixels(file: Array[Byte]): BgrImage = ImageDecoder.decode(file) match {
    case decoded: DecodedImage.Pixels => decoded.image
    case failed: DecodedImage.Failed => fail(s"not decoded: ${failed.reason}")
  }

  private def reason(file: Array[Byte]): Unreadable = ImageDecoder.decode(file) match {
    case _: DecodedImage.Pixels => fail("decoded")
    case failed: DecodedImage.Failed => failed.reason
  }

  private def mat(kind: Int, channels: Double*): Mat = {
    val values = channels.padTo(4, 0.0)
    new Mat(4, 5, kind, new Scalar(values(0), values(1), values(2), values(3)))
  }

  private def encoded(format: String, mat: Mat): Array[Byte] = {
    val pointer = new BytePointer()
    assert(opencv_imgcodecs.imencode(format, mat, pointer))
    val bytes = new Array[Byte](pointer.limit().toInt)
    pointer.get(bytes)
    bytes
  }

  /** An APP1 segment with one tag, 0x0112. */
  private def exifOrientation(value: Int): Array[Byte] = {
    val tiff = Array[Int]('M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value,
      0, 0, 0, 0, 0, 0)
    val body = "Exif".map(_.toInt).toArray ++ Array(0, 0) ++ tiff
    (Array(0xff, 0xe1, 0, body.length + 2) ++ body).map(_.toByte)
  }
}
