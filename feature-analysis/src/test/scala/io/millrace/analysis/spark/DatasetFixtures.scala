package io.millrace.analysis.spark

import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._
import scala.util.Random

import io.millrace.analysis.image.{BgrImage, ImageScaling}
import io.millrace.dataset._
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.dataset.delta.DatasetCatalog
import io.millrace.dataset.delta.spark._
import io.millrace.dataset.versioning.{DatasetVersion, PublishRequest, SplitPlan}
import io.millrace.dataset.voc.{ParsedVoc, VocCodec}

import org.scalatest.Assertions

/** Datasets of pictures on the local disk. */
trait DatasetFixtures extends SharedSparkSession with Assertions {
  val noon: Instant = Instant.parse("2026-05-06T12:00:00Z")
  val clock: Clock = Clock.fixed(noon, ZoneOffset.UTC)

  def newTable(taskType: LabelTaskType, samples: Seq[Sample]): DatasetTable = {
    val root = StorageUri.of(temporaryDirectory())
    val name = new DatasetName("cells")
    val layout = DatasetCatalog.at(root).create(name, taskType, "", clock)
    val table = DatasetTable.open(spark, layout)
    table.upsert(
      spark.createDataFrame(SampleRows.toRows(samples.asJava), SampleRows.SCHEMA),
      new ImportId("imp-fixture-1"))
    table
  }

  def publish(table: DatasetTable): DatasetVersion = new PublishJob(
    spark, table,
    PublishRequest.DEFAULT.withSplit(SplitPlan.ofRatio("0.75", 42)),
    clock).run()

  /** Noisy pictures of one tint each, in turn: red, green, blue, grey. */
  def tinted(directory: Path, count: Int, seed: Int = 1): Seq[(Path, Int)] = {
    val random = new Random(seed)
    (0 until count).map { i =>
      val tint = i % 4
      val bytes = new Array[Byte](3 * 48 * 32)
      for (p <- 0 until 48 * 32) {
        val level = 60 + random.nextInt(60)
        for (channel <- 0 until 3) {
          bytes(3 * p + channel) = (if (tint == 3 || channel == 2 - tint) level + 90 else level / 3)
            .toByte
        }
      }
      val file = directory.resolve(f"picture-$i%03d.jpg")
      Files.write(file, ImageScaling.thumbnail(new BgrImage(48, 32, bytes), 48))
      (file, tint)
    }
  }

  def sample(file: Path, annotations: Annotation*): Sample = Sample
    .of(StorageUri.of(file), DatasetKind.IMAGE, if (Files.exists(file)) Files.size(file) else 0, noon)
    .withMeasures(Measures.ofImage(48, 32, 3))
    .withAnnotations(annotations.asJava)

  def box(label: String, left: Double, top: Double, right: Double, bottom: Double): Annotation =
    new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION, new Label(label),
      new BoundingBox(left, top, right, bottom), ObjectTraits.DEFAULT, AnnotationInfo.NONE)

  def classified(label: String): Annotation = new Annotation.Classification(
    LabelTaskType.IMAGE_CLASSIFICATION, new Label(label), AnnotationInfo.NONE)

  /** The blood cell images with their boxes. */
  def bloodCells(): Seq[Sample] = {
    val root = shared().resolve("bccd-voc/BCCD")
    if (!Files.isDirectory(root)) cancel(s"no blood cell images at $root")
    val codec = new VocCodec(Limits.DEFAULT)
    val files = Files.list(root.resolve("JPEGImages")).iterator().asScala.toSeq.sorted
    files.flatMap { file =>
      val xml = root.resolve("Annotations").resolve(
        file.getFileName.toString.replaceAll("\\.jpg$", ".xml"))
      codec.decode(Files.readAllBytes(xml)) match {
        case accepted: ParsedVoc.Accepted =>
          val objects = accepted.document.imageObjects(LabelTaskType.OBJECT_DETECTION)
          Some(
            sample(file, objects.asScala.toSeq: _*).withMeasures(Measures.ofImage(640, 480, 3)))
        case _ => None
      }
    }
  }

  private def shared(): Path = {
    val here = Path.of(System.getProperty("user.dir")).toAbsolutePath
    val besides = Iterator.iterate(here)(_.getParent).takeWhile(_ != null)
      .map(_.resolveSibling("shared")).filter(_ != null)
    Option(System.getenv("MILLRACE_SHARED")).map(Path.of(_)).iterator
      .concat(besides)
      .map(_.resolve("data"))
      .find(Files.isDirectory(_))
      .getOrElse(cancel("no folder shared/data beside the repository; set MILLRACE_SHARED"))
  }
}
