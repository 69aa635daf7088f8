package io.millrace.ingestion.spark

import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{
  DatasetException,
  DatasetName,
  FailureLimit,
  LabelTaskType,
  Limits,
  StorageUri
}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, SampleRows, SharedSparkSession}
import io.millrace.ingestion._
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite

class ImportJobSuite extends AnyFunSuite with SharedSparkSession {

  test("ING-4 import - good and bad pairs - every input imported or rejected, report adds up") {
    val source = sourceOfTwelve()
    val dataset = newDataset()
    val report = run(configOf(dataset, source))
    assert(report.seen === 12)
    assert(report.imported === 9)
    assert(
      report.rejections.asScala === Map(
        RejectReason.TRUNCATED_IMAGE -> 1,
        RejectReason.BOX_OUTSIDE_IMAGE -> 1,
        RejectReason.SOURCE_MISSING -> 1))
    assert(report.labels === 2)
    assert(report.notes.asScala === Map(Note.WITHOUT_ANNOTATION -> 1))
    assert(table(dataset).samples().count() === 9)
    val rejects = table(dataset).rejects().select("import_id", "source", "reason_code").collect()
    assert(rejects.map(_.getString(0)).distinct === Array(report.importId.value))
    assert(
      rejects.map(row => Path.of(row.getString(1)).getFileName.toString -> row.getString(2)).toMap
        === Map(
          "cut.jpg" -> "truncated-image",
          "out.jpg" -> "box-outside-image",
          "lone.xml" -> "source-missing"))
  }

  test("ING-6 import - twice - all unchanged, no commit; changed image - updated") {
    val source = sourceOfTwelve()
    val dataset = newDataset()
    run(configOf(dataset, source))
    val before = state(dataset)
    val again = run(configOf(dataset, source))
    assert(Seq(again.imported, again.updated, again.unchanged) === Seq(0, 0, 9))
    assert(state(dataset) === before)
    assert(commits(dataset) === 3)
    pair(source, "p3", Cat, ("bird", Seq(0, 0, 5, 5)))
    val third = run(configOf(dataset, source))
    assert(Seq(third.imported, third.updated, third.unchanged) === Seq(0, 1, 8))
    assert(table(dataset).samples().count() === 9)
  }

  test("ING-4 import - on-error fail, max-rejects - stops and leaves the dataset as it was") {
    val source = sourceOfTwelve()
    val dataset = newDataset()
    val first = temporaryDirectory()
    pair(first, "a", Cat)
    run(configOf(dataset, first))
    val before = state(dataset)
    val failed = intercept[DatasetException](run(configOf(dataset, source, onError = OnError.FAIL)))
    assert(failed.getMessage.startsWith(s"Cannot import ${StorageUri.of(source)}: "))
    assert(failed.getMessage.contains(" was refused as "))
    assert(failed.getMessage.endsWith(
      "The dataset was left as it was. Repair the input, or import with on-error: skip."))
    for (limit <- Seq("0", "2", "24.9%")) {
      val stopped = intercept[DatasetException](run(configOf(dataset, source, maxRejects = limit)))
      assert(stopped.getMessage.contains(s"than max-rejects ($limit) allows, for example"))
    }
    assert(state(dataset) === before)
    assert(run(configOf(dataset, source, maxRejects = "3")).imported === 9)
    assert(run(configOf(dataset, source, maxRejects = "25%")).unchanged === 9)
  }

  test("ING-3 import - manifest with doubles and broken lines - merged and counted apart") {
    val source = temporaryDirectory()
    for (name <- Seq("a", "b", "c")) write(source, s"$name.jpg", Images.jpeg(40, 30))
    def line(name: String, label: String) =
      s"""{"source": "${source.resolve(name)}", "annotation": [{"type":
         |"modelarts/image_classification", "name": "$label"}]}""".stripMargin.replace("\n", " ")
    val manifest = write(
      source,
      "x.manifest",
      Seq(line("a.jpg", "cat"), line("b.jpg", "dog"), line("a.jpg", "dog"), "{", line("d.jpg", "x"))
        .mkString("\n"))
    val dataset = newDataset(LabelTaskType.IMAGE_CLASSIFICATION)
    val report = run(configOf(dataset, manifest, ImportFormat.MANIFEST))
    assert(Seq(report.seen, report.imported, report.merged, report.rejected) === Seq(4, 2, 1, 2))
    assert(report.labels === 2)
    val stored = table(dataset).samples().collect().map(row => SampleRows.toSample(row))
    assert(
      stored.map(s => s.source.fileName -> s.labels.asScala.map(_.value).toSeq).toMap ===
        Map("a.jpg" -> Seq("cat", "dog"), "b.jpg" -> Seq("dog")))
    assert(run(configOf(dataset, manifest, ImportFormat.MANIFEST)).unchanged === 2)
  }

  test("ING-2 import - imagenet, 60 images - as many as one partition would give") {
    val source = temporaryDirectory()
    for (i <- 1 to 60) write(source, s"label ${i % 7}/$i.png", Images.png(9, 9))
    val dataset = newDataset(LabelTaskType.IMAGE_CLASSIFICATION)
    val report = run(configOf(dataset, source, ImportFormat.IMAGENET))
    assert(Seq(report.imported, report.labels, report.rejected) === Seq(60, 7, 0))
    assert(table(dataset).samples().select("source").distinct().count() === 60)
  }

  test("import - nothing to import, missing source, wrong kind of dataset - one sentence each") {
    val dataset = newDataset()
    val empty = temporaryDirectory()
    write(empty, "readme.txt", "x")
    assert(
      failure(configOf(dataset, empty)) ===
        s"Cannot import ${StorageUri.of(empty)}: it holds nothing in format voc (1 other files " +
        "were found). Check the address and the format.")
    val missing = empty.resolve("nowhere")
    assert(
      failure(configOf(dataset, missing)) ===
        s"Cannot import ${StorageUri.of(missing)}: there is no such directory. Check the address.")
    assert(
      failure(configOf(dataset, missing, ImportFormat.MANIFEST)) ===
        s"Cannot import ${StorageUri.of(missing)}: there is no such file. Check the address.")
    assert(
      failure(configOf(dataset, empty, ImportFormat.IMAGENET)).contains(
        "it is a dataset of OBJECT_DETECTION, the format is one of IMAGE_CLASSIFICATION."))
  }

  test("ING-1 import - dataset inside the source by a link - refused before any work") {
    val dataset = newDataset()
    val link = temporaryDirectory().resolve("link")
    Files.createSymbolicLink(link, dataset.root.requireLocalPath.getParent)
    assert(failure(configOf(dataset, link)).contains("lies in it and would import itself"))
  }

  test("DS-2 import - more samples, labels or manifest bytes than the limit - refused, untouched") {
    val source = temporaryDirectory()
    pair(source, "a", Cat)
    pair(source, "b", ("dog", Seq(0, 0, 5, 5)))
    val dataset = newDataset()
    val d = Limits.DEFAULT
    def limits(samples: Long, labels: Long, manifestBytes: Long) =
      new Limits(
        samples, labels, d.imageBytes, d.sampleBytes, manifestBytes, d.lineBytes,
        d.annotationFileBytes)
    assert(
      failure(configOf(dataset, source, limits = limits(1, 9, 9))).contains(
        "dataset cells would hold 2 samples, the limit (limits.samples) is 1."))
    assert(
      failure(configOf(dataset, source, limits = limits(9, 1, 9))).contains(
        "would hold more labels than the limit (limits.labels) of 1, the label 'dog' among them."))
    val manifest = write(temporaryDirectory(), "x.manifest", "{}        ")
    assert(
      failure(configOf(dataset, manifest, ImportFormat.MANIFEST, limits = limits(9, 9, 9)))
        .contains("the manifest has 10 bytes, the limit (limits.manifestBytes) is 9."))
    assert(table(dataset).samples().count() === 0)
    assert(run(configOf(dataset, source, limits = limits(2, 2, 9))).imported === 2)
    assert(run(configOf(dataset, source, limits = limits(2, 2, 9))).unchanged === 2)
    val more = temporaryDirectory()
    pair(more, "c", Cat)
    assert(
      failure(configOf(dataset, more, limits = limits(2, 2, 9))).contains("would hold 3 samples"))
    pair(more, "c", ("bird", Seq(0, 0, 5, 5)))
    assert(
      failure(configOf(dataset, more, limits = limits(3, 2, 9))).contains("the label 'bird'"))
  }

  /** 9 good images, one of them without file; one cut, one with a box outside, one lone file. */
  private def sourceOfTwelve(): Path = {
    val source = temporaryDirectory()
    for (i <- 1 to 8) pair(source, s"p$i", Cat, ("dog", Seq(0, 0, i, i)))
    write(source, "bare.jpg", Images.jpeg(40, 30))
    pair(source, "cut", Cat)
    write(source, "cut.jpg", Images.jpeg(40, 30).dropRight(20))
    pair(source, "out", ("cat", Seq(30, 20, 41, 30)))
    write(source, "lone.xml", voc("lone.jpg", Seq(Cat)))
    source
  }

  private def newDataset(
      taskType: LabelTaskType = LabelTaskType.OBJECT_DETECTION): DatasetLayout =
    DatasetCatalog
      .at(StorageUri.of(temporaryDirectory()))
      .create(new DatasetName("cells"), taskType, "", clock)

  private def configOf(
      dataset: DatasetLayout,
      source: Path,
      format: ImportFormat = ImportFormat.VOC,
      onError: OnError = OnError.SKIP,
      maxRejects: String = "100%",
      limits: Limits = Limits.DEFAULT): ImportConfig =
    ImportConfig
      .of(dataset, StorageUri.of(source), format)
      .withOnError(onError)
      .withMaxRejects(FailureLimit.parse(maxRejects))
      .withLimits(limits)

  private def run(config: ImportConfig): ImportReport = new ImportJob(spark, config, clock).run()

  private def failure(config: ImportConfig): String =
    intercept[DatasetException](run(config)).getMessage

  private def table(dataset: DatasetLayout): DatasetTable = DatasetTable.open(spark, dataset)

  /** The rows of a dataset, and the last version of its table. */
  private def state(dataset: DatasetLayout): (Set[String], Long, Long) = {
    val rows = table(dataset).samples().collect().map(_.toString).toSet
    val version = spark
      .sql(s"DESCRIBE HISTORY delta.`${dataset.samplesTable.requireLocalPath}`")
      .agg(org.apache.spark.sql.functions.max("version"))
      .first()
      .getLong(0)
    (rows, version, table(dataset).samples().count())
  }

  /** Commits to all tables that imports write. */
  private def commits(dataset: DatasetLayout): Long =
    Seq(dataset.importsTable, dataset.rejectsTable, dataset.samplesTable)
      .map(_.requireLocalPath)
      .filter(Files.exists(_))
      .map(path => spark.sql(s"DESCRIBE HISTORY delta.`$path`").count())
      .sum

  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)
}
