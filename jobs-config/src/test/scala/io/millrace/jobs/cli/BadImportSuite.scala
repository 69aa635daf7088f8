package io.millrace.jobs.cli

import java.nio.ByteBuffer
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.delta.spark.SharedSparkSession
import org.scalatest.funsuite.AnyFunSuite

/** Every kind of bad input to an import: what, where, why, and what to do. */
class BadImportSuite extends AnyFunSuite with SharedSparkSession {

  test("ING-4 bad source - each kind - the import fails in one sentence and changes nothing") {
    spark // The engine that commands join.
    val root = temporaryDirectory()
    val datasets = root.resolve("datasets").toString
    run(datasets, "create", "cells", "--type", "object_detection")
    run(datasets, "create", "texts", "--type", "text_classification")
    run(datasets, "create", "people", "--type", "table")
    val good = root.resolve("good")
    write(good, "a.jpg", jpeg)
    write(good, "b.jpg", "no image".getBytes)
    val nothing = Files.createDirectories(root.resolve("nothing"))
    write(nothing, "a.pdf", "x".getBytes)
    val yolo = root.resolve("yolo")
    write(yolo, "obj.data", "classes = 1\ntrain = train.txt\nnames = obj.names\n".getBytes)
    val coco = root.resolve("coco")
    write(coco, "instances_train.json", """{"images": [""".getBytes)
    write(coco, "a.jpg", jpeg)
    val csv = root.resolve("csv")
    write(csv, "1.csv", "a,b\n1,x\n".getBytes)
    write(csv, "2.csv", "a,c\n1,x\n".getBytes)
    val cases = Seq[(String, Seq[String], Seq[String])](
      ("a source that is not there", Seq("cells", root.resolve("nowhere").toString),
        Seq("nowhere", "no such", "Check the address")),
      ("a source without anything of the format", Seq("cells", nothing.toString, "--format", "voc"),
        Seq("nothing", "holds nothing in format voc", "1 other files", "Check the address and the format")),
      ("a source of no known format", Seq("texts", nothing.toString),
        Seq("recognised as none of the formats", "1 .pdf", "name the format")),
      ("a format for another dataset", Seq("cells", good.toString, "--format", "imagenet"),
        Seq("imagenet", "cells", "OBJECT_DETECTION", "Choose another format or dataset")),
      ("a table into a dataset of samples", Seq("cells", csv.toString, "--format", "table"),
        Seq("cells", "TABLE")),
      ("a directory as manifest", Seq("cells", good.toString, "--format", "manifest"),
        Seq("good", "no such file")),
      ("a dataset inside its source", Seq("cells", root.toString),
        Seq("would import itself", "another directory")),
      ("the first bad input, where none may be", Seq("cells", good.toString, "--format", "voc", "--on-error", "fail"),
        Seq("b.jpg", "unknown-image-type", "The dataset was left as it was", "Repair the input")),
      ("more rejects than allowed", Seq("cells", good.toString, "--format", "voc", "--max-rejects", "0"),
        Seq("max-rejects (0)", "b.jpg", "raise max-rejects")),
      ("a list of classes that is not there", Seq("cells", yolo.toString, "--format", "yolo"),
        Seq("obj.names")),
      ("a broken COCO file", Seq("cells", coco.toString, "--format", "coco"),
        Seq("instances_train.json")),
      ("a selection that cannot be read", Seq("cells", good.toString, "--where", "widht < 3"),
        Seq("unknown field 'widht'", "did you mean width?")),
      ("a key in an address", Seq("cells", "s3://AKIAEXAMPLE:hushhush@bucket/in"),
        Seq("bucket", "environment")),
      ("two equal separators", Seq("texts", good.toString, "--labels-separator", ","),
        Seq("Invalid separators: ','")),
      ("tables that do not agree", Seq("people", csv.toString),
        Seq("1.csv", "2.csv", "b", "c")),
      ("a database without its table", Seq("people", "jdbc:h2:mem:x"),
        Seq("--table NAME or --query SQL")),
      ("a password in a database's address", Seq("people", "jdbc:postgresql://h/db?user=me&password=hushhush", "--table", "t"),
        Seq("MILLRACE_JDBC_PASSWORD")),
      ("a database for samples", Seq("cells", "jdbc:h2:mem:x", "--format", "voc"),
        Seq("a database has tables", "--type TABLE"))
    )
    val wrong = cases.flatMap { case (what, arguments, words) =>
      val failed = run(datasets, "import" +: arguments: _*)
      val missing = words.filterNot(failed.err.contains(_))
      val bad = Seq("\tat ", "io.millrace", "hushhush").filter((failed.out + failed.err).contains(_))
      // What cannot even be an argument is refused by the command line, which shows its usage below.
      val isRefused = failed.exitCode == ExitCode.USAGE ||
        (failed.exitCode == ExitCode.FAILED && failed.err.startsWith("millrace: "))
      if (isRefused && missing.isEmpty && bad.isEmpty) None
      else Some(s"$what: exit code ${failed.exitCode}, ${failed.out}${failed.err.take(600)} lacks $missing, has $bad")
    }
    if (wrong.nonEmpty) fail(wrong.mkString("\n\n"))
    for (name <- Seq("cells", "texts", "people")) {
      val shown = json(run(datasets, "show", name, "-o", "json"))
      assert((shown.get("samples").asLong, shown.get("rejects").asLong) === (0, 0))
    }
  }

  test("ING-4 bad inputs - each kind - rejected with reason and place, the good one is imported") {
    spark
    val root = temporaryDirectory()
    val datasets = root.resolve("datasets").toString
    val wrong = Seq(vocCases(root), manifestCases(root), imagenetCases(root), combinedCases(root),
      separateCases(root), audioCases(root), yoloCases(root), cocoCases(root), tableCases(root)).flatMap { group =>
      run(datasets, "create", group.name, "--type", group.taskType)
      val imported = json(run(datasets, "import", group.name, group.source.toString, "--format", group.format, "-o", "json"))
      assert(imported.get("imported").asLong === group.good, s"${group.name}: $imported")
      assert(imported.get("rejected").asLong === group.cases.size, s"${group.name}: $imported")
      val rejects = json(run(datasets, "rejects", group.name, "-o", "json")).asScala.toSeq
      group.cases.flatMap { case (what, place, reason, words) =>
        val found = rejects.filter(reject =>
          reject.get("source").asText.contains(place) && reject.get("reason").asText == reason)
        val missing = words.filterNot(word => found.exists(_.get("message").asText.contains(word)))
        if (found.nonEmpty && missing.isEmpty) None
        else Some(s"${group.name}, $what: expected $reason of $place with $missing, not ${rejects.filter(_.get("source").asText.contains(place))}")
      }
    }
    if (wrong.nonEmpty) fail(wrong.mkString("\n\n"))
  }

  /** What is bad, a part of its place, the reason, words of the message. */
  private type Case = (String, String, String, Seq[String])

  private case class Group(
      name: String,
      taskType: String,
      format: String,
      source: Path,
      good: Int,
      cases: Seq[Case])

  private def vocCases(root: Path): Group = {
    val source = root.resolve("voc-source")
    def pair(name: String, image: Array[Byte] = jpeg, file: String = voc("1", "2", "8", "9")): Unit = {
      write(source, s"$name.jpg", image)
      write(source, s"$name.xml", file.getBytes)
    }
    pair("good")
    pair("empty", image = Array.empty)
    pair("text", image = "hello".getBytes)
    pair("gif", image = "GIF89a".getBytes ++ new Array[Byte](40))
    pair("cut", image = jpeg.dropRight(9))
    pair("bomb", image = hugePng)
    pair("headless", image = jpeg.take(2) ++ Array(0xff, 0xc0, 0, 2).map(_.toByte) ++ jpeg.drop(2))
    write(source, "lone.xml", voc("1", "2", "8", "9").getBytes)
    pair("unclosed", file = "<annotation><object>")
    pair("entity", file = """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>""")
    pair("flat", file = voc("5", "5", "5", "9"))
    pair("outside", file = voc("1", "2", "800", "9"))
    pair("nameless", file = voc("1", "2", "8", "9").replaceAll("<name>.*?</name>", "<name/>"))
    write(source, "twice.jpg", jpeg)
    write(source, "twice.png", png)
    write(source, "twice.xml", voc("1", "2", "8", "9").getBytes)
    Group("voc", "object_detection", "voc", source, 1, Seq(
      ("a file without bytes", "empty.jpg", "empty-file", Seq("no bytes")),
      ("a text with an image's name", "text.jpg", "unknown-image-type", Seq("68 65 6c 6c 6f")),
      ("an image of an unsupported type", "gif.jpg", "unsupported-image-type", Seq("GIF", "Convert it")),
      ("a cut off image", "cut.jpg", "truncated-image", Seq("The file ends before")),
      ("a decompression bomb", "bomb.jpg", "too-many-pixels", Seq("30000 x 30000", "178956970")),
      ("a header that contradicts itself", "headless.jpg", "broken-image-header", Seq()),
      ("an annotation file without image", "lone.xml", "source-missing", Seq("image")),
      ("XML that is not closed", "unclosed.jpg", "broken-annotation", Seq("unclosed.xml", "line 1")),
      ("XML with an entity", "entity.jpg", "broken-annotation", Seq("document type", "safety")),
      ("a box without area", "flat.jpg", "broken-box", Seq("flat.xml", "xmin < xmax")),
      ("a box outside its image", "outside.jpg", "box-outside-image", Seq("800", "16 x 12")),
      ("an object without name", "nameless.jpg", "broken-annotation", Seq("<name> is empty")),
      ("an annotation file of two images", "twice.jpg", "ambiguous-annotation", Seq("twice.xml")),
      ("the other image of these", "twice.png", "ambiguous-annotation", Seq("twice.xml"))
    ))
  }

  private def manifestCases(root: Path): Group = {
    val source = root.resolve("manifest-source")
    write(source, "a.jpg", jpeg)
    val image = source.resolve("a.jpg")
    val box = """"type": "modelarts/object_detection", "annotation-loc": "./b.xml""""
    write(source, "x.manifest", Seq(
      s"""{"source": "$image"}""",
      """{"source": """,
      """{"usage": "TRAIN"}""",
      s"""{"source": "${source.resolve("b.jpg")}"}""",
      s"""{"source": "$image", "id": "other", "annotation": [{$box}]}""",
      """{"source": "content://a text", "sample-type": 1}""",
      """{"source": "/x.carbon", "source-type": "CarbonData"}""",
      """{"source": "ftp://host/a.jpg"}""",
      s"""{"source": "$image", "id": "third", "usage": "LATER"}""",
      s"""{"source": "$image", "note": "${"x" * 110000}"}""").mkString("\n").getBytes)
    def at(line: Int) = s"x.manifest:$line"
    Group("manifest", "object_detection", "manifest", source.resolve("x.manifest"), 1, Seq(
      ("a line that is cut off", at(2), "broken-line", Seq("Column", "JSON is broken")),
      ("a line without source", at(3), "broken-line", Seq("source", "missing")),
      ("a source that is not there", at(4), "source-missing", Seq("b.jpg", "check the address")),
      ("an annotation file that is not there", at(5), "annotation-missing", Seq("b.xml")),
      ("a sample of another kind", at(6), "wrong-kind", Seq("TEXT", "IMAGE")),
      ("column files", at(7), "broken-line", Seq("CarbonData")),
      ("an address of an unknown scheme", at(8), "broken-line", Seq("ftp://host/a.jpg", "expected s3://")),
      ("an unknown usage", at(9), "broken-line", Seq("LATER", "TRAIN, EVAL")),
      ("a line over the limit", at(10), "broken-line", Seq("limits.lineBytes"))
    ))
  }

  private def imagenetCases(root: Path): Group = {
    val source = root.resolve("imagenet-source")
    write(source, "cat/a.jpg", jpeg)
    write(source, "a.jpg", jpeg)
    write(source, s"${"x" * 129}/a.jpg", jpeg)
    Group("imagenet", "image_classification", "imagenet", source, 1, Seq(
      ("an image in no directory", "imagenet-source/a.jpg", "no-label-directory", Seq("move it into a directory")),
      ("a directory whose name is no label", "xxx/a.jpg", "invalid-label", Seq("at most 128"))
    ))
  }

  private def combinedCases(root: Path): Group = {
    val source = write(root.resolve("combined-source"), "a.txt", "good\tcat\n\tcat\n".getBytes)
    Group("combined", "text_classification", "text-combined", source, 1, Seq(
      ("labels of no text", "a.txt:2", "empty-text", Seq())))
  }

  private def separateCases(root: Path): Group = {
    val source = root.resolve("separate-source")
    write(source, "a.txt", "one\ntwo\n".getBytes)
    write(source, "a_result.txt", "cat\n".getBytes)
    write(source, "b.txt", "one\n".getBytes)
    write(source, "b_result.txt", "cat\n".getBytes)
    write(source, "c_result.txt", "cat\n".getBytes)
    Group("separate", "text_classification", "text-separate", source, 1, Seq(
      ("more texts than labels", "a.txt", "line-counts-differ", Seq("2", "1")),
      ("labels without their texts", "c_result.txt", "source-missing", Seq())))
  }

  private def audioCases(root: Path): Group = {
    val source = root.resolve("audio-source")
    write(source, "zero/good.wav", wav(100, 100))
    write(source, "zero/cut.wav", wav(1000, 100))
    write(source, "zero/text.wav", "hello, no sound".getBytes)
    Group("audio", "audio_classification", "audio-dir", source, 1, Seq(
      ("a cut off recording", "cut.wav", "truncated-media", Seq()),
      ("a text with a recording's name", "text.wav", "unknown-media-type", Seq())))
  }

  private def yoloCases(root: Path): Group = {
    val source = root.resolve("yolo-source")
    write(source, "obj.names", "cat\n".getBytes)
    write(source, "obj.data", "classes = 1\nnames = obj.names\ntrain = train.txt\n".getBytes)
    val labels = Seq("good" -> "0 0.5 0.5 0.2 0.2", "index" -> "7 0.5 0.5 0.2 0.2",
      "columns" -> "0 0.5 0.5", "words" -> "0 a b c d", "range" -> "0 0.5 0.5 7 0.2")
    for ((name, line) <- labels) {
      write(source, s"obj_train_data/$name.jpg", jpeg)
      write(source, s"obj_train_data/$name.txt", line.getBytes)
    }
    write(source, "train.txt", labels.map { case (name, _) => s"obj_train_data/$name.jpg" }.mkString("\n").getBytes)
    Group("yolo", "object_detection", "yolo", source, 1, Seq(
      ("an index without class", "index.jpg", "unknown-label", Seq("7", "line 1")),
      ("too few numbers", "columns.jpg", "broken-annotation", Seq("line 1")),
      ("words for numbers", "words.jpg", "broken-annotation", Seq("line 1")),
      ("a box larger than its image", "range.jpg", "broken-box", Seq("line 1", "from 0 to 1"))))
  }

  private def cocoCases(root: Path): Group = {
    val source = root.resolve("coco-source")
    for (name <- Seq("good", "category")) write(source, s"images/$name.jpg", jpeg)
    write(source, "annotations/instances_train.json",
      """{"images": [{"id": 1, "file_name": "good.jpg"}, {"id": 2, "file_name": "gone.jpg"},
        |{"id": 3, "file_name": "category.jpg"}], "annotations": [
        |{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]},
        |{"id": 2, "image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4]},
        |{"id": 3, "image_id": 3, "category_id": 8, "bbox": [1, 2, 3, 4]}],
        |"categories": [{"id": 1, "name": "cat"}]}""".stripMargin.getBytes)
    Group("coco", "object_detection", "coco", source, 1, Seq(
      ("an image that is not there", "gone.jpg", "source-missing", Seq()),
      ("an annotation of no image", "annotations[2]", "source-missing", Seq("9")),
      ("an annotation of no category", "category.jpg", "unknown-label", Seq("8"))))
  }

  private def tableCases(root: Path): Group = {
    val source = write(root.resolve("table-source"), "a.csv", "a,b\n1,x\n1\n".getBytes)
    Group("table", "table", "table", source, 1, Seq(
      ("a row with too few values", "a.csv", "column-count", Seq("1", "2"))))
  }

  private val image = {
    val image = new java.awt.image.BufferedImage(16, 12, java.awt.image.BufferedImage.TYPE_3BYTE_BGR)
    (format: String) => {
      val out = new java.io.ByteArrayOutputStream()
      javax.imageio.ImageIO.write(image, format, out)
      out.toByteArray
    }
  }
  private lazy val jpeg: Array[Byte] = image("jpeg")
  private lazy val png: Array[Byte] = image("png")

  /** A header of 30,000 x 30,000 pixels on a file of a hundred bytes. */
  private lazy val hugePng: Array[Byte] = {
    val bytes = png.clone
    val sum = new java.util.zip.CRC32()
    ByteBuffer.wrap(bytes).putInt(16, 30000).putInt(20, 30000)
    sum.update(bytes, 12, 17)
    ByteBuffer.wrap(bytes).putInt(29, sum.getValue.toInt)
    bytes
  }

  private def wav(announced: Int, present: Int): Array[Byte] =
    ByteBuffer.allocate(44 + present).order(java.nio.ByteOrder.LITTLE_ENDIAN)
      .put("RIFF".getBytes).putInt(36 + announced).put("WAVEfmt ".getBytes).putInt(16)
      .putShort(1).putShort(1).putInt(8000).putInt(8000).putShort(1).putShort(8)
      .put("data".getBytes).putInt(announced).array

  private def voc(xMin: String, yMin: String, xMax: String, yMax: String): String =
    s"""<annotation><folder>in</folder><filename>x.jpg</filename><size><width>16</width>
       |<height>12</height><depth>3</depth></size><segmented>0</segmented><object><name>cat</name>
       |<difficult>0</difficult><bndbox><xmin>$xMin</xmin><ymin>$yMin</ymin><xmax>$xMax</xmax>
       |<ymax>$yMax</ymax></bndbox></object></annotation>""".stripMargin

  private def write(directory: Path, path: String, bytes: Array[Byte]): Path = {
    val file = directory.resolve(path)
    Files.createDirectories(file.getParent)
    Files.write(file, bytes)
  }

  private def run(datasets: String, arguments: String*) =
    CommandLineRun.of(("dataset" +: arguments) ++ Seq("--datasets", datasets): _*)

  private def json(run: CommandLineRun) = new ObjectMapper().readTree(run.out)
}
