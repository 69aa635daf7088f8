package io.millrace.analysis.image

import scala.util.Random

import org.scalatest.Assertions

/** Small pictures made from a seed or a formula. */
trait ImageFixtures extends Assertions {

  /** A picture whose pixels are (red, green, blue). */
  def image(width: Int, height: Int)(pixel: (Int, Int) => (Int, Int, Int)): BgrImage = {
    val bytes = new Array[Byte](3 * width * height)
    for (y <- 0 until height; x <- 0 until width) {
      val (red, green, blue) = pixel(x, y)
      val at = 3 * (y * width + x)
      bytes(at) = blue.toByte
      bytes(at + 1) = green.toByte
      bytes(at + 2) = red.toByte
    }
    new BgrImage(width, height, bytes)
  }

  def filled(width: Int, height: Int, red: Int, green: Int, blue: Int): BgrImage =
    image(width, height)((_, _) => (red, green, blue))

  def grey(level: Int): (Int, Int, Int) = (level, level, level)

  def noise(width: Int, height: Int, seed: Long): BgrImage = {
    val bytes = new Array[Byte](3 * width * height)
    new Random(seed).nextBytes(bytes)
    new BgrImage(width, height, bytes)
  }

  def samples: Seq[(String, BgrImage)] = Seq(
    "noise" -> noise(333, 217, 7),
    "noise of one row" -> noise(97, 1, 8),
    "noise of one column" -> noise(1, 53, 9),
    "one pixel" -> filled(1, 1, 12, 200, 77),
    "two by two" -> noise(2, 2, 10),
    "smooth" -> image(120, 80)((x, y) => (2 * x, 3 * y, (x + y) % 256)))

  def assertClose(actual: Double, expected: Double): Unit =
    assert(
      math.abs(actual - expected) <= 1e-6 * math.abs(expected) + 1e-12,
      s": $actual is not within 1e-6 of $expected")
}
