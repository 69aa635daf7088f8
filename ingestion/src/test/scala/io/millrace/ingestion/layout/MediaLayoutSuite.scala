package io.millrace.ingestion.layout

import java.nio.charset.StandardCharsets
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, DatasetKind, LabelTaskType, SharedData, StorageUri}
import io.millrace.ingestion.{Note, RejectReason}
import io.millrace.ingestion.ImportFixture.write
import io.millrace.ingestion.layout.Outcome.{Accepted, Aside, Refused}
import io.millrace.ingestion.probe.{Images, Media}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class MediaLayoutSuite extends AnyFunSuite with LayoutFixture with SharedData {
  private val names = Seq("a b", "a+b", "100%", "50%20x", "a#b?c", "图片 1", "😀", "Case", "case")

  test("ING-2 audio-dir - directory name - label, with seconds, channels and sample rate") {
    val source = directory()
    write(source, "all/Cat/10.wav", Media.wav(8000, channels = 2))
    write(source, "all/Dog/1.WAV", Media.wav(4000))
    val samples = accepted(audio(source)).map(a => a.sample.source.fileName -> a.sample).toMap
    assert(samples("10.wav").labels.asScala.map(_.value) === Set("Cat"))
    assert(samples("10.wav").kind === DatasetKind.AUDIO)
    assert(samples("10.wav").annotations.get(0).taskType === LabelTaskType.AUDIO_CLASSIFICATION)
    assert(samples("10.wav").measures.seconds.getAsDouble === 1.0)
    assert(samples("10.wav").measures.sampleRate.getAsInt === 8000)
    assert(samples("10.wav").measures.channels.getAsInt === 2)
    assert(samples("1.WAV").measures.seconds.getAsDouble === 0.5)
  }

  test("ING-2 audio-dir - directories and files of every name, differing only in case") {
    val source = directory()
    for (name <- names) write(source, s"$name/$name.wav", Media.wav(80))
    Files.createDirectories(source.resolve("empty/er"))
    val samples = accepted(audio(source)).map(_.sample)
    assert(samples.flatMap(_.labels.asScala.map(_.value)).sorted === names.sorted)
    assert(samples.map(_.id).distinct.size === names.size)
  }

  test("ING-4 audio-dir - what is wrong with a recording - named reason for each") {
    val whole = Media.wav(100)
    forAll(
      Table(
        ("name", "bytes", "reason"),
        ("Cat/a.wav", Array.empty[Byte], RejectReason.EMPTY_FILE),
        ("Cat/a.wav", new Array[Byte](1000001), RejectReason.FILE_TOO_LARGE),
        ("Cat/a.wav", whole.dropRight(9), RejectReason.TRUNCATED_MEDIA),
        ("Cat/a.wav", "hello".getBytes, RejectReason.UNKNOWN_MEDIA_TYPE),
        ("Cat/a.wav", "fLaC....".getBytes, RejectReason.UNSUPPORTED_MEDIA_TYPE),
        ("Cat/a.mp3", "ID3.....".getBytes, RejectReason.UNSUPPORTED_MEDIA_TYPE),
        ("Cat/a.wav", Media.wavOf(), RejectReason.BROKEN_MEDIA_HEADER),
        ("a.wav", whole, RejectReason.NO_LABEL_DIRECTORY),
        ("x" * 129 + "/a.wav", whole, RejectReason.INVALID_LABEL)
      )) { (name, bytes, reason) =>
      val source = directory()
      write(source, name, bytes)
      assert(refused(audio(source)).map(_.reason) === Seq(reason))
    }
  }

  test("ING-4 audio-dir - coding other than PCM, and WAV under another name - taken and noted") {
    val source = directory()
    val law = Media.wavOf(Media.format(6, 1, 8000, 8), Media.chunk("data", new Array[Byte](80)))
    write(source, "Cat/a.mp3", law)
    write(source, "notes.txt", "x")
    val found = outcomes(audio(source))
    assert(
      found.collect { case a: Accepted => a.notes.asScala.toSet } ===
        Seq(Set(Note.TYPE_MISMATCH, Note.COMPRESSED_AUDIO)))
    assert(found.count(_ == new Aside(Note.OTHER_FILE)) === 1)
  }

  test("ING-2 audio-dir - a file as source - error says so") {
    val file = write(directory(), "a.wav", Media.wav(8))
    assert(
      intercept[DatasetException](audio(file)).getMessage ===
        s"Cannot import ${StorageUri.of(file)}: there is no such directory. Check the address.")
  }

  test("ING-2 unlabelled - files of the dataset's kind - taken, all others counted") {
    val files = Map(
      "a b/x.jpg" -> Images.jpeg(8, 8),
      "图片/y.PNG" -> Images.png(8, 8),
      "s.wav" -> Media.wav(80),
      "v.mp4" -> Media.mp4(64, 48, 2),
      "t.txt" -> "好".getBytes("GBK"),
      "t.csv" -> "a,b\r\n".getBytes,
      "other.bin" -> Array[Byte](1, 2, 3))
    val source = directory()
    files.foreach { case (name, bytes) => write(source, name, bytes) }
    write(source, ".hidden.jpg", "x")
    Files.createDirectories(source.resolve("empty/er"))
    forAll(
      Table(
        ("type", "names"),
        (LabelTaskType.OBJECT_DETECTION, Set("x.jpg", "y.PNG")),
        (LabelTaskType.SPEECH_CONTENT, Set("s.wav")),
        (LabelTaskType.VIDEO_ANNOTATION, Set("v.mp4")),
        (LabelTaskType.TEXT_CLASSIFICATION, Set("t.txt", "t.csv")),
        (LabelTaskType.NONE, files.keySet.map(_.split('/').last))
      )) { (taskType, expected) =>
      val found = outcomes(open(new UnlabelledFormat, source, taskType))
      val samples = found.collect { case a: Accepted => a.sample }
      assert(samples.map(_.source.fileName).toSet === expected)
      assert(samples.forall(s => s.kind == taskType.kind && !s.isLabelled))
      assert(found.count(_ == new Aside(Note.OTHER_FILE)) === 8 - expected.size)
    }
  }

  test("ING-4 unlabelled - video - width, height and seconds; what is wrong is named") {
    val source = directory()
    write(source, "v.mp4", Media.mp4(64, 48, 2))
    write(source, "webm.mp4", Media.ascii("\u001aE\u00df\u00a3...."))
    write(source, "cut.mp4", Media.mp4(64, 48, 2).dropRight(3))
    write(source, "quicktime.mp4", Media.mp4(32, 16, 1, "qt  "))
    val found = outcomes(open(new UnlabelledFormat, source, LabelTaskType.VIDEO_ANNOTATION))
    val byName = found.collect { case a: Accepted => a.sample.source.fileName -> a }.toMap
    assert(byName("v.mp4").sample.measures.width.getAsInt === 64)
    assert(byName("v.mp4").sample.measures.height.getAsInt === 48)
    assert(byName("v.mp4").sample.measures.seconds.getAsDouble === 2.0)
    assert(byName("quicktime.mp4").notes.asScala === Seq(Note.TYPE_MISMATCH))
    assert(
      found.collect { case r: Refused => r.source.split('/').last -> r.reason }.toMap === Map(
        "webm.mp4" -> RejectReason.UNSUPPORTED_MEDIA_TYPE,
        "cut.mp4" -> RejectReason.TRUNCATED_MEDIA))
  }

  test("ING-4 unlabelled - files of text - empty, UTF-16 and undecodable ones refused") {
    forAll(
      Table(
        ("bytes", "reason"),
        (Array.empty[Byte], RejectReason.EMPTY_FILE),
        ("好".getBytes("UTF-16"), RejectReason.UNDECODABLE_TEXT),
        (Array(0xff.toByte, 0xff.toByte), RejectReason.UNDECODABLE_TEXT)
      )) { (bytes, reason) =>
      val source = directory()
      write(source, "a.txt", bytes)
      assert(
        refused(open(new UnlabelledFormat, source, LabelTaskType.TEXT_TRIPLE)).map(_.reason) ===
          Seq(reason))
    }
  }

  test("ING-2 unlabelled - one file as source, and a source without files of the kind") {
    val file = write(directory(), "a b.wav", Media.wav(80))
    val laid = open(new UnlabelledFormat, file, LabelTaskType.AUDIO_CLASSIFICATION)
    assert(accepted(laid).map(_.sample.source) === Seq(StorageUri.of(file)))
    assert(
      intercept[DatasetException](
        open(new UnlabelledFormat, file.getParent, LabelTaskType.IMAGE_CLASSIFICATION)).getMessage ===
        s"Cannot import ${StorageUri.of(file.getParent)} as format unlabelled: it holds no file of kind IMAGE. Check the address and the format.")
  }

  test("ING-2 unlabelled - real recordings of a flat directory - all taken") {
    val laid = open(new UnlabelledFormat, sharedData("fsdd"), LabelTaskType.AUDIO_CLASSIFICATION)
    assert(accepted(laid).size === 360)
  }

  private def audio(source: Path): Laid =
    open(new AudioDirFormat, source, LabelTaskType.AUDIO_CLASSIFICATION)
}
