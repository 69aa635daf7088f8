package io.millrace.ingestion.layout

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, LabelTaskType, SharedData, StorageUri}
import io.millrace.dataset.LabelTaskType._
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.ImportFormat
import io.millrace.ingestion.probe.{Images, Media}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class RecogniserSuite extends AnyFunSuite with LayoutFixture with SharedData {

  test("ING-2 auto - generated sources of every format - recognised for every task type that fits") {
    val cases = Table(
      ("source", "task types", "format"),
      (vocSource, Set(OBJECT_DETECTION), ImportFormat.VOC),
      (labelDirectories("jpg", Images.jpeg(8, 8)), Set(IMAGE_CLASSIFICATION), ImportFormat.IMAGENET),
      (combined, Set(TEXT_CLASSIFICATION), ImportFormat.TEXT_COMBINED),
      (combined.resolve("a.txt"), Set(TEXT_CLASSIFICATION), ImportFormat.TEXT_COMBINED),
      (separate, Set(TEXT_CLASSIFICATION), ImportFormat.TEXT_SEPARATE),
      (labelDirectories("wav", Media.wav(80)), Set(AUDIO_CLASSIFICATION), ImportFormat.AUDIO_DIR),
      (labelDirectories("wav", Media.wav(80)), Set(SPEECH_CONTENT), ImportFormat.UNLABELLED),
      (labelDirectories("mp4", Media.mp4(8, 8, 1)), Set(VIDEO_ANNOTATION, NONE), ImportFormat.UNLABELLED),
      (labelDirectories("txt", "x".getBytes), Set(NAMED_ENTITY_RECOGNITION, TEXT_CLASSIFICATION),
        ImportFormat.UNLABELLED),
      (manifest, Set(IMAGE_CLASSIFICATION, OBJECT_DETECTION, TEXT_CLASSIFICATION), ImportFormat.MANIFEST),
      (sagemaker, Set(IMAGE_CLASSIFICATION, OBJECT_DETECTION, TEXT_CLASSIFICATION), ImportFormat.SAGEMAKER),
      (huggingface, Set(IMAGE_CLASSIFICATION, OBJECT_DETECTION), ImportFormat.HUGGINGFACE),
      (usages, Set(IMAGE_CLASSIFICATION), ImportFormat.HUGGINGFACE)
    )
    forAll(cases) { (source, taskTypes, format) =>
      for (taskType <- taskTypes) {
        val recognised = Recogniser.recognise(glance(source), taskType)
        assert(recognised.format.format === format, recognised.explanation)
      }
    }
  }

  test("ING-2 auto - each format's own example - is nothing to the others, unlabelled aside") {
    // A directory of usages or of metadata is also one of labels, to those who read only directories.
    val documented = Set(
      ImportFormat.HUGGINGFACE -> ImportFormat.IMAGENET)
    val examples = Seq(
      (ImportFormat.VOC, vocSource, OBJECT_DETECTION),
      (ImportFormat.IMAGENET, labelDirectories("jpg", Images.jpeg(8, 8)), IMAGE_CLASSIFICATION),
      (ImportFormat.TEXT_COMBINED, combined, TEXT_CLASSIFICATION),
      (ImportFormat.TEXT_SEPARATE, separate, TEXT_CLASSIFICATION),
      (ImportFormat.AUDIO_DIR, labelDirectories("wav", Media.wav(80)), AUDIO_CLASSIFICATION),
      (ImportFormat.MANIFEST, manifest, IMAGE_CLASSIFICATION),
      (ImportFormat.SAGEMAKER, sagemaker, IMAGE_CLASSIFICATION),
      (ImportFormat.HUGGINGFACE, huggingface, IMAGE_CLASSIFICATION))
    for {
      (own, source, taskType) <- examples
      format <- SourceFormats.all.asScala
      if format.format != own && format.format != ImportFormat.UNLABELLED
      if format.taskTypes.contains(taskType) && !documented(own -> format.format)
    } {
      val recognition = format.recognise(glance(source), taskType)
      assert(recognition.score === 0, s"${format.format} of $own: ${recognition.evidence}")
    }
  }

  test("ING-2 auto - explanation - names format, evidence and runner-up") {
    assert(
      Recogniser.recognise(glance(vocSource), OBJECT_DETECTION).explanation ===
        "format voc: 2 of 2 images seen have an .xml file of their name " +
        "(runner-up unlabelled: 2 of 4 files seen are of kind IMAGE)")
    assert(
      Recogniser.recognise(glance(manifest), IMAGE_CLASSIFICATION).explanation ===
        "format manifest: its name ends in .manifest")
  }

  test("ING-2 auto - nothing recognised - error lists what was looked for and what was seen") {
    val source = directory()
    write(source, "a.pdf", "x")
    write(source, "b.PDF", "x")
    write(source, "c", "x")
    assert(
      intercept[DatasetException](Recogniser.recognise(glance(source), TEXT_CLASSIFICATION)).getMessage ===
        s"Cannot import ${StorageUri.of(source)}: it was recognised as none of the formats that fit " +
        "a dataset of TEXT_CLASSIFICATION (text-combined, text-separate, unlabelled, manifest, sagemaker); " +
        "seen were 2 .pdf, 1 without extension. Check the address, or name the format.")
    val empty = directory()
    Files.createDirectories(empty.resolve("nothing/here"))
    assert(
      intercept[DatasetException](Recogniser.recognise(glance(empty), TEXT_CLASSIFICATION)).getMessage
        .contains("seen were no files"))
  }

  test("ING-2 auto - real data - recognised") {
    val flowers = sharedData("carbondata-flowers").resolve("sdk/sdk/src/test/resources/image")
    forAll(
      Table(
        ("source", "task type", "format"),
        (sharedData("bccd-voc").resolve("BCCD"), OBJECT_DETECTION, ImportFormat.VOC),
        (flowers.resolve("voc"), OBJECT_DETECTION, ImportFormat.VOC),
        (sharedData("fsdd"), AUDIO_CLASSIFICATION, ImportFormat.UNLABELLED)
      )) { (source, taskType, format) =>
      val recognised = Recogniser.recognise(glance(source), taskType)
      assert(recognised.format.format === format, recognised.explanation)
    }
  }

  test("ING-2 auto - large source - is looked at all over, hidden files left out") {
    val source = directory()
    for (i <- 1 to 1100) write(source, s"$i.jpg", "x")
    for (i <- 1 to 30; j <- 1 to 3) write(source, s"many/d$i/$j.txt", "x")
    for (i <- 1 to 250) write(source, s"one/$i.wav", "x")
    write(source, ".git/x.jpg", "x")
    val seen = glance(source)
    assert(!seen.isWhole)
    assert(seen.count(_.endsWith(".jpg")) === 1000)
    assert(seen.count(_.endsWith(".wav")) === 200)
    assert(seen.count(_.endsWith(".txt")) === 30)
    assert(seen.count(_.contains(".git")) === 0)
    assert(glance(vocSource).isWhole)
  }

  private def vocSource: Path = {
    val source = directory()
    pair(source, "a", Cat)
    pair(source, "b", Cat)
    source
  }

  private def labelDirectories(extension: String, bytes: Array[Byte]): Path = {
    val source = directory()
    for (label <- Seq("Cat", "Dog"); i <- 1 to 3) write(source, s"$label/$i.$extension", bytes)
    source
  }

  private def combined: Path = {
    val source = directory()
    write(source, "a.txt", "好\tpositive\nbad\tnegative\n".getBytes("GBK"))
    source
  }

  private def separate: Path = {
    val source = directory()
    write(source, "a.txt", "good\nbad\n")
    write(source, "a_result.txt", "positive\nnegative\n")
    source
  }

  private def manifest: Path = write(directory(), "x.manifest", """{"source": "/a.jpg"}""")

  private def sagemaker: Path = write(directory(), "output.manifest", """{"source-ref": "s3://b/a.jpg"}""")

  private def huggingface: Path = {
    val source = directory()
    for (usage <- Seq("train", "test")) {
      write(source, s"$usage/a.jpg", Images.jpeg(8, 8))
      write(source, s"$usage/metadata.jsonl", """{"file_name": "a.jpg", "label": "x"}""")
    }
    source
  }

  private def usages: Path = {
    val source = directory()
    for (usage <- Seq("train", "test"); label <- Seq("Cat", "Dog")) {
      write(source, s"data/$usage/$label/a.jpg", Images.jpeg(8, 8))
    }
    source
  }
}
