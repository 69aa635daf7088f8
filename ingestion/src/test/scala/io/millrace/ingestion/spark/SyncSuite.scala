package io.millrace.ingestion.spark

import java.nio.file.{Files, Path}
import java.nio.file.attribute.FileTime
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetName, LabelTaskType, Sample, StorageUri}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout, ImportLog}
import io.millrace.dataset.delta.spark.{DatasetTable, SampleRows, SharedSparkSession}
import io.millrace.ingestion._
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite

class SyncSuite extends AnyFunSuite with SharedSparkSession {
  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)

  test("ING-6 sync - image gone - marked once and kept; back again - unmarked") {
    val (source, dataset) = threePairs()
    run(dataset, source)
    Files.delete(source.resolve("b.jpg"))
    Files.delete(source.resolve("b.xml"))
    val second = run(dataset, source)
    assert(Seq(second.seen, second.unchanged, second.missing) === Seq(2, 2, 1))
    assert(missing(dataset) === Map("b.jpg" -> clock.instant))
    val commits = filesOf(dataset)
    val third = run(dataset, source)
    assert(Seq(third.unchanged, third.missing) === Seq(2, 0))
    assert(filesOf(dataset) === commits)
    pair(source, "b", Cat)
    val fourth = run(dataset, source)
    assert(Seq(fourth.updated, fourth.unchanged, fourth.missing) === Seq(1, 2, 0))
    assert(missing(dataset).isEmpty)
  }

  test("ING-6 sync - image gone, deleted: remove - its row is removed, in the same commit") {
    val (source, dataset) = threePairs()
    run(dataset, source)
    Files.delete(source.resolve("b.jpg"))
    Files.delete(source.resolve("b.xml"))
    pair(source, "d", Cat)
    val report = run(dataset, source, MissingPolicy.REMOVE)
    assert(Seq(report.imported, report.unchanged, report.missing) === Seq(1, 2, 1))
    assert(samples(dataset).map(_.source.fileName).toSet === Set("a.jpg", "c.jpg", "d.jpg"))
    assert(history(dataset) === 2)
  }

  test("ING-6 sync - image that became unreadable - rejected, its sample is kept, not missing") {
    val (source, dataset) = threePairs()
    run(dataset, source)
    write(source, "b.jpg", Images.jpeg(40, 30).dropRight(30))
    val report = run(dataset, source, MissingPolicy.REMOVE)
    assert(Seq(report.unchanged, report.rejected, report.missing) === Seq(2, 1, 0))
    assert(samples(dataset).size === 3)
  }

  test("ING-6 sync - another source - leaves what it did not bring alone") {
    val (source, dataset) = threePairs()
    run(dataset, source)
    val other = temporaryDirectory()
    pair(other, "x", Cat)
    assert(run(dataset, other, MissingPolicy.REMOVE).missing === 0)
    Files.delete(other.resolve("x.jpg"))
    Files.delete(other.resolve("x.xml"))
    pair(other, "y", Cat)
    assert(run(dataset, other, MissingPolicy.REMOVE).missing === 1)
    assert(
      samples(dataset).map(_.source.fileName).toSet === Set("a.jpg", "b.jpg", "c.jpg", "y.jpg"))
  }

  test("ING-6 sync - size or time changed - updated; nothing but rejects - not written again") {
    val (source, dataset) = threePairs()
    write(source, "bad.jpg", "no image")
    assert(run(dataset, source).rejected === 1)
    Files.setLastModifiedTime(source.resolve("a.jpg"), FileTime.from(Instant.EPOCH))
    val second = run(dataset, source)
    assert(Seq(second.updated, second.unchanged, second.rejected) === Seq(1, 2, 1))
    assert(table(dataset).rejects().count() === 1)
    val files = filesOf(dataset)
    assert(run(dataset, source).unchanged === 3)
    assert(filesOf(dataset) === files)
  }

  test("ING-6 sync - every import that changed something - is on record, oldest first") {
    val (source, dataset) = threePairs()
    val first = run(dataset, source)
    run(dataset, source)
    pair(source, "d", Cat)
    val third = run(dataset, source)
    val records = ImportLog.of(dataset).read().asScala
    assert(records.map(_.id).toSet === Set(first.importId, third.importId))
    assert(records.forall(_.source === StorageUri.of(source)))
    assert(records.forall(_.format === "voc"))
    assert(samples(dataset).map(_.origin.get).toSet === records.map(_.id).toSet)
  }

  private def threePairs(): (Path, DatasetLayout) = {
    val source = temporaryDirectory()
    Seq("a", "b", "c").foreach(pair(source, _, Cat))
    val dataset = DatasetCatalog
      .at(StorageUri.of(temporaryDirectory()))
      .create(new DatasetName("cells"), LabelTaskType.OBJECT_DETECTION, "", clock)
    (source, dataset)
  }

  private def run(
      dataset: DatasetLayout,
      source: Path,
      missing: MissingPolicy = MissingPolicy.KEEP): ImportReport = {
    val config = ImportConfig
      .of(dataset, StorageUri.of(source), ImportFormat.VOC)
      .withMissing(missing)
    new ImportJob(spark, config, clock).run()
  }

  private def table(dataset: DatasetLayout): DatasetTable = DatasetTable.open(spark, dataset)

  private def samples(dataset: DatasetLayout): Seq[Sample] =
    table(dataset).samples().collect().toSeq.map(row => SampleRows.toSample(row))

  private def missing(dataset: DatasetLayout): Map[String, Instant] =
    samples(dataset)
      .filter(_.sourceState.missingSince.isPresent)
      .map(sample => sample.source.fileName -> sample.sourceState.missingSince.get)
      .toMap

  private def history(dataset: DatasetLayout): Long =
    spark.sql(s"DESCRIBE HISTORY delta.`${dataset.samplesTable.requireLocalPath}`").count()

  /** Every file below the dataset: a write of any kind adds one. */
  private def filesOf(dataset: DatasetLayout): Set[Path] = {
    val files = Files.walk(dataset.root.requireLocalPath)
    try files.iterator.asScala.toSet
    finally files.close()
  }
}
