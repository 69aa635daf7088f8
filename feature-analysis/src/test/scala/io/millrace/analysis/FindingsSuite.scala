package io.millrace.analysis

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.analysis.distribution.View
import io.millrace.analysis.image.{BgrImage, DecodedImage}
import io.millrace.dataset._
import io.millrace.dataset.Shape.BoundingBox

class FindingsSuite extends AnyFunSuite {

  test("ANA-1 measurements - of a detection - are 8 of the image and 6 of each box") {
    val values = measured(new BoundingBox(0, 0, 8, 4), new BoundingBox(4, 0, 12, 4))
    assert(values.values.asScala.count(_.box.isEmpty) == 8)
    assert(values.values.asScala.count(_.box.isPresent) == 12)
    assert(value(values, Metric.RESOLUTION) == 64 * 48)
    assert(value(values, Metric.ASPECT_RATIO) == 0.75)
    assert(value(values, Metric.BOX_COUNT) == 2)
    assert(value(values, Metric.BOX_AREA_STD) == 0)
    assert(value(values, Metric.BOX_OVERLAP) == 0.5)
  }

  test("ANA-1 measurements - of a classification - are the six of the image") {
    val values = ImageMeasurements.of(
      ReportFixtures.picture(1), java.util.List.of(), LabelTaskType.IMAGE_CLASSIFICATION)
    assert(values.values.asScala.map(_.metric).toSeq ==
      Metric.of(LabelTaskType.IMAGE_CLASSIFICATION).asScala.toSeq)
  }

  test("ANA-1 measurements - boxes under a pixel and without area - lack what cannot be measured") {
    val values = measured(new BoundingBox(3.6, 3, 4.4, 9), new BoundingBox(5, 5, 5, 9))
    assert(values.boxesWithoutPixels == 2)
    val ofFirst = values.values.asScala.filter(_.box == java.util.OptionalInt.of(0)).map(_.metric)
    assert(ofFirst.toSet == Set(
      Metric.BOX_ASPECT_RATIO, Metric.BOX_AREA_RATIO, Metric.BOX_MARGIN, Metric.BOX_OVERLAP))
    val ofSecond = values.values.asScala.filter(_.box == java.util.OptionalInt.of(1)).map(_.metric)
    assert(ofSecond.toSet == Set(Metric.BOX_AREA_RATIO, Metric.BOX_MARGIN))
  }

  test("findings - broken file, rare label, imbalance, dark images - are named with their number") {
    val findings = ReportFixtures.detection(1, 120).findings.asScala
    assert(findings.head.id == "unreadable")
    assert(findings.head.text.english.startsWith(
      "1 image could not be read (1 truncated) and is in no figure."))
    assert(findings.exists(f => f.id == "rare-labels" || f.id == "label-imbalance"))
    val dark = findings.find(f =>
      f.id == "outliers-low" && f.metric.isPresent && f.metric.get == Metric.BRIGHTNESS).get
    assert(dark.count == 4)
    assert(dark.text.english.startsWith("4 dark images: brightness below "))
    assert(dark.text.chinese.startsWith("4 张暗图片：亮度低于 "))
    assert(findings.exists(_.id == "few-images"))
  }

  test("report - gathered in any order - is the same") {
    val report = ReportFixtures.detection(1, 50)
    assert(ReportFixtures.detection(1, 50) == report)
    assert(report.versions.get(0).images.get(View.EVAL) == 10)
    assert(report.versions.get(0).measured == 50)
  }

  test("report JSON - holds counts, summaries and histograms that add up") {
    val json = new ObjectMapper().readTree(ReportFixtures.detection(2, 50).toJson)
    assert(json.get("dataset").asText == "cells")
    val version = json.get("versions").get(1)
    assert(version.get("version").asText == "V002")
    assert(version.get("unreadable").get("truncated").asInt == 1)
    val brightness = version.get("metrics").get("brightness").get("all")
    assert(brightness.get("count").asInt == 50)
    val histogram = brightness.get("histogram")
    val inside = histogram.get("counts").elements().asScala.map(_.asInt).sum
    assert(inside + histogram.get("below").asInt + histogram.get("above").asInt == 50)
    assert(json.get("bins").get("brightness").get("count").asInt == histogram.get("counts").size)
  }

  test("extremes - of each metric - are the lowest and highest in order, boxes with their place") {
    val extremes = ReportFixtures.detection(1, 50).versions.get(0).extremes
    val brightness = extremes.get(Metric.BRIGHTNESS)
    assert(brightness.low.size == 6 && brightness.high.size == 6)
    assert(brightness.low.asScala.map(_.value).toSeq ==
      brightness.low.asScala.map(_.value).sorted.toSeq)
    assert(brightness.high.get(0).value >= brightness.high.get(5).value)
    assert(brightness.low.get(0).box.isEmpty)
    assert(extremes.get(Metric.BOX_CLARITY).low.get(0).box.isPresent)
  }

  test("sample - that could not be decoded - has no measurement and its reason") {
    val sample = Sample.of(
      StorageUri.parse("/a.jpg"), DatasetKind.IMAGE, 1, java.time.Instant.EPOCH)
    val failed = MeasuredSample.of(
      sample, new DecodedImage.Failed(image.Unreadable.EMPTY), LabelTaskType.IMAGE_CLASSIFICATION)
    assert(failed.measurements.isEmpty)
    assert(failed.unreadable.get.id == "empty")
  }

  private def measured(boxes: BoundingBox*): ImageMeasurements = ImageMeasurements.of(
    picture, boxes.asJava, LabelTaskType.OBJECT_DETECTION)

  private def picture: BgrImage = ReportFixtures.picture(1)

  private def value(values: ImageMeasurements, metric: Metric): Double =
    values.values.asScala.find(_.metric == metric).get.value
}
