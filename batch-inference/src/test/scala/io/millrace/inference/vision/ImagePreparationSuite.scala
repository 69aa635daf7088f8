package io.millrace.inference.vision

import java.awt.Color

import scala.jdk.CollectionConverters._

import io.millrace.dataset.DatasetException
import io.millrace.inference.{BadInputException, FailureReason, PreparedInput, TestImages}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class ImagePreparationSuite extends AnyFunSuite {
  private val orange = new Color(255, 128, 0)

  test("BAT-5 preparation - NCHW RGB - planes of red, green, blue, scaled") {
    val values = floats(preparation().apply(TestImages.png(5, 3, orange)))
    assert(values.size === 12)
    assert(values.take(4) === Seq.fill(4)(1f))
    assert(values.slice(4, 8).forall(v => math.abs(v - 128 / 255f) < 1e-6))
    assert(values.drop(8) === Seq.fill(4)(0f))
  }

  test("BAT-5 preparation - NHWC BGR - pixels of blue, green, red") {
    val values = floats(
      preparation(layout = PixelLayout.NHWC, color = ColorOrder.BGR)
        .apply(TestImages.png(5, 3, orange)))
    assert(values.take(3).map(v => math.round(v * 255)) === Seq(0, 128, 255))
    assert(values.drop(9).map(v => math.round(v * 255)) === Seq(0, 128, 255))
  }

  test("BAT-5 preparation - mean and std - belong to the model's colour order") {
    val values = floats(
      preparation(scale = 1, mean = Seq(55, 28, 0), std = Seq(100, 50, 1))
        .apply(TestImages.png(2, 2, orange)))
    assert(Seq(values.head, values(4), values(8)) === Seq(2f, 2f, 0f))
  }

  test("BAT-5 preparation - stretch - shrinking averages the pixels covered") {
    // 4 x 2 pixels, black and white in turns, onto 2 x 2: each covers one black and one white.
    val stripes = TestImages.encoded(4, 2, "png")((x, _) =>
      if (x % 2 == 0) Color.BLACK else Color.WHITE)
    val values = floats(preparation(scale = 1).apply(stripes))
    assert(values.forall(v => v == 127f || v == 128f), values)
  }

  test("BAT-5 preparation - size of the image - is kept, an EXIF orientation is not applied") {
    val jpeg = TestImages.encoded(20, 10, "jpg")((_, _) => orange)
    for (content <- Seq(jpeg, TestImages.turned(jpeg))) {
      val prepared = preparation().apply(content)
      assert((prepared.imageWidth, prepared.imageHeight) === ((20, 10)))
    }
  }

  test("BAT-5 preparation - JPEG, PNG and BMP - are decoded by their content") {
    for (format <- Seq("jpg", "png", "bmp")) {
      val content = TestImages.encoded(8, 8, format)((_, _) => Color.RED)
      assert(floats(preparation().apply(content)).head > 0.98f, format)
    }
  }

  test("BAT-6 preparation - content that is no image - fails as undecodable") {
    val png = TestImages.png(8, 8, orange)
    val contents = Table(
      "content",
      "no image".getBytes("UTF-8"),
      Array[Byte](0),
      png.take(20),
      Array(0x89.toByte) ++ new Array[Byte](1000))
    forAll(contents) { content =>
      val failure = intercept[BadInputException](preparation().apply(content))
      assert(failure.reason === FailureReason.UNDECODABLE)
      assert(
        failure.getMessage ===
          "Cannot decode the image: its content is no JPEG, PNG or BMP, or is damaged.")
    }
  }

  test("BAT-5 preparation - values out of range - name the key of model.yaml") {
    assert(
      intercept[DatasetException](preparation(width = 0)).getMessage ===
        "Invalid input.width: 0 (expected 1 to 16384)")
    assert(
      intercept[DatasetException](preparation(std = Seq(1, 0, 1))).getMessage ===
        "Invalid input.std: [1.0, 0.0, 1.0] (expected 3 numbers above 0)")
    assert(
      intercept[DatasetException](preparation(mean = Seq(1))).getMessage ===
        "Invalid input.mean: [1.0] (expected 3 numbers)")
  }

  private def preparation(
      width: Int = 2,
      layout: PixelLayout = PixelLayout.NCHW,
      color: ColorOrder = ColorOrder.RGB,
      scale: Double = 1 / 255.0,
      mean: Seq[Double] = Seq(0, 0, 0),
      std: Seq[Double] = Seq(1, 1, 1)): ImagePreparation =
    new ImagePreparation(width, 2, layout, color, scale, boxed(mean), boxed(std))

  private def boxed(values: Seq[Double]): java.util.List[java.lang.Double] =
    values.map(Double.box).asJava

  private def floats(prepared: PreparedInput): Seq[Float] = {
    val values = prepared.values
    Seq.fill(values.remaining)(values.get)
  }
}
