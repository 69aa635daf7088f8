package io.millrace.ingestion.layout

import java.nio.file.Path

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, LabelTaskType, Shape, Usage}
import io.millrace.ingestion.{Note, RejectReason}
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.layout.Outcome.{Accepted, Refused}
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class CocoSuite extends AnyFunSuite with LayoutFixture {
  private val Categories = """[{"id": 7, "name": "cat"}, {"id": 90, "name": "热 狗"}]"""
  private val Box = """"bbox": [1.1, 2, 20.2, 10]"""

  test("ING-2 coco - files and images by each custom - boxes, labels and usage") {
    forAll(
      Table(
        ("file", "image", "listed"),
        ("annotations/instances_train2017.json", "images/train2017/a 1.jpg", "a 1.jpg"),
        ("annotations/instances_train2017.json", "train2017/a 1.jpg", "a 1.jpg"),
        ("annotations/instances_train.json", "images/a 1.jpg", "a 1.jpg"),
        ("annotations/instances_train.json", "images/a 1.jpg", "images/a 1.jpg"),
        ("instances_train.json", "a 1.jpg", "/home/me/x/a 1.jpg"),
        ("train/_annotations.coco.json", "train/a 1.jpg", "a 1.jpg")
      )) { (file, image, listed) =>
      val source = directory()
      write(source, image, Images.jpeg(40, 30))
      write(source, file, "\uFEFF" + coco(Seq(listed), annotation(1, 1, 90, Box)))
      val only = accepted(opened(source)).head.sample
      assert(only.usage.get === Usage.TRAIN)
      assert(only.objects.asScala.map(_.name.value) === Seq("热 狗"))
      assert(only.objects.asScala.head.shape === new Shape.BoundingBox(1.1, 2, 21.3, 12))
    }
  }

  test("ING-2 coco - words of a file's name or directory - give usage") {
    assert(CocoLayout.usage("annotations/instances_val2017.json").get === Usage.EVAL)
    assert(CocoLayout.usage("valid/_annotations.coco.json").get === Usage.EVAL)
    assert(CocoLayout.usage("test-dev.json").get === Usage.TEST)
    assert(CocoLayout.usage("latest/values.json").isEmpty)
  }

  test("ING-2 coco - crowd, score and id - kept with the object") {
    val source = image("a.jpg")
    val more = s"""$Box, "iscrowd": 1, "score": 0.75"""
    write(source, "instances.json", coco(Seq("a.jpg"), annotation(5, 1, 7, more)))
    val info = accepted(opened(source)).head.sample.objects.asScala.head.info
    assert(info.id.get === "5")
    assert(info.confidence.getAsDouble === 0.75)
    assert(info.properties.value("iscrowd").get === 1L)
  }

  test("ING-2 coco - polygons and run lengths - shapes of a segmentation, boxes of a detection") {
    val source = image("a.jpg", 3, 2)
    val parts =
      Seq("[[0,0,2,0,2,1]]", "[[0,0,1,0,1,1],[2,0,3,0,3,1]]", mask("[1,2,3]"), mask("\"123\""))
        .zipWithIndex.map { case (segmentation, i) =>
          annotation(i + 1, 1, 7, s""""bbox": [0,0,2,1], "segmentation": $segmentation""")
        }
    write(source, "instances.json", coco(Seq("a.jpg"), parts: _*))
    val found = accepted(opened(source, LabelTaskType.IMAGE_SEGMENTATION)).head
    val objects = found.sample.objects.asScala
    assert(objects.map(_.info.id.get) === Seq("1", "2", "2", "3", "4"))
    val runs = new Shape.Mask(3, 2, Seq(1, 2, 3).map(Integer.valueOf).asJava)
    assert(objects.takeRight(2).forall(_.shape == runs))
    assert(objects.take(3).forall(_.shape.isInstanceOf[Shape.Polygon]))
    assert(found.notes.asScala === Seq(Note.OBJECT_IN_PARTS))
    assert(
      accepted(opened(source)).head.sample.objects.asScala
        .forall(_.shape == new Shape.BoundingBox(0, 0, 2, 1)))
  }

  test("ING-2 coco - image listed without objects, image not listed - imported, each noted") {
    val source = image("a.jpg")
    write(source, "b.jpg", Images.jpeg(40, 30))
    write(source, "instances.json", coco(Seq("a.jpg")))
    assert(
      accepted(opened(source)).map(a => a.sample.source.fileName -> a.notes.asScala.head).toMap ===
        Map("a.jpg" -> Note.EMPTY_ANNOTATION, "b.jpg" -> Note.WITHOUT_ANNOTATION))
  }

  test("ING-2 coco - each fault of an annotation - image refused with reason and place") {
    forAll(
      Table(
        ("annotation", "reason", "message"),
        (annotation(1, 1, 8, Box), RejectReason.UNKNOWN_LABEL, "category_id is '8'"),
        (annotation(1, 1, 7, """"area": 1"""), RejectReason.BROKEN_BOX, "expected x, y, width"),
        (annotation(1, 1, 7, """"bbox": [1,1,0,1]"""), RejectReason.BROKEN_BOX, "has no area"),
        (annotation(1, 1, 7, """"bbox": [1,1,"a",1]"""), RejectReason.BROKEN_ANNOTATION,
          "its bbox holds \"a\" (expected a number)"),
        (annotation(1, 1, 7, """"bbox": [1,1,1e999999999,1]"""), RejectReason.BROKEN_ANNOTATION,
          "expected a number"),
        (annotation(1, 1, 7, s"""$Box, "score": 2"""), RejectReason.BROKEN_ANNOTATION,
          "Invalid confidence"),
        (segmented("[[1,2,3,4]]"), RejectReason.BROKEN_ANNOTATION, "has 4 numbers"),
        (segmented(mask("[1,2]")), RejectReason.BROKEN_ANNOTATION, "the runs cover 3 pixels"),
        (segmented(mask("[6]")), RejectReason.MASK_SIZE_MISMATCH,
          "annotation 1 has 3 x 2 pixels, its image 40 x 30."),
        (segmented(mask("\"o\"")), RejectReason.BROKEN_ANNOTATION, "are no run lengths"),
        (annotation(1, 1, 7, """"bbox": [30,1,11,1]"""), RejectReason.BOX_OUTSIDE_IMAGE, "41")
      )) { (annotation, reason, message) =>
      val source = image("a.jpg")
      write(source, "instances.json", coco(Seq("a.jpg"), annotation))
      val refusal = refused(opened(source, LabelTaskType.IMAGE_SEGMENTATION)).head
      assert(refusal.reason === reason)
      assert(refusal.message.contains(message), refusal.message)
      assert(refusal.source.endsWith("a.jpg"))
    }
  }

  test("ING-2 coco - unknown image, missing image, id twice - refused by place, others taken") {
    val source = image("a.jpg")
    val images =
      """[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"b.jpg"},{"id":1,"file_name":"c.jpg"}]"""
    write(
      source,
      "instances.json",
      s"""{"annotations": [${annotation(1, 9, 7, Box)}, ${annotation(2, 2, 7, Box)}],
         |"images": $images, "categories": $Categories}""".stripMargin)
    val found = outcomes(opened(source))
    assert(found.collect { case a: Accepted => a.sample.source.fileName } === Seq("a.jpg"))
    assert(
      found.collect { case r: Refused => r.source.split("/").last -> r.reason }.toMap === Map(
        "instances.json:annotations[1]" -> RejectReason.SOURCE_MISSING,
        "b.jpg" -> RejectReason.SOURCE_MISSING,
        "instances.json:images[3]" -> RejectReason.BROKEN_ANNOTATION))
  }

  test("ING-2 coco - box outside by rounding - moved to the border") {
    val source = image("a.jpg")
    val box = """"bbox": [-0.01, 10, 40.02, 20.005]"""
    write(source, "instances.json", coco(Seq("a.jpg"), annotation(1, 1, 7, box)))
    assert(
      accepted(opened(source)).head.sample.objects.asScala.head.shape ===
        new Shape.BoundingBox(0, 10, 40, 30))
  }

  test("ING-2 coco - names with spaces, +, %, #, Chinese and emoji, differing only in case") {
    val source = directory()
    val names = Seq("a b", "a+b", "100%", "50%20x", "a#b?c", "狗/图片 1", "😀", "Case", "case")
    names.foreach(name => write(source, s"images/$name.jpg", Images.jpeg(40, 30)))
    val objects = names.indices.map(i => annotation(i + 1, i + 1, 7, Box))
    write(source, "annotations/instances.json", coco(names.map(_ + ".jpg"), objects: _*))
    val samples = accepted(opened(source)).map(_.sample)
    assert(samples.size === names.size)
    assert(samples.forall(_.isLabelled))
  }

  test("ING-2 coco - no file, broken file - error that names it") {
    val source = image("a.jpg")
    write(source, "x.json", """{"other": 1}""")
    val missing = intercept[DatasetException](opened(source)).getMessage
    assert(missing.contains("as coco: it has no JSON file of images and annotations"), missing)
    for (text <- Seq("""{"images": [{"id": 1}, """, """{"images": [], "annotations": [x]}""")) {
      write(source, "instances.json", text)
      val broken = intercept[DatasetException](outcomes(opened(source))).getMessage
      assert(broken.contains("instances.json: it is no JSON at line 1"), broken)
    }
  }

  test("ING-2 coco - any order of listing - same outcomes") {
    val source = directory()
    for (i <- 1 to 4) write(source, s"$i.jpg", Images.jpeg(40, 30))
    val names = (1 to 5).map(i => s"$i.jpg")
    val objects = (1 to 12).map(i => annotation(i, i % 6, if (i == 9) 8 else 7, Box))
    write(source, "instances_train.json", coco(names, objects: _*))
    write(source, "instances_val.json", coco(names.take(2), annotation(30, 1, 90, Box)))
    assertAnyOrder(opened(source))
  }

  test("ING-2 coco - recognised by how a file begins, whatever its name") {
    val format = new CocoFormat()
    val source = image("a.jpg")
    write(source, "x.json", """{"other": 1}""")
    assert(format.recognise(glance(source), LabelTaskType.OBJECT_DETECTION) === Recognition.NONE)
    write(source, "train/labels.json", coco(Seq("a.jpg")))
    assert(
      format.recognise(glance(source), LabelTaskType.OBJECT_DETECTION).evidence ===
        "train/labels.json begins as COCO's files do")
  }

  private def opened(
      source: Path,
      task: LabelTaskType = LabelTaskType.OBJECT_DETECTION): Laid =
    open(new CocoFormat(), source, task)

  private def image(name: String, width: Int = 40, height: Int = 30): Path = {
    val source = directory()
    write(source, name, Images.jpeg(width, height))
    source
  }

  private def annotation(id: Int, image: Int, category: Int, more: String): String =
    s"""{"id": $id, "image_id": $image, "category_id": $category, $more}"""

  private def segmented(segmentation: String): String =
    annotation(1, 1, 7, s""""segmentation": $segmentation""")

  private def mask(counts: String): String = s"""{"size": [2, 3], "counts": $counts}"""

  /** A file whose categories stand last; the images have the ids from 1. */
  private def coco(images: Seq[String], annotations: String*): String = {
    val listed = images.zipWithIndex.map { case (name, i) =>
      s"""{"id": ${i + 1}, "file_name": "$name", "license": 1}"""
    }
    s"""{"info": {"year": 2017}, "annotations": [${annotations.mkString(",")}],
       |"images": [${listed.mkString(",")}], "categories": $Categories}""".stripMargin
  }
}
