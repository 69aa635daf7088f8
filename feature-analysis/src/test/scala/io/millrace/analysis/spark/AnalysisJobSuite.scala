package io.millrace.analysis.spark

import java.nio.file.Files
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.functions.{col, count}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.analysis.{AnalysisConfig, AnalysisReport, Metric}
import io.millrace.analysis.distribution.View
import io.millrace.dataset._
import io.millrace.dataset.delta.spark.{DatasetTable, PublishJob}
import io.millrace.dataset.versioning.PublishRequest

class AnalysisJobSuite extends AnyFunSuite with DatasetFixtures {

  test("ANA-1 analysis - of a detection - measures the labelled images into the metrics table") {
    val table = detection()
    val version = publish(table)
    val report = analyse(table, "cells@V001")
    val analysis = report.versions.get(0)
    assert((analysis.samples, analysis.taken, analysis.measured) == ((15L, 14L, 12L)))
    assert(analysis.unreadable.asScala.toMap == Map("missing" -> 1L, "not-an-image" -> 1L))
    assert(analysis.unreadableSamples.size == 2)
    assert((analysis.boxes, analysis.boxesWithoutPixels) == ((24L, 1L)))
    assert(analysis.labels.get(View.ALL).asScala.toMap == Map("big" -> 12L, "small" -> 12L))
    val parts = analysis.images.asScala
    assert(parts(View.TRAIN) + parts(View.EVAL) == parts(View.ALL))
    val rows = table.metrics(version.name)
    val counts = rows.groupBy("metric").agg(count("*")).collect()
      .map(row => row.getString(0) -> row.getLong(1)).toMap
    assert(counts.size == 14)
    assert(counts("brightness") == 12 && counts("box_count") == 12)
    assert(counts("box_margin") == 24 && counts("box_clarity") == 23)
    assert(rows.where(col("metric").equalTo("box_count")).select("value").distinct().count() == 1)
    assert(rows.where(col("box").isNull).select("sample_id").distinct().count() == 12)
    assert(rows.where(col("part").isin("TRAIN", "EVAL")).count() == rows.count())
  }

  test("ANA-1 analysis - run again - replaces the metrics and reports the same") {
    val table = detection()
    val version = publish(table)
    val first = analyse(table, "cells@V001")
    val rows = table.metrics(version.name).count()
    val second = analyse(table, "cells@current")
    assert(table.metrics(version.name).count() == rows)
    assert(second.versions.get(0).distributions == first.versions.get(0).distributions)
    assert(second.versions.get(0).extremes == first.versions.get(0).extremes)
  }

  test("ANA-1 analysis - of a classification - measures all images by the six metrics") {
    val files = tinted(temporaryDirectory(), 9).map(_._1)
    val samples = files.zipWithIndex.map { case (file, i) =>
      if (i < 6) sample(file, classified("cat")) else sample(file)
    }
    val table = newTable(LabelTaskType.IMAGE_CLASSIFICATION, samples)
    publish(table)
    val report = analyse(table, "cells")
    assert(report.versions.get(0).measured == 9)
    assert(report.bins.keySet == Metric.of(LabelTaskType.IMAGE_CLASSIFICATION).asScala.toSet.asJava)
    assert(report.versions.get(0).boxes == 0)
  }

  test("ANA-1 analysis - of two versions - puts both into the same bins, JSON and page") {
    val directory = temporaryDirectory()
    val table = detection()
    publish(table)
    publish(table)
    val page = directory.resolve("reports/page.html")
    val json = directory.resolve("reports/report.json")
    val config = new AnalysisConfig(
      Seq("cells@V001", "cells@V002").map(DatasetRef.parse(_)).asJava, Optional.of(page),
      Optional.of(json), 3, Limits.DEFAULT)
    val report = new AnalysisJob(spark, table, config, clock).run()
    assert(report.versions.asScala.map(_.version.value).toSeq == Seq("V001", "V002"))
    assert(report.analysedAt == noon)
    assert(Files.readString(json) == report.toJson)
    assert(Files.readString(page).contains("V002"))
    val histograms = report.versions.asScala
      .map(_.distributions.get(Metric.CLARITY).get(View.ALL).histogram.counts.size)
    assert(histograms.toSet == Set(report.bins.get(Metric.CLARITY).count))
  }

  test("analysis - unknown version, no version, directory as file - says why and what to do") {
    val table = detection()
    assert(message(analyse(table, "cells")).nonEmpty)
    publish(table)
    assert(message(analyse(table, "cells@V009")).contains("V001"))
    val directory = temporaryDirectory()
    val config = AnalysisConfig.of(DatasetRef.parse("cells")).withReportFile(directory)
    assert(message(new AnalysisJob(spark, table, config, clock).run())
      .contains("it is a directory. Name a file in it."))
    assert(message(new AnalysisJob(
      spark, table,
      new AnalysisConfig(
        Seq("cells@V001", "cells@latest").map(DatasetRef.parse(_)).asJava,
        Optional.empty(), Optional.empty(), 3, Limits.DEFAULT), clock).run())
      .contains("two of them are the same version"))
  }

  test("analysis - of a detection without labels - says what is missing") {
    val files = tinted(temporaryDirectory(), 3).map(_._1)
    val table = newTable(LabelTaskType.OBJECT_DETECTION, files.map(sample(_)))
    new PublishJob(
      spark, table, PublishRequest.DEFAULT, clock).run()
    assert(message(analyse(table, "cells")).startsWith(
      "Cannot analyse cells@V001: it has no labelled image among 3."))
  }

  test("ANA-1 analysis - of the real blood cells - measures every image and box") {
    val samples = bloodCells()
    val table = newTable(LabelTaskType.OBJECT_DETECTION, samples)
    publish(table)
    val page = temporaryDirectory().resolve("bccd.html")
    val config = AnalysisConfig.of(DatasetRef.parse("cells")).withReportFile(page)
    val report = new AnalysisJob(spark, table, config, clock).run()
    val analysis = report.versions.get(0)
    assert(analysis.measured == samples.size && analysis.unreadable.isEmpty)
    assert(analysis.boxes == samples.map(_.objects.size).sum)
    assert(report.bins.size == 14)
    assert(Files.size(page) < 1500000)
    info(f"${analysis.taken} images, ${analysis.imagesPerSecond}%.0f images/s, page $page")
  }

  /** Twelve pictures of two boxes, one unlabelled, one missing, one that is a text. */
  private def detection(): DatasetTable = {
    val directory = temporaryDirectory()
    val files = tinted(directory, 13).map(_._1)
    val labelled = files.take(12).zipWithIndex.map { case (file, i) =>
      val second =
        if (i == 0) box("small", 3.6, 3, 4.4, 9) else box("small", 1.0 + i, 2, 9.0 + i, 8)
      sample(file, box("big", 4, 4, 40, 30), second)
    }
    val text = Files.writeString(directory.resolve("text.jpg"), "no image")
    val broken = Seq(directory.resolve("missing.jpg"), text).map(sample(_, box("big", 1, 1, 9, 9)))
    newTable(LabelTaskType.OBJECT_DETECTION, labelled ++ broken :+ sample(files.last))
  }

  private def analyse(table: DatasetTable, ref: String): AnalysisReport =
    new AnalysisJob(spark, table, AnalysisConfig.of(DatasetRef.parse(ref)), clock).run()

  private def message(code: => Any): String = intercept[DatasetException](code).getMessage
}
