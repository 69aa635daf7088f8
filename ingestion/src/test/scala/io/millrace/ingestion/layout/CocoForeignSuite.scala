package io.millrace.ingestion.layout

import java.nio.file.Files
import java.time.Instant
import java.util.{List => JList}

import scala.jdk.CollectionConverters._
import scala.sys.process._
import scala.util.Try

import io.millrace.dataset._
import io.millrace.dataset.export._
import io.millrace.dataset.export.format.CocoFormat
import io.millrace.dataset.storage.StorageSettings
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite

/** What COCO's own library, pycocotools, reads of an exported file; cancels where it is not there. */
class CocoForeignSuite extends AnyFunSuite with LayoutFixture {
  private val python = "python3"

  test("VER-6 coco - read by pycocotools - every object, its box, and the area of its pixels") {
    assume(Try(Seq(python, "-c", "import pycocotools").!(ProcessLogger(_ => ()))).toOption.contains(0),
      "pycocotools is not installed: pip install pycocotools")
    val target = directory().resolve("out")
    writeCoco(StorageUri.of(target))
    val script = Files.writeString(directory().resolve("read.py"),
      """import sys
        |from pycocotools.coco import COCO
        |coco = COCO(sys.argv[1])
        |for image in sorted(coco.loadImgs(coco.getImgIds()), key=lambda i: i["file_name"]):
        |    for a in coco.loadAnns(coco.getAnnIds(imgIds=image["id"])):
        |        area = coco.annToMask(a).sum() if a["segmentation"] else -1
        |        name = coco.loadCats(a["category_id"])[0]["name"]
        |        print("#", image["file_name"], name, a["bbox"], area)
        |""".stripMargin)
    val json = target.resolve("annotations/instances_all.json").toString
    val lines = Process(Seq(python, script.toString, json), None, "PYTHONIOENCODING" -> "utf-8")
      .!!(ProcessLogger(_ => ())).linesIterator.filter(_.startsWith("# ")).toSeq
    assert(lines === Seq(
      // A square of 10 x 8 pixels, a mask of 7 of them, a box without outline.
      "# 狗 1.png 狗 [2.0, 3.0, 10.0, 8.0] 80",
      "# 狗 1.png cat [0.0, 5.0, 1.0, 7.0] 7",
      "# 狗 1.png cat [1.5, 2.25, 3.5, 4.75] -1"))
  }

  private def writeCoco(target: StorageUri): Unit = {
    def point(x: Double, y: Double) = new Shape.Point(x, y)
    def obj(label: String, shape: Shape): Annotation = new Annotation.ImageObject(
      LabelTaskType.IMAGE_SEGMENTATION, new Label(label), shape, ObjectTraits.DEFAULT, AnnotationInfo.NONE)
    val file = Files.write(directory().resolve("狗 1.png"), Images.png(30, 20))
    val sample = Sample
      .of(StorageUri.of(file), DatasetKind.IMAGE, Files.size(file), Instant.EPOCH)
      .withMeasures(Measures.ofImage(30, 20, 3))
      .withAnnotations(JList.of(
        obj("狗", new Shape.Polygon(JList.of(point(2, 3), point(12, 3), point(12, 11), point(2, 11)))),
        obj("cat", new Shape.Mask(30, 20, JList.of(5, 7, 588))),
        obj("cat", new Shape.BoundingBox(1.5, 2.25, 5, 7))))
    val format = new CocoFormat
    val plan = new ExportPlan("x", LabelTaskType.IMAGE_SEGMENTATION, MediaMode.COPY, target, target,
      List(new Label("狗"), new Label("cat")).asJava, JList.of(ExportPart.NONE))
    val output = new ExportOutput(target, 0, StorageSettings.NONE)
    val writer = format.open(plan, output)
    writer.write(sample, format.fit(sample, plan).asInstanceOf[Fit.Taken], ExportName.of(sample, 1))
    writer.finish()
    val lists = output.finish().asScala.map(_ -> java.util.Set.of(Int.box(0))).toMap.asJava
    format.finish(plan, new ExportAssembly(target, StorageSettings.NONE, lists))
  }
}
