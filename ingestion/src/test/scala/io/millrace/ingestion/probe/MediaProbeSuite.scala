package io.millrace.ingestion.probe

import java.io.{ByteArrayInputStream, FilterInputStream, InputStream}
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.util.OptionalDouble

import scala.jdk.CollectionConverters._
import scala.util.Random

import io.millrace.dataset.{DatasetKind, SharedData}
import io.millrace.ingestion.RejectReason
import io.millrace.ingestion.probe.Media._
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class MediaProbeSuite extends AnyFunSuite with SharedData {
  private val list = chunk("LIST", new Array[Byte](33))

  test("ING-4 wav - header of every kind - seconds, channels and sample rate") {
    val plain = format(1, 2, 44100, 16)
    val extensible = chunk(
      "fmt ",
      short(0xfffe) ++ short(1) ++ little(8000) ++ little(16000) ++ short(2) ++ short(16) ++
        short(22) ++ short(16) ++ little(4) ++ short(1) ++ new Array[Byte](14))
    val data = chunk("data", new Array[Byte](8000 * 2))
    val ds64 = chunk("ds64", Media.long(0) ++ longLittle(16000) ++ Media.long(0))
    forAll(
      Table(
        ("bytes", "seconds", "channels", "rate", "plain"),
        (wav(8000), 1.0, 1, 8000, true),
        (wavOf(plain, chunk("data", new Array[Byte](44100 * 4))), 1.0, 2, 44100, true),
        (wavOf(list, format(1, 1, 8000, 16), list, data), 1.0, 1, 8000, true),
        (wavOf(format(3, 1, 8000, 32), data), 0.5, 1, 8000, true),
        (wavOf(extensible, data), 1.0, 1, 8000, true),
        (wavOf(format(6, 1, 8000, 8), data), 2.0, 1, 8000, false),
        (riff("RF64", ds64, format(1, 1, 8000, 16), ascii("data") ++ little(-1) ++
          new Array[Byte](16000) ++ list), 1.0, 1, 8000, true),
        (wavOf(format(1, 1, 8000, 16), ascii("data") ++ little(-1) ++ new Array[Byte](4000)),
          0.25, 1, 8000, true),
        (wavOf(chunk("data", new Array[Byte](10)), format(1, 1, 8000, 16), data), 1.0, 1, 8000, true),
        (wav(8000) ++ ascii("trailer"), 1.0, 1, 8000, true)
      )) { (bytes, seconds, channels, rate, plain) =>
      assert(
        audio(bytes) === new Probed.Audio(MediaType.WAV, seconds, channels, rate, plain))
    }
  }

  test("ING-4 wav - what is wrong with a file - named reason and message") {
    forAll(
      Table(
        ("bytes", "reason", "message"),
        (wav(100).dropRight(1), RejectReason.TRUNCATED_MEDIA,
          "The WAV announces 200 bytes of sound, the file has 199 of them."),
        (wavOf(format(1, 1, 8000, 16)), RejectReason.BROKEN_MEDIA_HEADER,
          "The WAV ends without sound (it has no data chunk)."),
        (wavOf(list), RejectReason.BROKEN_MEDIA_HEADER,
          "The WAV ends without saying how its sound is stored (it has no fmt chunk)."),
        (wavOf(format(1, 1, 8000, 16), chunk("data", Array.empty)),
          RejectReason.BROKEN_MEDIA_HEADER, "The WAV holds no sound: its data chunk is empty."),
        (wavOf(format(1, 0, 8000, 16), chunk("data", new Array[Byte](8))),
          RejectReason.BROKEN_MEDIA_HEADER, "The WAV's header gives 0 channels of 8000 samples a second."),
        (wavOf(chunk("fmt ", new Array[Byte](4))), RejectReason.BROKEN_MEDIA_HEADER,
          "The WAV describes its sound in 4 bytes only."),
        (wavOf(ascii("LIST") ++ little(-2)), RejectReason.TRUNCATED_MEDIA,
          "The WAV ends after 20 bytes, within its chunk 'LIST'."),
        (wavOf(Seq.fill(1001)(chunk("junk", Array.empty)): _*), RejectReason.BROKEN_MEDIA_HEADER,
          "The WAV has more than 1000 chunks before its sound."),
        (ascii("fLaC\u0000\u0000\u0000\u0022"), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is FLAC; datasets of kind AUDIO hold WAV. Convert it first."),
        (ascii("ID3\u0004\u0000"), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is MP3; datasets of kind AUDIO hold WAV. Convert it first."),
        (ascii("OggS"), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is OGG; datasets of kind AUDIO hold WAV. Convert it first."),
        (mp4(64, 48, 1), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is MP4; datasets of kind AUDIO hold WAV. Convert it first."),
        (Images.png(4, 4), RejectReason.UNSUPPORTED_MEDIA_TYPE, "The file is a PNG image, not WAV."),
        (ascii("hello"), RejectReason.UNKNOWN_MEDIA_TYPE,
          "The file begins with 68 65 6c 6c 6f, as no known recording or video does.")
      )) { (bytes, reason, message) =>
      assert(probed(DatasetKind.AUDIO, bytes) === new Probed.Refused(reason, message))
    }
  }

  test("ING-4 wav - recording cut off anywhere - never taken for whole") {
    val whole = wavOf(list, format(1, 1, 8000, 16), chunk("data", new Array[Byte](64)))
    for (length <- 12 until whole.length) {
      assert(
        probed(DatasetKind.AUDIO, whole.take(length)).isInstanceOf[Probed.Refused], s"after $length")
    }
  }

  test("ING-4 wav - real recordings - all are read") {
    val recordings = Files.walk(sharedData("fsdd")).iterator.asScala
      .filter(_.toString.endsWith(".wav")).toSeq
    assert(recordings.size === 360)
    for (file <- recordings) {
      val found = MediaProbe.probe(
        DatasetKind.AUDIO, () => Files.newInputStream(file), Files.size(file))
      found match {
        case audio: Probed.Audio =>
          assert(audio.sampleRate === 8000 && audio.channels === 1)
          assert(audio.seconds > 0.1 && audio.seconds < 3, file.toString)
        case other => fail(s"$file: $other")
      }
    }
  }

  test("ING-4 mp4 - layouts of every kind - size and seconds") {
    val sound = track(2, "soun", 0, 0)
    forAll(
      Table(
        ("bytes", "seconds"),
        (mp4(64, 48, 2), 2.0),
        (ftyp() ++ index(64, 48, 1500) ++ box("mdat", new Array[Byte](9)), 1.5),
        (ftyp() ++ longBox("mdat", new Array[Byte](9)) ++ index(64, 48, 1500), 1.5),
        (ftyp() ++ index(64, 48, 1500) ++ big(0) ++ ascii("mdat") ++ new Array[Byte](77), 1.5),
        (ftyp() ++ box("moov", longMvhd(7200000) ++ sound ++ track(1, "vide", 64, 48)), 7200.0),
        (ftyp() ++ box("free", Array.empty) ++ box("moov", sound ++ mvhd(1000) ++ track(1, "vide", 64, 48)),
          1.0),
        (ftyp() ++ index(64, 48, 0, box("mvex", box("mehd", big(0) ++ big(3000)))) ++
          fragment(1, 5, own = false), 3.0),
        (ftyp() ++ index(64, 48, 0) ++ fragment(1, 25, own = false) ++ fragment(1, 25, own = true) ++
          fragment(2, 999, own = false), 2.0)
      )) { (bytes, seconds) =>
      assert(
        probed(DatasetKind.VIDEO, bytes) ===
          new Probed.Video(MediaType.MP4, 64, 48, OptionalDouble.of(seconds)))
    }
  }

  test("ING-4 mp4 - duration that is not told - taken without one") {
    assert(
      probed(DatasetKind.VIDEO, ftyp() ++ index(64, 48, -1)) ===
        new Probed.Video(MediaType.MP4, 64, 48, OptionalDouble.empty()))
  }

  test("ING-4 mp4 - QuickTime - is read and named") {
    assert(
      probed(DatasetKind.VIDEO, mp4(64, 48, 2, "qt  ")) ===
        new Probed.Video(MediaType.MOV, 64, 48, OptionalDouble.of(2)))
  }

  test("ING-4 mp4 - what is wrong with a file - named reason and message") {
    val whole = mp4(64, 48, 1)
    forAll(
      Table(
        ("bytes", "reason", "message"),
        (ftyp() ++ box("mdat", new Array[Byte](50)), RejectReason.TRUNCATED_MEDIA,
          "The video has no index (moov); recording or copying stopped before it was written."),
        (whole.dropRight(1), RejectReason.TRUNCATED_MEDIA,
          s"The video announces a part 'moov' up to byte ${whole.length}, the file ends after ${whole.length - 1}."),
        (ftyp() ++ big(1) ++ ascii("mdat") ++ Media.long(Long.MaxValue), RejectReason.TRUNCATED_MEDIA,
          "The video announces a part 'mdat' up to byte 9223372036854775807, the file ends after 36."),
        (ftyp() ++ big(1) ++ ascii("mdat") ++ Media.long(-1), RejectReason.TRUNCATED_MEDIA,
          "The video announces a part 'mdat' up to byte 9223372036854775807, the file ends after 36."),
        (ftyp() ++ big(7) ++ ascii("mdat"), RejectReason.BROKEN_MEDIA_HEADER,
          "The part 'mdat' of the video gives 7 bytes as its size."),
        (ftyp() ++ box("moov", mvhd(1000) ++ track(1, "soun", 0, 0)), RejectReason.BROKEN_MEDIA_HEADER,
          "The file has no track of pictures: it is no video."),
        (ftyp() ++ index(0, 48, 1000), RejectReason.BROKEN_MEDIA_HEADER,
          "The video's track gives 0 x 48 pixels."),
        (ftyp() ++ box("moov", big(1000) ++ ascii("trak")), RejectReason.BROKEN_MEDIA_HEADER,
          "The part 'trak' of the video is larger than 'moov' that holds it."),
        (ftyp() ++ box("moov", box("mvhd", big(0))), RejectReason.BROKEN_MEDIA_HEADER,
          "The part 'mvhd' of the video is too short to say what it should."),
        (ascii("\u001aE\u00df\u00a3webm"), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is WEBM; datasets of kind VIDEO hold MP4. Convert it first."),
        (ascii("RIFF\u0000\u0000\u0000\u0000AVI "), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is AVI; datasets of kind VIDEO hold MP4. Convert it first."),
        (ascii("\u0000\u0000\u0000\u0018ftypheic...."), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is a HEIF image, not MP4."),
        (wav(10), RejectReason.UNSUPPORTED_MEDIA_TYPE,
          "The file is WAV; datasets of kind VIDEO hold MP4. Convert it first.")
      )) { (bytes, reason, message) =>
      assert(probed(DatasetKind.VIDEO, bytes) === new Probed.Refused(reason, message))
    }
  }

  test("ING-4 mp4 - video cut off anywhere - never taken for whole") {
    val whole = mp4(64, 48, 1)
    for (length <- 8 until whole.length) {
      assert(
        probed(DatasetKind.VIDEO, whole.take(length)).isInstanceOf[Probed.Refused], s"after $length")
    }
  }

  test("ING-4 media - 60,000 files with changed, cut and swollen bytes - never throws, reads little") {
    val random = new Random(20261124)
    val originals = Seq(
      wav(50),
      wavOf(list, format(6, 2, 8000, 8), chunk("data", new Array[Byte](99))),
      riff("RF64", chunk("ds64", new Array[Byte](24)), format(1, 1, 8000, 16),
        ascii("data") ++ little(-1) ++ new Array[Byte](50)),
      mp4(64, 48, 2),
      ftyp() ++ index(64, 48, 0, box("mvex", box("mehd", big(0) ++ big(3000)))) ++
        fragment(1, 9, own = true) ++ fragment(1, 9, own = false)
    )
    for (_ <- 1 to 60000) {
      val mutated = originals(random.nextInt(originals.size)).clone()
      for (_ <- 0 to random.nextInt(8)) {
        mutated(random.nextInt(mutated.length)) = random.nextInt().toByte
      }
      val cut = if (random.nextInt(3) == 0) mutated.take(1 + random.nextInt(mutated.length)) else mutated
      val bytes = if (random.nextInt(5) == 0) cut ++ random.nextBytes(random.nextInt(99)) else cut
      val kind = if (random.nextBoolean()) DatasetKind.AUDIO else DatasetKind.VIDEO
      probed(kind, bytes) match {
        case refused: Probed.Refused => assert(refused.message.nonEmpty)
        case _ => succeed
      }
      // The storage may also be wrong about the size.
      MediaProbe.probe(kind, () => new ByteArrayInputStream(bytes), 1L << 40)
    }
  }

  test("ING-4 media - 20,000 files of random bytes behind a magic number - never throws") {
    val random = new Random(7)
    val magic = Seq(ascii("RIFF\u0000\u0000\u0000\u0000WAVE"), ftyp(), ascii("\u0000\u0000\u0000\u0040moov"))
    for (_ <- 1 to 20000) {
      val bytes = magic(random.nextInt(3)) ++ random.nextBytes(random.nextInt(200))
      probed(DatasetKind.AUDIO, bytes)
      probed(DatasetKind.VIDEO, bytes)
    }
  }

  test("ING-4 media - large data, and a file of nothing but boxes - reads a bounded part") {
    val counting = new CountingSource(wav(4000000))
    assert(MediaProbe.probe(DatasetKind.AUDIO, counting, counting.bytes.length).isInstanceOf[Probed.Audio])
    assert(counting.read <= 4096)
    val video = new CountingSource(ftyp() ++ box("mdat", new Array[Byte](8000000)) ++ index(64, 48, 1000))
    assert(MediaProbe.probe(DatasetKind.VIDEO, video, video.bytes.length).isInstanceOf[Probed.Video])
    assert(video.read <= 3 * 4096)
    val boxes = new CountingSource(
      ftyp() ++ Array.fill(100000)(box("free", Array.empty[Byte])).flatten)
    assert(MediaProbe.probe(DatasetKind.VIDEO, boxes, boxes.bytes.length).isInstanceOf[Probed.Refused])
    assert(boxes.read <= 8 * 8192 + 4096)
  }

  test("ING-4 text - UTF-8, GBK and neither - taken with its charset, or refused") {
    val text = "你好，世界\r\n好"
    assert(
      probed(DatasetKind.TEXT, text.getBytes(StandardCharsets.UTF_8)) ===
        new Probed.Text(StandardCharsets.UTF_8))
    assert(probed(DatasetKind.TEXT, text.getBytes("GBK")) === new Probed.Text(TextScan.GBK))
    assert(
      probed(DatasetKind.TEXT, text.getBytes("UTF-16LE")) === new Probed.Refused(
        RejectReason.UNDECODABLE_TEXT,
        "The file holds zero bytes, as text in UTF-8 or GBK does not; if it is UTF-16, convert it."))
    assert(
      probed(DatasetKind.TEXT, "a\n".getBytes ++ Array(0xff.toByte, 0xfe.toByte)) === new Probed.Refused(
        RejectReason.UNDECODABLE_TEXT,
        "The file is text neither in UTF-8 nor in GBK: 1 of its 2 lines cannot be decoded."))
  }

  private def audio(bytes: Array[Byte]): Probed = probed(DatasetKind.AUDIO, bytes)

  private def probed(kind: DatasetKind, bytes: Array[Byte]): Probed =
    MediaProbe.probe(kind, () => new ByteArrayInputStream(bytes), bytes.length)

  private def longLittle(value: Long): Array[Byte] = Media.long(java.lang.Long.reverseBytes(value))

  /** Counts the bytes that are read, not those that are skipped. */
  private class CountingSource(val bytes: Array[Byte]) extends ByteSource {
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
