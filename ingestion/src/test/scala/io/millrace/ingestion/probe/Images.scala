package io.millrace.ingestion.probe

import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.nio.{ByteBuffer, ByteOrder}
import javax.imageio.{IIOImage, ImageIO, ImageTypeSpecifier, ImageWriteParam}
import javax.imageio.metadata.IIOMetadataNode

/** Images made for a test: by ImageIO, or byte by byte where no library writes what is wanted. */
object Images {
  val Colour: Int = BufferedImage.TYPE_INT_RGB
  val Grey: Int = BufferedImage.TYPE_BYTE_GRAY
  val ColourAndAlpha: Int = BufferedImage.TYPE_INT_ARGB
  val Palette: Int = BufferedImage.TYPE_BYTE_INDEXED

  def jpeg(width: Int, height: Int, kind: Int = Colour): Array[Byte] =
    written("jpg", picture(width, height, kind))

  def png(width: Int, height: Int, kind: Int = Colour): Array[Byte] =
    written("png", picture(width, height, kind))

  def bmp(width: Int, height: Int, kind: Int = BufferedImage.TYPE_3BYTE_BGR): Array[Byte] =
    written("bmp", picture(width, height, kind))

  def gif(width: Int, height: Int): Array[Byte] = written("gif", picture(width, height, Palette))

  def progressiveJpeg(width: Int, height: Int): Array[Byte] = {
    val writer = ImageIO.getImageWritersByFormatName("jpeg").next()
    val parameters = writer.getDefaultWriteParam
    parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT)
    val bytes = new ByteArrayOutputStream()
    val out = ImageIO.createImageOutputStream(bytes)
    writer.setOutput(out)
    writer.write(null, new IIOImage(picture(width, height, Colour), null, null), parameters)
    out.close()
    writer.dispose()
    bytes.toByteArray
  }

  /** A baseline JPEG with a restart interval of one block row. */
  def restartingJpeg(width: Int, height: Int): Array[Byte] = {
    val writer = ImageIO.getImageWritersByFormatName("jpeg").next()
    val image = picture(width, height, Grey)
    val metadata =
      writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), writer.getDefaultWriteParam)
    val root = metadata.getAsTree("javax_imageio_jpeg_image_1.0")
    val interval = new IIOMetadataNode("dri")
    interval.setAttribute("interval", "2")
    val sequence = root.getLastChild
    sequence.insertBefore(interval, sequence.getFirstChild)
    metadata.setFromTree("javax_imageio_jpeg_image_1.0", root)
    val bytes = new ByteArrayOutputStream()
    val out = ImageIO.createImageOutputStream(bytes)
    writer.setOutput(out)
    writer.write(null, new IIOImage(image, null, metadata), null)
    out.close()
    writer.dispose()
    bytes.toByteArray
  }

  /** A JPEG that consists of the given segments, a scan of a few bytes, and its end. */
  def jpegOf(segments: Array[Byte]*): Array[Byte] =
    bytes(0xff, 0xd8) ++ segments.flatten ++
      bytes(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34, 0xff, 0x00, 0x56, 0xff, 0xd9)

  /** A segment whose length counts its own two bytes. */
  def segment(marker: Int, content: Array[Byte]): Array[Byte] =
    bytes(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff) ++ content

  /** The segment that describes a frame. */
  def frame(marker: Int, width: Int, height: Int, channels: Int): Array[Byte] =
    segment(
      marker,
      bytes(8, height >> 8, height & 0xff, width >> 8, width & 0xff, channels) ++
        Array.tabulate(3 * channels)(i => (i / 3 + 1).toByte))

  /** The headers of a bitmap, followed by as many bytes of pixels as asked for. */
  def bitmap(width: Int, height: Int, bits: Int, pixelBytes: Int): Array[Byte] = {
    val buffer = ByteBuffer.allocate(54 + pixelBytes).order(ByteOrder.LITTLE_ENDIAN)
    buffer.put('B'.toByte).put('M'.toByte).putInt(54 + pixelBytes).putInt(0).putInt(54)
    buffer.putInt(40).putInt(width).putInt(height).putShort(1).putShort(bits.toShort)
    buffer.array
  }

  def bytes(values: Int*): Array[Byte] = values.map(_.toByte).toArray

  private def picture(width: Int, height: Int, kind: Int): BufferedImage = {
    val image = new BufferedImage(width, height, kind)
    for (x <- 0 until width; y <- 0 until height) {
      image.setRGB(x, y, 0xff000000 | (x * 37 % 256) << 16 | (y * 91 % 256) << 8 | (x * y % 256))
    }
    image
  }

  private def written(format: String, image: BufferedImage): Array[Byte] = {
    val bytes = new ByteArrayOutputStream()
    if (!ImageIO.write(image, format, bytes)) {
      throw new IllegalStateException(s"ImageIO writes no $format of this kind")
    }
    bytes.toByteArray
  }
}
