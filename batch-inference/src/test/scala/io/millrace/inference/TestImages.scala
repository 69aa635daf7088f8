package io.millrace.inference

import java.awt.Color
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.nio.file.{Files, Path}

import javax.imageio.ImageIO

/** Pictures that suites draw themselves. */
object TestImages {

  /** The encoded bytes of a picture; `format` is `png`, `jpg` or `bmp`. */
  def encoded(width: Int, height: Int, format: String)(color: (Int, Int) => Color): Array[Byte] = {
    val image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB)
    for (x <- 0 until width; y <- 0 until height) image.setRGB(x, y, color(x, y).getRGB)
    val bytes = new ByteArrayOutputStream
    ImageIO.write(image, format, bytes)
    bytes.toByteArray
  }

  def png(width: Int, height: Int, color: Color): Array[Byte] =
    encoded(width, height, "png")((_, _) => color)

  /** One colour on the left half, another on the right. */
  def halves(width: Int, height: Int, left: Color, right: Color): Array[Byte] =
    encoded(width, height, "png")((x, _) => if (x < width / 2) left else right)

  /** A copy of a JPEG that claims to be turned by a quarter (EXIF orientation 6). */
  def turned(jpeg: Array[Byte]): Array[Byte] = {
    val tiff = Array(
      'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0)
    val payload = "Exif".map(_.toInt).toArray ++ Array(0, 0) ++ tiff.map(_.toInt)
    val segment = Array(0xff, 0xe1, 0, payload.length + 2) ++ payload
    jpeg.take(2) ++ segment.map(_.toByte) ++ jpeg.drop(2)
  }

  def write(file: Path, content: Array[Byte]): Path = {
    Files.createDirectories(file.getParent)
    Files.write(file, content)
  }
}
