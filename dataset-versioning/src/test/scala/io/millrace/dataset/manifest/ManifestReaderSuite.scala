package io.millrace.dataset.manifest

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, InputStream, UncheckedIOException}
import java.nio.charset.StandardCharsets.UTF_8
import java.time.Instant
import java.util.zip.GZIPOutputStream

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.{DatasetException, Limits, Samples, StorageUri}
import io.millrace.dataset.storage.InMemoryStorage

class ManifestReaderSuite extends AnyFunSuite with InMemoryStorage with ScalaCheckPropertyChecks {
  private val first = """{"source":"/1.jpg"}"""
  private val second = """{"source":"/猫.jpg"}"""

  private def limits(lineBytes: Long, manifestBytes: Long = 1L << 40): Limits =
    new Limits(1000, 1000, 1000, 1000, manifestBytes, lineBytes, 1000)

  private def read(bytes: Array[Byte], limits: Limits = Limits.DEFAULT): Seq[ParsedLine] =
    read(new ByteArrayInputStream(bytes), limits)

  private def read(bytes: InputStream, limits: Limits): Seq[ParsedLine] =
    Using.resource(new ManifestReader(bytes, new ManifestCodec, limits))(_.asScala.toVector)

  private def sources(lines: Seq[ParsedLine]): Seq[(Long, String)] = lines.map {
    case a: Accepted => a.lineNumber -> a.sample.source.value
    case r: Rejected => r.lineNumber -> r.fault.toString
  }

  private def gzip(bytes: Array[Byte]): Array[Byte] = {
    val out = new ByteArrayOutputStream
    Using.resource(new GZIPOutputStream(out))(_.write(bytes))
    out.toByteArray
  }

  test("DS-5 file - BOM, CR LF, blank lines, no end of the last line - gives each line its number") {
    val text = s"\ufeff$first\r\n\r\n \t\n$second"
    assert(sources(read(text.getBytes(UTF_8))) == Seq(1L -> "/1.jpg", 4L -> "/猫.jpg"))
    assert(read(Array.emptyByteArray).isEmpty)
    assert(read("\ufeff".getBytes(UTF_8)).isEmpty)
    assert(read("\n\r\n".getBytes(UTF_8)).isEmpty)
  }

  test("DS-5 file - gzip, told by its first bytes - is read; cut off it fails after the last line") {
    val bytes = gzip(s"\ufeff$first\n$second\n".getBytes(UTF_8))
    assert(sources(read(bytes)) == Seq(1L -> "/1.jpg", 2L -> "/猫.jpg"))
    val error = intercept[UncheckedIOException](read(bytes.dropRight(12)))
    assert(error.getMessage.startsWith("Cannot read the manifest after line"))
  }

  test("DS-5 broken line - among good ones - never stops the others") {
    val lines = read(s"$first\n{oops\n$second\n".getBytes(UTF_8))
    assert(sources(lines) == Seq(1L -> "/1.jpg", 2L -> "BROKEN_JSON", 3L -> "/猫.jpg"))
  }

  test("DS-5 bytes that are not UTF-8 - a line of GBK - are rejected with their column") {
    val gbk = """{"source":"/红.jpg"}""".getBytes("GBK")
    val lines = read(gbk ++ s"\n$first".getBytes(UTF_8))
    assert(sources(lines) == Seq(1L -> "BROKEN_TEXT", 2L -> "/1.jpg"))
    assert(lines.head.asInstanceOf[Rejected].column == 13)
    assert(lines.head.asInstanceOf[Rejected].text.startsWith("{\"source\":\"/"))
  }

  test("DS-5 line limit - a line of just the limit, with and without CR - is still read") {
    val limit = limits(first.length.toLong)
    assert(sources(read(s"$first\r\n$first".getBytes(UTF_8), limit)).map(_._2)
      == Seq("/1.jpg", "/1.jpg"))
    val longer = read(s"$first \n$first".getBytes(UTF_8), limit)
    assert(sources(longer) == Seq(1L -> "LINE_TOO_LONG", 2L -> "/1.jpg"))
    assert(longer.head.asInstanceOf[Rejected].reason
      == "the line has 20 bytes, more than limits.lineBytes (19)")
  }

  test("DS-5 line limit - a line of 3 GB between two good ones - is rejected, not held") {
    val length = 3L << 30
    val lines = read(new java.io.SequenceInputStream(
      new java.io.SequenceInputStream(new ByteArrayInputStream(s"$first\n".getBytes(UTF_8)),
        new RepeatedByte('x', length)),
      new ByteArrayInputStream(s"\n$second".getBytes(UTF_8))), limits(100))
    assert(sources(lines) == Seq(1L -> "/1.jpg", 2L -> "LINE_TOO_LONG", 3L -> "/猫.jpg"))
    val tooLong = lines(1).asInstanceOf[Rejected]
    assert(tooLong.reason.contains(s"$length bytes") && tooLong.text == "x" * 100)
  }

  test("DS-2 manifest limit - a larger file, unpacked - fails and names the limit and the line") {
    val text = s"$first\n" * 10000
    val error = intercept[DatasetException](read(gzip(text.getBytes(UTF_8)), limits(100, 150000)))
    assert(error.getMessage.contains("limits.manifestBytes (150000 bytes)"))
  }

  test("open and write - through storage - reads relative to the manifest what a writer wrote") {
    val manifest = StorageUri.parse("s3://b/out/m.manifest")
    store.write(manifest, { out =>
      val writer = new ManifestWriter(out)
      read(s"$first\n${second.replace("/", "./")}".getBytes(UTF_8)).foreach {
        case a: Accepted => writer.write(a)
        case _: Rejected => out.write("{\"source\":\"./2.jpg\"}\n".getBytes(UTF_8))
      }
      assert(writer.count == 1)
      writer.flush()
    })
    val lines = Using.resource(
      ManifestReader.open(store, manifest, Instant.EPOCH, Limits.DEFAULT).lines)(
      _.iterator.asScala.toVector)
    assert(sources(lines).map(_._2).toSet == Set("/1.jpg", "s3://b/out/2.jpg"))
  }

  test("open - a file that is no gzip behind its first bytes - fails and leaves no stream open") {
    val manifest = StorageUri.parse("s3://b/m")
    store.write(manifest, out => out.write(Array[Byte](0x1f, 0x8b.toByte, 0, 0)))
    intercept[java.io.IOException](
      ManifestReader.open(store, manifest, Instant.EPOCH, Limits.DEFAULT))
  }

  test("DS-5 law - samples written and read, plain and gzip, in any pieces - are the same") {
    forAll(Gen.listOfN(5, Samples.samples), Gen.choose(1, 50)) { (samples, piece) =>
      val out = new ByteArrayOutputStream
      val writer = new ManifestWriter(out)
      samples.foreach(writer.write(_))
      writer.flush()
      val bytes = out.toByteArray
      Seq(bytes, gzip(bytes)).foreach { file =>
        val lines = read(new InPieces(file, piece), Limits.DEFAULT)
        assert(lines.collect { case a: Accepted => a.sample } == samples)
      }
    }
  }
}

/** A stream of one byte over and over. */
private class RepeatedByte(value: Int, length: Long) extends InputStream {
  private var left = length
  override def read(): Int = if (left == 0) -1 else { left -= 1; value }
  override def read(target: Array[Byte], offset: Int, count: Int): Int =
    if (left == 0) -1
    else {
      val n = math.min(left, count.toLong).toInt
      java.util.Arrays.fill(target, offset, offset + n, value.toByte)
      left -= n
      n
    }
}

/** A stream that gives a few bytes at a time, as networks do. */
private class InPieces(bytes: Array[Byte], piece: Int) extends ByteArrayInputStream(bytes) {
  override def read(target: Array[Byte], offset: Int, count: Int): Int =
    super.read(target, offset, math.min(count, piece))
}
