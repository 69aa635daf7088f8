package io.millrace.analysis.spark

import java.nio.file.Files

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.analysis.grouping.{GroupedImages, GroupingConfig, GroupingReport}
import io.millrace.dataset._
import io.millrace.dataset.delta.spark.{DatasetTable, SampleRows}

class GroupingJobSuite extends AnyFunSuite with DatasetFixtures {

  test("ANA-4 grouping - pictures of four tints - finds the tints: NMI and ARI are 1") {
    val pictures = tinted(temporaryDirectory(), 40)
    val table = newTable(LabelTaskType.IMAGE_CLASSIFICATION, pictures.map(p => sample(p._1)))
    val report = run(table, GroupingConfig.of(4))
    assert(report.groups.asScala.map(_.size).toSeq == Seq(10, 10, 10, 10))
    assert(report.groups.asScala.map(_.name).toSeq == Seq("1", "2", "3", "4"))
    assert(report.groups.asScala.forall(_.representatives.size == 5))
    assert(report.changed == 40)
    val groups = groupsOf(table)
    val pairs = pictures.map { case (file, tint) =>
      (tint.toString, groups(SampleId.ofSource(StorageUri.of(file)).value))
    }
    assert(math.abs(Agreement.nmi(pairs) - 1) < 1e-9)
    assert(math.abs(Agreement.ari(pairs) - 1) < 1e-9)
    info(f"NMI ${Agreement.nmi(pairs)}%.3f, ARI ${Agreement.ari(pairs)}%.3f")
  }

  test("ANA-4 grouping - the same seed, the files cut otherwise - gives the same groups") {
    val directory = temporaryDirectory()
    val samples = tinted(directory, 30, 2).map(p => sample(p._1))
    val one = newTable(LabelTaskType.IMAGE_CLASSIFICATION, samples)
    val (some, others) = samples.reverse.splitAt(11)
    val two = newTable(LabelTaskType.IMAGE_CLASSIFICATION, some)
    two.upsert(
      spark.createDataFrame(SampleRows.toRows(others.asJava), SampleRows.SCHEMA),
      new ImportId("imp-fixture-2"))
    run(one, GroupingConfig.of(6))
    run(two, GroupingConfig.of(6))
    assert(groupsOf(one) == groupsOf(two))
    assert(run(one, GroupingConfig.of(6)).changed == 0)
  }

  test("ANA-4 grouping - of the unlabelled, with broken files - leaves the others alone") {
    val directory = temporaryDirectory()
    val files = tinted(directory, 16).map(_._1)
    val broken = Files.writeString(directory.resolve("broken.jpg"), "no image")
    val samples = files.zipWithIndex.map { case (file, i) =>
      if (i < 4) sample(file, classified("known")) else sample(file)
    } :+ sample(broken)
    val table = newTable(LabelTaskType.IMAGE_CLASSIFICATION, samples)
    val config = new GroupingConfig(
      2, "look", GroupedImages.UNLABELLED, 1, 3, Limits.DEFAULT)
    val report = run(table, config)
    assert(report.grouped == 12)
    assert(report.unreadable.asScala.toMap == Map("not-an-image" -> 1L))
    assert(groupsOf(table, "look").size == 12)
    val json = new ObjectMapper().readTree(report.toJson)
    assert(json.get("attribute").asText == "look")
    assert(json.get("groups").size == 2)
    assert(json.get("groups").get(0).get("representatives").size == 3)
  }

  test("ANA-4 grouping - more groups than images, no images - says why and what to do") {
    val files = tinted(temporaryDirectory(), 3).map(_._1)
    val table = newTable(LabelTaskType.IMAGE_CLASSIFICATION, files.map(sample(_)))
    assert(message(run(table, GroupingConfig.of(4))).startsWith(
      "Cannot form 4 groups in cells: only 3 images take part and can be read."))
    val texts = newTable(LabelTaskType.TEXT_CLASSIFICATION, Seq())
    assert(message(run(texts, GroupingConfig.of(2))).startsWith(
      "Cannot group cells: it holds TEXT data."))
  }

  test("agreement - of equal, of split and of unrelated partitions - has the known values") {
    assert(Agreement.ari(Seq("a" -> "x", "a" -> "x", "b" -> "y", "b" -> "y")) == 1)
    val split = Seq("a" -> "x", "a" -> "y", "b" -> "x", "b" -> "y")
    assert(math.abs(Agreement.ari(split) + 0.5) < 1e-9)
    assert(math.abs(Agreement.nmi(split)) < 1e-9)
  }

  private def run(table: DatasetTable, config: GroupingConfig): GroupingReport =
    new GroupingJob(spark, table, config, clock).run()

  private def groupsOf(table: DatasetTable, name: String = "group"): Map[String, String] =
    table.samples().collect().map(row => SampleRows.toSample(row)).flatMap { sample =>
      val value = sample.properties.value(name)
      if (value.isPresent) Some(sample.id.value -> value.get.toString) else None
    }.toMap

  private def message(code: => Any): String = intercept[DatasetException](code).getMessage
}
