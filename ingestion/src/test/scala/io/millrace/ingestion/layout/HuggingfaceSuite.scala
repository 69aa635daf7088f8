package io.millrace.ingestion.layout

import java.nio.charset.StandardCharsets
import java.nio.file.Path

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{Annotation, DatasetException, LabelTaskType, StorageUri, Usage}
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.ingestion.{Note, RejectReason}
import io.millrace.ingestion.ImportFixture.write
import io.millrace.ingestion.layout.Outcome.{Accepted, Refused}
import io.millrace.ingestion.probe.{Images, Media}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class HuggingfaceSuite extends AnyFunSuite with LayoutFixture {
  private val odd = Seq("a b.jpg", "a+b.jpg", "100%.jpg", "a#b.jpg", "很好 1.jpg", "Case.jpg", "case.jpg")

  test("ING-3 huggingface - metadata.jsonl - labels, properties and usage") {
    val source = directory()
    image(source, "train/a.jpg")
    image(source, "train/sub/b.jpg")
    image(source, "validation/c.jpg")
    image(source, "test/d.jpg")
    write(source, "train/metadata.jsonl",
      """{"file_name": "a.jpg", "label": "cat", "text": "A cat.", "n": 1}
        |{"file_name": "./sub/b.jpg", "label": ["dog", 7]}
        |""".stripMargin)
    write(source, "validation/metadata.jsonl", """{"file_name": "c.jpg", "label": 3}""")
    write(source, "test/metadata.jsonl", """{"file_name": "d.jpg", "label": null}""")
    val byName = accepted(images(source)).map(a => a.sample.source.fileName -> a.sample).toMap
    assert(labels(byName("a.jpg")) === Set("cat"))
    assert(byName("a.jpg").properties.values.asScala === Map("text" -> "A cat.", "n" -> 1L))
    assert(labels(byName("b.jpg")) === Set("dog", "7"))
    assert(labels(byName("c.jpg")) === Set("3"))
    assert(labels(byName("d.jpg")) === Set())
    assert(
      byName.view.mapValues(_.usage.get).toMap === Map(
        "a.jpg" -> Usage.TRAIN, "b.jpg" -> Usage.TRAIN, "c.jpg" -> Usage.EVAL, "d.jpg" -> Usage.TEST))
  }

  test("ING-3 huggingface - objects - boxes of x, y, width and height") {
    val source = directory()
    image(source, "a.jpg")
    write(source, "metadata.jsonl",
      """{"file_name": "a.jpg", "objects": {"bbox": [[1, 2, 10, 20.5]], "categories": ["dog"]}}""")
    val box = accepted(images(source)).head.sample.objects.get(0)
    assert(box.name.value === "dog")
    assert(box.shape === new BoundingBox(1, 2, 11, 22.5))
  }

  test("ING-3 huggingface - metadata.csv - quotes, line ends in cells, objects as JSON") {
    val source = directory()
    image(source, "a.jpg")
    image(source, "b.jpg")
    val objects = """"{""bbox"": [[1, 2, 3, 4]], ""category"": [5]}""""
    val csv =
      s"""file_name,label,caption,objects\r\na.jpg,cat,"say ""hi"",\nyou",$objects\r\nb.jpg,,,\r\n"""
    for (bytes <- Seq(csv.getBytes, ("\uFEFF" + csv).getBytes(StandardCharsets.UTF_8))) {
      write(source, "metadata.csv", bytes)
      val byName = accepted(images(source)).map(a => a.sample.source.fileName -> a.sample).toMap
      assert(labels(byName("a.jpg")) === Set("cat", "5"))
      assert(byName("a.jpg").properties.values.asScala === Map("caption" -> "say \"hi\",\nyou"))
      assert(labels(byName("b.jpg")) === Set())
    }
  }

  test("ING-3 huggingface - GBK metadata, names of every kind, blank lines and Windows line ends") {
    val source = directory()
    odd.foreach(image(source, _))
    val json = odd.map(name => s"""{"file_name": "$name", "label": "坏"}""").mkString("\r\n") + "\r\n\r\n"
    write(source, "metadata.jsonl", json.getBytes("GBK"))
    assert(accepted(images(source)).map(a => a.sample.source.fileName -> labels(a.sample)).toMap ===
      odd.map(_ -> Set("坏")).toMap)
  }

  test("ING-3 huggingface - row without file refused, file without row noted, others counted") {
    val source = directory()
    image(source, "a.jpg")
    write(source, "readme.md", "x")
    val metadata = write(source, "metadata.jsonl",
      """{"file_name": "gone.jpg", "label": "x"}
        |{"file_name": "readme.md"}
        |""".stripMargin)
    val found = outcomes(images(source))
    assert(found.collect { case a: Accepted => a.notes.asScala } === Seq(Seq(Note.UNLABELLED_FILE)))
    assert(
      found.collect { case r: Refused => r.source -> r.reason }.toSet === Set(
        s"${StorageUri.of(metadata)}:1" -> RejectReason.SOURCE_MISSING,
        s"${StorageUri.of(metadata)}:2" -> RejectReason.WRONG_KIND))
  }

  test("ING-3 huggingface - what is wrong with a row - reason and message") {
    forAll(
      Table(
        ("line", "reason", "message"),
        ("{", RejectReason.BROKEN_LINE, "Column 2: "),
        ("""{"label": "x"}""", RejectReason.BROKEN_LINE, "The row has no column file_name."),
        ("""{"file_name": ""}""", RejectReason.BROKEN_LINE, "The file_name of the row is empty."),
        ("""{"file_name": "../a.jpg"}""", RejectReason.BROKEN_LINE, "leads out of"),
        (s"""{"file_name": "a.jpg", "label": "${"x" * 129}"}""", RejectReason.INVALID_LABEL, "129 characters"),
        ("""{"file_name": "a.jpg", "objects": {"bbox": [[1, 2, 3, 4]], "categories": []}}""",
          RejectReason.BROKEN_LINE, "1 boxes and 0 categories"),
        ("""{"file_name": "a.jpg", "objects": {"bbox": [[1, 2, 0, 4]], "categories": [1]}}""",
          RejectReason.BROKEN_BOX, "Box 1 of the row is [1, 2, 0, 4]"),
        ("""{"file_name": "a.jpg", "objects": [1]}""", RejectReason.BROKEN_LINE, "no list 'bbox'")
      )) { (line, reason, message) =>
      val source = directory()
      image(source, "a.jpg")
      write(source, "metadata.jsonl", line)
      val only = outcomes(images(source)).collect { case r: Refused => r }
      assert(only.map(_.reason) === Seq(reason))
      assert(only.head.message.contains(message), only.head.message)
    }
  }

  test("ING-3 huggingface - CSV row with too many cells, cell over the limit - refused") {
    val source = directory()
    image(source, "a.jpg")
    write(source, "metadata.csv", "file_name,label\na.jpg,x,y\n")
    assert(
      outcomes(images(source)).collect { case r: Refused => r.message } ===
        Seq("The row has 3 cells, the header 2."))
    write(source, "metadata.csv", "file_name,label\na.jpg,\"" + "x" * 200000)
    assert(
      outcomes(images(source)).collect { case r: Refused => r.reason } ===
        Seq(RejectReason.BROKEN_LINE))
  }

  test("ING-3 huggingface - no metadata - directories give usage and label") {
    val source = directory()
    image(source, "data/train/cat/a.jpg")
    image(source, "data/test/dog/b.jpg")
    image(source, "data/train/c.jpg")
    val byName = accepted(images(source, LabelTaskType.IMAGE_CLASSIFICATION))
      .map(a => a.sample.source.fileName -> a).toMap
    assert(labels(byName("a.jpg").sample) === Set("cat"))
    assert(byName("a.jpg").sample.usage.get === Usage.TRAIN)
    assert(labels(byName("b.jpg").sample) === Set("dog"))
    assert(byName("b.jpg").sample.usage.get === Usage.TEST)
    assert(labels(byName("c.jpg").sample) === Set())
    assert(byName("c.jpg").notes.asScala === Seq(Note.UNLABELLED_FILE))
  }

  test("ING-3 huggingface - recordings - transcripts of speech, labels of sounds") {
    val source = directory()
    write(source, "a.wav", Media.wav(80))
    write(source, "metadata.jsonl", """{"audio_file_name": "a.wav", "transcription": "你好", "label": "x"}""")
    val sample = accepted(open(new HuggingfaceFormat, source, LabelTaskType.SPEECH_CONTENT)).head.sample
    assert(
      sample.annotations.asScala.collect { case s: Annotation.SpeechContent => s.content } === Seq("你好"))
    assert(labels(sample) === Set("x"))
  }

  test("ING-3 huggingface - Parquet metadata refused, source without anything of it an error") {
    val source = directory()
    image(source, "a.jpg")
    write(source, "metadata.parquet", "PAR1")
    assert(
      outcomes(images(source)).collect { case r: Refused => r.reason } ===
        Seq(RejectReason.BROKEN_ANNOTATION))
    val empty = directory()
    write(empty, "x.bin", "x")
    assert(
      intercept[DatasetException](images(empty)).getMessage
        .contains("it holds neither metadata nor a file of kind IMAGE"))
  }

  private def image(source: Path, name: String): Path = write(source, name, Images.jpeg(40, 30))

  private def labels(sample: io.millrace.dataset.Sample): Set[String] =
    sample.labels.asScala.map(_.value).toSet

  private def images(source: Path, taskType: LabelTaskType = LabelTaskType.OBJECT_DETECTION): Laid =
    open(new HuggingfaceFormat, source, taskType)
}
