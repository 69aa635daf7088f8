package io.millrace.ingestion.spark

import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetName, LabelTaskType, StorageUri}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, SampleRows, SharedSparkSession}
import io.millrace.ingestion._
import io.millrace.ingestion.ImportFixture._
import org.scalatest.funsuite.AnyFunSuite

class EveryFormatSuite extends AnyFunSuite with SharedSparkSession {
  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)

  test("ING-2 every format but table - has an example") {
    assert(
      FormatExamples.all.map(_.format).toSet ===
        ImportFormat.values.toSet - ImportFormat.AUTO - ImportFormat.TABLE)
  }

  for (example <- FormatExamples.all) {
    test(s"ING-2 ${example.format} - recognised, awkward names - all imported; twice - nothing written") {
      val source = example.make(temporaryDirectory())
      val dataset = newDataset(example.taskType)
      val report = run(dataset, StorageUri.of(source), ImportFormat.AUTO)
      assert(report.format === example.format)
      assert(report.recognition.startsWith(s"format ${example.format}: "))
      val stored = table(dataset).samples().collect().map(row => SampleRows.toSample(row))
      assert(
        Seq(report.seen, report.imported, report.rejected, report.labels) ===
          Seq(example.samples, example.samples, 0, example.labels),
        table(dataset).rejects().collect().mkString("\n"))
      assert(stored.map(_.id).distinct.length === example.samples)
      assert(stored.forall(_.isLabelled == (example.labels > 0)))
      val files = filesOf(dataset)
      val again = run(dataset, StorageUri.of(source), example.format)
      assert(again.unchanged === example.samples)
      assert(filesOf(dataset) === files)
    }
  }

  test("ING-2 wide and deep sources - empty directories, link loops, a path of 4 KB - all found") {
    val source = temporaryDirectory()
    pair(source, "top", Cat)
    Files.createDirectories(source.resolve("empty/below/empty"))
    Files.createSymbolicLink(source.resolve("loop"), source)
    val deep = (1 to 15).map(i => i.toString + "长" * 80).mkString("/")
    pair(source, s"$deep/far", Cat)
    for (i <- 1 to 2000) write(source, s"wide/$i.txt", "")
    val dataset = newDataset(LabelTaskType.OBJECT_DETECTION)
    val report = run(dataset, StorageUri.of(source), ImportFormat.VOC)
    assert(Seq(report.imported, report.rejected) === Seq(2, 0))
    assert(report.notes.asScala === Map(Note.OTHER_FILE -> 2000))
    assert(table(dataset).samples().collect().map(_.getAs[String]("source").length).max > 3600)
  }

  private def newDataset(taskType: LabelTaskType): DatasetLayout =
    DatasetCatalog
      .at(StorageUri.of(temporaryDirectory()))
      .create(new DatasetName("cells"), taskType, "", clock)

  private def run(
      dataset: DatasetLayout,
      source: StorageUri,
      format: ImportFormat): ImportReport =
    new ImportJob(spark, ImportConfig.of(dataset, source, format), clock).run()

  private def table(dataset: DatasetLayout): DatasetTable = DatasetTable.open(spark, dataset)

  /** Every file below the dataset: a write of any kind adds one. */
  private def filesOf(dataset: DatasetLayout): Set[Path] = {
    val files = Files.walk(dataset.root.requireLocalPath)
    try files.iterator.asScala.toSet
    finally files.close()
  }
}
