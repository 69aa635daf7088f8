package io.millrace.analysis

import java.time.{Duration, Instant}
import java.util.Optional

import scala.jdk.CollectionConverters._
import scala.util.Random

import io.millrace.analysis.image.{BgrImage, DecodedImage, ImageScaling, Unreadable}
import io.millrace.analysis.report.{HtmlReport, Thumbnail}
import io.millrace.dataset._
import io.millrace.dataset.Shape.BoundingBox

/** Reports over generated measurements, without any engine. */
object ReportFixtures {
  private val now = Instant.parse("2026-05-06T12:00:00Z")

  /** A label and a file name that would break a careless page. */
  val nastyLabel = "</script><script>alert(\"x\")</script> & '红细胞'"

  def detection(versions: Int, images: Int): AnalysisReport = {
    val measured = (1 to versions).map { number =>
      val all = new VersionMeasurements(new VersionName(f"V$number%03d"), images + 3, 6)
      samples(images, number).foreach(all.add)
      all
    }
    report(LabelTaskType.OBJECT_DETECTION, measured)
  }

  def report(taskType: LabelTaskType, measured: Seq[VersionMeasurements]): AnalysisReport = {
    val bins = AnalysisReport.sharedBins(measured.asJava)
    new AnalysisReport(
      new DatasetName("cells"), taskType, now, bins,
      measured.map(_.toAnalysis(bins, Duration.ofMillis(1250))).asJava)
  }

  def thumbnails(report: AnalysisReport): java.util.List[Thumbnail] =
    HtmlReport.pictured(report).asScala.map { extreme =>
      val jpeg = ImageScaling.thumbnail(picture(extreme.id.value.hashCode), 200)
      new Thumbnail(
        extreme.id, 64, 48,
        "data:image/jpeg;base64," + java.util.Base64.getEncoder.encodeToString(jpeg))
    }.asJava

  private def samples(count: Int, seed: Int): Seq[MeasuredSample] = {
    val random = new Random(seed)
    val boxesPerImage = (1 to count).map(_ => 1 + random.nextInt(6))
    val measured = boxesPerImage.zipWithIndex.map { case (boxes, i) =>
      val dark = if (i % 31 == 0) 40 else 0
      val sample = Sample
        .of(StorageUri.parse(f"/data/cells/image-$i%04d.jpg"), DatasetKind.IMAGE, 1000, now)
        .withUsage(usage(i))
        .withAnnotations((1 to boxes).map(b => box(random, label(random, b))).asJava)
      MeasuredSample.of(
        sample, new DecodedImage.Pixels(picture(random.nextInt(), 90 + 8 * seed - dark)),
        LabelTaskType.OBJECT_DETECTION)
    }
    val broken = Sample.of(StorageUri.parse("/data/cells/broken.jpg"), DatasetKind.IMAGE, 9, now)
    measured :+ MeasuredSample.of(
      broken, new DecodedImage.Failed(Unreadable.TRUNCATED), LabelTaskType.OBJECT_DETECTION)
  }

  private def usage(index: Int): Optional[Usage] =
    Optional.of(if (index % 5 == 0) Usage.EVAL else Usage.TRAIN)

  private def label(random: Random, index: Int): String =
    if (index == 1) "WBC" else if (random.nextInt(40) == 0) nastyLabel else "RBC"

  private def box(random: Random, label: String): Annotation = {
    val (x, y) = (random.nextInt(50), random.nextInt(36))
    new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION, new Label(label),
      new BoundingBox(x, y, x + 4 + random.nextInt(10), y + 3 + random.nextInt(9)),
      ObjectTraits.DEFAULT, AnnotationInfo.NONE)
  }

  def picture(seed: Int, level: Int = 120): BgrImage = {
    val random = new Random(seed)
    val bytes = Array.fill(64 * 48 * 3)(0.toByte)
    val (redder, contrast) = (random.nextInt(40), 5 + random.nextInt(40))
    for (i <- 0 until 64 * 48) {
      val base = level + random.nextInt(contrast)
      bytes(3 * i) = base.toByte
      bytes(3 * i + 1) = base.toByte
      bytes(3 * i + 2) = math.min(255, base + redder).toByte
    }
    new BgrImage(64, 48, bytes)
  }
}
