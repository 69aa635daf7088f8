package io.millrace.ingestion.probe

import java.io.{ByteArrayInputStream, FilterInputStream, IOException, InputStream}
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.util.zip.CRC32

import scala.util.Random

import io.millrace.ingestion.RejectReason
import io.millrace.ingestion.probe.Images._
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class ImageProbeSuite extends AnyFunSuite {
  private val probe = new ImageProbe(25L * 1024 * 1024, 178956970L)

  test("ING-4 probe - images of every kind that ImageIO writes - type, size and channels") {
    forAll(
      Table(
        ("bytes", "type", "channels"),
        (jpeg(37, 21), ImageType.JPEG, 3),
        (jpeg(37, 21, Grey), ImageType.JPEG, 1),
        (progressiveJpeg(37, 21), ImageType.JPEG, 3),
        (restartingJpeg(37, 21), ImageType.JPEG, 1),
        (png(37, 21), ImageType.PNG, 3),
        (png(37, 21, Grey), ImageType.PNG, 1),
        (png(37, 21, ColourAndAlpha), ImageType.PNG, 4),
        (png(37, 21, Palette), ImageType.PNG, 3),
        (bmp(37, 21), ImageType.BMP, 3),
        (bmp(37, 21, Grey), ImageType.BMP, 3)
      )) { (bytes, imageType, channels) =>
      assert(probed(bytes) === new Probed.Image(imageType, 37, 21, channels))
    }
  }

  test("ING-4 probe - JPEG with four components, every kind of frame - is read") {
    for (marker <- Seq(0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xca, 0xcf)) {
      assert(
        probed(jpegOf(frame(marker, 640, 480, 4))) ===
          new Probed.Image(ImageType.JPEG, 640, 480, 4))
    }
  }

  test("ING-4 probe - JPEG with a thumbnail, fill bytes, tables and restarts before its frame") {
    val thumbnail = jpegOf(frame(0xc0, 160, 120, 3))
    val bytes = jpegOf(
      segment(0xe1, "Exif\u0000\u0000".getBytes(StandardCharsets.US_ASCII) ++ thumbnail),
      Images.bytes(0xff, 0xff, 0xff),
      segment(0xc4, new Array[Byte](30)),
      Images.bytes(0xff, 0x01, 0xff, 0xd0),
      Images.bytes(0x00, 0x11, 0xff, 0x00),
      segment(0xfe, new Array[Byte](60000)),
      segment(0xfe, new Array[Byte](60000)),
      frame(0xc2, 4000, 3000, 3)
    )
    assert(probed(bytes) === new Probed.Image(ImageType.JPEG, 4000, 3000, 3))
  }

  test("ING-4 probe - JPEG header of 120 KB - reads only a small part of it") {
    val comments = Seq.fill(8)(segment(0xfe, new Array[Byte](60000)))
    val bytes = jpegOf(comments :+ frame(0xc0, 64, 48, 3): _*)
    val counting = new CountingSource(bytes)
    assert(probe.probe(counting, bytes.length).isInstanceOf[Probed.Image])
    // At most a buffer for each of the 8 segments, and the end.
    assert(counting.read <= 10 * 4096 + 64 * 1024)
  }

  test("ING-4 probe - bitmap with rows from top to bottom, 32 bits, and with a core header") {
    assert(
      probed(bitmap(10, -4, 32, 160)) === new Probed.Image(ImageType.BMP, 10, 4, 4))
    val core = "BM".getBytes(StandardCharsets.US_ASCII) ++
      Images.bytes(0, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0, 3, 0, 2, 0, 1, 0, 24, 0) ++
      new Array[Byte](24)
    assert(probed(core) === new Probed.Image(ImageType.BMP, 3, 2, 3))
  }

  test("ING-4 probe - images of types that datasets do not hold - refused by name") {
    forAll(
      Table(
        ("bytes", "name"),
        (gif(5, 5), "GIF"),
        (ascii("RIFF\u0010\u0000\u0000\u0000WEBPVP8 "), "WEBP"),
        (ascii("II*\u0000\u0008\u0000\u0000\u0000........"), "TIFF"),
        (ascii("MM\u0000*\u0000\u0000\u0000\u0008........"), "TIFF"),
        (ascii("\u0000\u0000\u0000\u0018ftypheic...."), "HEIF"),
        (ascii("\u0000\u0000\u0000\u0018ftypavif...."), "AVIF")
      )) { (bytes, name) =>
      val refused = refusal(bytes)
      assert(refused.reason === RejectReason.UNSUPPORTED_IMAGE_TYPE)
      assert(refused.message.contains(s"a $name image"))
    }
  }

  test("ING-4 probe - text, and an image cut after its first two bytes - unknown type") {
    val refused = refusal(ascii("version https://git-lfs.github.com/spec/v1"))
    assert(refused.reason === RejectReason.UNKNOWN_IMAGE_TYPE)
    assert(
      refused.message ===
        "The file begins with 76 65 72 73 69 6f 6e 20 68 74 74 70, as no known image does.")
    assert(refusal(jpeg(8, 8).take(2)).reason === RejectReason.UNKNOWN_IMAGE_TYPE)
  }

  test("ING-4 probe - no bytes, and more bytes than the limit - refused unread") {
    val unreadable: ByteSource = () => throw new IOException("must not be opened")
    assert(
      probe.probe(unreadable, 0) ===
        new Probed.Refused(RejectReason.EMPTY_FILE, "The file has no bytes."))
    assert(
      new ImageProbe(1000, 1000).probe(unreadable, 1001) === new Probed.Refused(
        RejectReason.FILE_TOO_LARGE,
        "The image has 1001 bytes, the limit (limits.imageBytes) is 1000."))
  }

  test("ING-4 probe - header that announces more pixels than the limit - refused, equal is taken") {
    val bytes = jpegOf(frame(0xc0, 100, 50, 3))
    assert(new ImageProbe(1000, 5000).probe(source(bytes), bytes.length).isInstanceOf[Probed.Image])
    assert(
      new ImageProbe(1000, 4999).probe(source(bytes), bytes.length) === new Probed.Refused(
        RejectReason.TOO_MANY_PIXELS,
        "The header announces 100 x 50 pixels, the limit (maxPixels) is 4999."))
  }

  test("ING-4 probe - image cut off anywhere - never taken for whole") {
    val images = Seq(jpeg(40, 30), progressiveJpeg(40, 30), restartingJpeg(40, 30), png(40, 30)) :+
      bmp(40, 30)
    for (bytes <- images; length <- 8 until bytes.length) {
      val refused = refusal(bytes.take(length))
      assert(
        refused.reason === RejectReason.TRUNCATED_IMAGE,
        s"after $length of ${bytes.length} bytes: ${refused.message}")
    }
  }

  test("ING-4 probe - image in a file that lost its end, by a size that the storage lists wrongly") {
    val bytes = jpeg(40, 30)
    assert(
      probe.probe(source(bytes.take(bytes.length / 2)), bytes.length + 100000L) match {
        case refused: Probed.Refused => refused.reason === RejectReason.TRUNCATED_IMAGE
        case _ => false
      })
  }

  test("ING-4 probe - image followed by a trailer of any length - is whole") {
    for (image <- Seq(jpeg(40, 30), png(40, 30), bmp(40, 30)); trailer <- Seq(1, 70000, 300000)) {
      val bytes = image ++ new Array[Byte](trailer)
      assert(probed(bytes).isInstanceOf[Probed.Image], s"trailer of $trailer bytes")
    }
  }

  test("ING-4 probe - truncated image of more than 64 KB with a long trailer-like end - refused") {
    val noise = Array.tabulate(200000)(i => (i % 251).toByte)
    val bytes = jpegOf(frame(0xc0, 2000, 1000, 3)).dropRight(2) ++ noise
    assert(refusal(bytes).reason === RejectReason.TRUNCATED_IMAGE)
  }

  test("ING-4 probe - headers that contradict their format - refused with what is wrong") {
    val brokenCheck = png(8, 8)
    brokenCheck(20) = 99
    forAll(
      Table(
        ("bytes", "message"),
        (brokenCheck, "The checksum of the PNG's header is wrong."),
        (pngHeader(0, 5, 2), "The PNG's header gives 0 x 5 pixels."),
        (pngHeader(-1, 5, 2), "The PNG's header gives 4294967295 x 5 pixels."),
        (pngHeader(5, 5, 5), "The PNG has unknown colour type 5."),
        (png(8, 8).patch(12, ascii("tEXt"), 4), "The PNG does not begin with its header chunk."),
        (jpegOf(), "The JPEG's scan begins before its frame is described."),
        (Images.bytes(0xff, 0xd8, 0xff, 0xd9), "The JPEG ends before any scan begins."),
        (jpegOf(frame(0xc0, 0, 5, 3)), "The JPEG's frame is 0 x 5 pixels of 3 channels."),
        (jpegOf(frame(0xc0, 5, 5, 9)), "The JPEG's frame is 5 x 5 pixels of 9 channels."),
        (jpegOf(Images.bytes(0xff, 0xe0, 0, 1)), "The JPEG segment FF E0 gives 1 bytes as its length."),
        (jpegOf(segment(0xc0, Images.bytes(8, 0, 5))), "The JPEG's frame is described in 5 bytes only."),
        (bitmap(5, 0, 24, 100), "The BMP's header gives 5 x 0 pixels in 1 planes of 24 bits."),
        (bitmap(5, Int.MinValue, 24, 100),
          "The BMP's header gives 5 x -2147483648 pixels in 1 planes of 24 bits."),
        (bitmap(5, 5, 7, 100), "The BMP's header gives 5 x 5 pixels in 1 planes of 7 bits."),
        (ascii("BMW drivers, a list" + " " * 50),
          "The BMP's header claims 1936288800 bytes, a length that no version of BMP has.")
      )) { (bytes, message) =>
      assert(refusal(bytes) === new Probed.Refused(RejectReason.BROKEN_IMAGE_HEADER, message))
    }
  }

  test("ING-4 probe - 60,000 images with changed, cut and swollen bytes - never throws") {
    val random = new Random(20260801)
    val originals = Seq(
      jpeg(23, 17),
      progressiveJpeg(23, 17),
      png(23, 17),
      png(23, 17, Palette),
      bmp(23, 17),
      gif(9, 9),
      jpegOf(segment(0xe1, new Array[Byte](50)), frame(0xc0, 64, 48, 3)))
    for (_ <- 1 to 60000) {
      val mutated = originals(random.nextInt(originals.size)).clone()
      for (_ <- 0 to random.nextInt(8)) {
        mutated(random.nextInt(math.min(mutated.length, 64))) = random.nextInt().toByte
      }
      val cut = if (random.nextInt(3) == 0) mutated.take(random.nextInt(mutated.length)) else mutated
      val bytes = if (random.nextInt(5) == 0) cut ++ random.nextBytes(random.nextInt(99)) else cut
      probed(bytes) match {
        case image: Probed.Image => assert(image.width >= 1 && image.height >= 1)
        case refused: Probed.Refused => assert(refused.message.nonEmpty)
        case other => fail(s"was taken for $other")
      }
    }
  }

  test("ING-4 probe - file whose reading fails - the failure is passed on") {
    val failing: ByteSource = () => throw new IOException("the disk is gone")
    val failure = intercept[IOException](probe.probe(failing, 100))
    assert(failure.getMessage === "the disk is gone")
  }

  test("ING-4 probe - file on disk - same as in memory") {
    val file = Files.createTempFile("probe", ".jpg")
    Files.write(file, jpeg(37, 21))
    assert(
      probe.probe(() => Files.newInputStream(file), Files.size(file)) ===
        new Probed.Image(ImageType.JPEG, 37, 21, 3))
    Files.delete(file)
  }

  test("image type - file names - by extension in any case") {
    assert(ImageType.ofFileName("a.JPeG").get === ImageType.JPEG)
    assert(ImageType.ofFileName("狗.tar.png").get === ImageType.PNG)
    assert(ImageType.ofFileName("x.tiff").get === ImageType.TIFF)
    assert(ImageType.ofFileName("jpg").isEmpty)
    assert(ImageType.ofFileName("a.txt").isEmpty)
  }

  private def probed(bytes: Array[Byte]): Probed = probe.probe(source(bytes), bytes.length)

  private def refusal(bytes: Array[Byte]): Probed.Refused =
    probed(bytes) match {
      case refused: Probed.Refused => refused
      case other => fail(s"was taken for $other")
    }

  private def source(bytes: Array[Byte]): ByteSource = () => new ByteArrayInputStream(bytes)

  private def ascii(text: String): Array[Byte] = text.getBytes(StandardCharsets.ISO_8859_1)

  /** A PNG that has nothing but a header chunk, with the right checksum. */
  private def pngHeader(width: Int, height: Int, colourType: Int): Array[Byte] = {
    val bytes = png(8, 8).take(33)
    java.nio.ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height).put(25, colourType.toByte)
    val checksum = new CRC32()
    checksum.update(bytes, 12, 17)
    java.nio.ByteBuffer.wrap(bytes).putInt(29, checksum.getValue.toInt)
    bytes
  }

  /** Counts the bytes that are read, not those that are skipped. */
  private class CountingSource(bytes: Array[Byte]) extends ByteSource {
    var read: Long = 0

    override def open(): InputStream = new FilterInputStream(new ByteArrayInputStream(bytes)) {
      override def read(): Int = {
        CountingSource.this.read += 1
        super.read()
      }
      override def read(buffer: Array[Byte], offset: Int, length: Int): Int = {
        val count = super.read(buffer, offset, length)
        CountingSource.this.read += math.max(0, count)
        count
      }
    }
  }
}
