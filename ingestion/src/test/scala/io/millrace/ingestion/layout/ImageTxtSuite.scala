package io.millrace.ingestion.layout

import java.nio.charset.Charset
import java.nio.file.Path

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, LabelTaskType, SharedData}
import io.millrace.ingestion.{Note, RejectReason}
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.layout.Outcome.{Accepted, Aside}
import io.millrace.ingestion.probe.{ImageProbe, Images}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class ImageTxtSuite extends AnyFunSuite with LayoutFixture with SharedData {

  test("ING-2 image-txt - a label a line - labels in order, each once, without empty lines") {
    val source = directory()
    labelled(source, "import-dir-1/1", "Cat")
    labelled(source, "import-dir-2/2", "Cat\n\n Dog \nCat\n")
    labelled(source, "import-dir-2/3", "\uFEFFCat\r\nDog\r\n")
    labelled(source, "4", "Cat\rDog")
    assert(
      labels(source) === Map(
        "1.jpg" -> Seq("Cat"),
        "2.jpg" -> Seq("Cat", "Dog"),
        "3.jpg" -> Seq("Cat", "Dog"),
        "4.jpg" -> Seq("Cat", "Dog")))
  }

  test("ING-2 image-txt - file in GBK - labels as written") {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(8, 8))
    write(source, "a.txt", "猫\r\n长毛".getBytes(Charset.forName("GBK")))
    assert(labels(source) === Map("a.jpg" -> Seq("猫", "长毛")))
  }

  test("ING-2 image-txt - names with spaces, +, %, #, Chinese and emoji, differing only in case") {
    val source = directory()
    val names = Seq("a b", "a+b", "100%", "50%20x", "a#b?c", "狗/图片 1", "😀", "Case", "case", "a.b")
    names.foreach(name => labelled(source, name, name.filter(_ != '/')))
    val samples = accepted(opened(source)).map(_.sample)
    assert(
      samples.map(_.source.requireLocalPath).toSet ===
        names.map(name => source.resolve(s"$name.jpg")).toSet)
    assert(samples.flatMap(_.labels.asScala.map(_.value)).toSet === names.map(_.filter(_ != '/')).toSet)
  }

  test("ING-2 image-txt - no file, file without label - imported without labels, each noted") {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(8, 8))
    labelled(source, "b", "")
    labelled(source, "c", " \r\n\n")
    val notes =
      accepted(opened(source)).map(a => a.sample.source.fileName -> a.notes.asScala.toSeq).toMap
    assert(
      notes === Map(
        "a.jpg" -> Seq(Note.WITHOUT_ANNOTATION),
        "b.jpg" -> Seq(Note.EMPTY_ANNOTATION),
        "c.jpg" -> Seq(Note.EMPTY_ANNOTATION)))
  }

  test("ING-2 image-txt - each fault - refused with its reason, naming file and line") {
    forAll(
      Table(
        ("files", "reason", "message"),
        (
          Map("a.txt" -> "Cat"),
          RejectReason.SOURCE_MISSING,
          "The image that the annotation file belongs to is not there."),
        (
          Map("a.jpg" -> image, "a.txt" -> ("Cat\n" + "x" * 129)),
          RejectReason.INVALID_LABEL,
          "a.txt: line 2: Invalid label: 129 characters"),
        (
          Map("a.jpg" -> image, "a.txt" -> "Cat", "a.TXT" -> "Dog"),
          RejectReason.AMBIGUOUS_ANNOTATION,
          "Several annotation files go by its name: a.TXT, a.txt."),
        (
          Map("a.jpg" -> image, "a.jpeg" -> image, "a.txt" -> "Cat"),
          RejectReason.AMBIGUOUS_ANNOTATION,
          "a.txt could be of any of a.jpeg, a.jpg."),
        (
          Map("a.jpg" -> image, "a.txt" -> "x\n" * 6000),
          RejectReason.ANNOTATION_TOO_LARGE,
          "12000 bytes, the limit (limits.annotationFileBytes) is 10000"),
        (
          Map("a.jpg" -> image, "a.txt" -> Array[Byte](-1, -1, 0)),
          RejectReason.BROKEN_ANNOTATION,
          "neither in UTF-8 nor in GBK"),
        (Map("a.jpg" -> "no image", "a.txt" -> "Cat"), RejectReason.UNKNOWN_IMAGE_TYPE, "begins")
      )) { (files: Map[String, Any], reason, message) =>
      val source = directory()
      files.foreach {
        case (path, text: String) => write(source, path, text)
        case (path, bytes) => write(source, path, bytes.asInstanceOf[Array[Byte]])
      }
      val refusals = refused(opened(source))
      assert(refusals.map(_.reason).toSet === Set(reason))
      assert(refusals.head.message.contains(message), refusals.head.message)
    }
  }

  test("ING-2 image-txt - other files, hidden files - set aside and counted") {
    val source = directory()
    labelled(source, "a", "Cat")
    write(source, "x.csv", "x")
    write(source, "._a.jpg", "x")
    write(source, "__MACOSX/a.txt", "x")
    assert(outcomes(opened(source)).count(_ == new Aside(Note.OTHER_FILE)) === 3)
    assert(accepted(opened(source)).size === 1)
  }

  test("ING-2 image-txt - any order of listing - same outcomes") {
    val source = directory()
    for (i <- 1 to 6) labelled(source, s"$i", s"Cat\nDog $i")
    write(source, "7.txt", "Cat")
    write(source, "8.jpg", Images.jpeg(8, 8))
    write(source, "1.png", Images.png(8, 8))
    assertAnyOrder(opened(source))
  }

  test("ING-2 image-txt - recognised by partners, opened only as a directory") {
    val source = directory()
    labelled(source, "a", "Cat")
    write(source, "b.jpg", Images.jpeg(8, 8))
    val seen = new ImageTxtFormat().recognise(glance(source), task)
    assert(seen.score === 74)
    assert(seen.evidence === "1 of 2 images seen have a .txt file of their name")
    val only = source.resolve("a.txt")
    assert(new ImageTxtFormat().recognise(glance(only), task) === Recognition.NONE)
    assertThrows[DatasetException](open(new ImageTxtFormat(), only, task))
  }

  test("ING-2 image-txt - flowers of CarbonData - every label") {
    val flowers =
      sharedData("carbondata-flowers").resolve("sdk/sdk/src/test/resources/image/flowers")
    val found = outcomes(opened(flowers), probe = new ImageProbe(1 << 20, 1 << 20)).collect {
      case a: Accepted => a.sample.source.fileName -> a.sample.labels.asScala.map(_.value).toSeq
    }
    assert(
      found.toMap === Map(
        "10686568196_b1915544a8.jpg" -> Seq("tulips"),
        "10712722853_5632165b04.jpg" -> Seq("daisy"),
        "10841136265_af473efc60.jpg" -> Seq("daisy")))
  }

  private val task = LabelTaskType.IMAGE_CLASSIFICATION

  private def image = Images.jpeg(8, 8)

  private def labelled(source: Path, name: String, text: String): Unit = {
    write(source, s"$name.jpg", image)
    write(source, s"$name.txt", text)
  }

  private def opened(source: Path): Laid = open(new ImageTxtFormat(), source, task)

  private def labels(source: Path): Map[String, Seq[String]] =
    accepted(opened(source)).map { a =>
      assert(a.sample.annotations.asScala.forall(_.taskType == task))
      a.sample.source.fileName ->
        a.sample.annotations.asScala.map(_.label.get.value).toSeq
    }.toMap
}
