package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.util.{EnumSet, Optional}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

import io.millrace.dataset._
import io.millrace.dataset.delta.DatasetCatalog
import io.millrace.dataset.delta.ImportLog
import io.millrace.dataset.export._
import io.millrace.dataset.export.format.ExportFormats
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.manifest.{Accepted, ManifestCodec}
import io.millrace.dataset.versioning.PublishRequest
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy

/** Jobs as a whole; what each format writes and loses is shown without an engine in ingestion. */
class ExportJobSuite extends AnyFunSuite with SharedSparkSession {
  private val json = new ObjectMapper
  private val working = new ExportSource.WorkingState

  /** 12 images with files, a third each of TRAIN, EVAL and without usage; the last one is hard. */
  private lazy val (root, table) = {
    val root = temporaryDirectory()
    val table = DatasetTable.open(spark, Cells.create(root))
    val files = temporaryDirectory()
    val samples = Cells.images(12).zipWithIndex.map { case (sample, i) =>
      val file = files.resolve(s"d${i % 2}/cell ${i / 2}.jpg")
      Files.createDirectories(file.getParent)
      Files.write(file, Array.fill(100 + i)(i.toByte))
      sample
        .withSource(StorageUri.of(file))
        .withSizeBytes(100L + i)
        .withHardness(new Hardness(i == 11, java.util.OptionalDouble.empty()))
        .withUsage(i % 3 match {
          case 0 => Optional.of(Usage.TRAIN)
          case 1 => Optional.of(Usage.EVAL)
          case _ => Optional.empty()
        })
    }
    Cells.add(spark, table, samples)
    (root, table)
  }

  private def config(format: String, source: ExportSource = working): ExportConfig =
    ExportConfig.of(
      source, ExportFormats.parse(format), StorageUri.of(temporaryDirectory().resolve("out")))

  private def run(config: ExportConfig): ExportReport =
    new ExportJob(spark, table, config, Cells.clock).run()

  private def files(config: ExportConfig): Map[String, Path] = {
    val target = config.target.requireLocalPath
    val walk = Files.walk(target)
    try walk.iterator.asScala.filter(Files.isRegularFile(_)).map(f => target.relativize(f).toString -> f).toMap
    finally walk.close()
  }

  test("VER-6 export - working state as voc - every file, the report last, nothing beside the target") {
    val asked = config("voc")
    val report = run(asked)
    val written = files(asked)
    assert(report.toLine.startsWith("exported 12 of 12 samples, left out 0, 24 files, "))
    // Six names in two directories each: the second of a name lies in the directory 2.
    val names = (0 until 6).flatMap(i => Seq(s"cell $i", s"2/cell $i"))
    assert(written.keySet == names.flatMap(n => Seq(n + ".jpg", n + ".xml")).toSet + ExportTarget.REPORT)
    assert(report.bytes == (written - ExportTarget.REPORT).values.map(Files.size(_)).sum)
    assert(report.tally.losses.asScala.map { case (l, n) => l -> n.toLong } == Map(
      Loss.SAMPLE_ID -> 12L, Loss.USAGE -> 8L, Loss.HARD -> 1L))
    assert(asked.target.requireLocalPath.getParent.toFile.list().toSeq == Seq("out"))
    val stored = json.readTree(written(ExportTarget.REPORT).toFile)
    assert(stored == json.readTree(report.toJson))
    assert(stored.get("losses").toString == """{"sample-id":12,"usage":8,"hard":1}""")
    assert(report.toText.contains("\n  lost in voc, 1 sample: the hard mark\n"), report.toText)
  }

  test("VER-6 export - selected samples of two parts of a version - these, in the order of their ids") {
    val version = new PublishJob(
      spark, table, PublishRequest.DEFAULT.withUsage(UsagePolicy.KEEP), Cells.clock).run()
    val asked = config("manifest", new ExportSource.Published(DatasetRef.of(Cells.name, version.name)))
      .withWhere(SampleFilter.parse("label = 'RBC'"))
      .withParts(EnumSet.of(ExportPart.TRAIN, ExportPart.NONE))
    val report = run(asked)
    val lines = Files.readAllLines(files(asked)(s"cells-${version.name}.manifest")).asScala
    val ids = lines.map(new ManifestCodec().decode(1, _).asInstanceOf[Accepted].sample.id.value)
    val expected = Cells.images(12).zipWithIndex.collect {
      case (sample, i) if i % 3 != 1 && sample.labels.contains(new Label("RBC")) => sample.id.value
    }
    assert(ids == expected)
    assert(report.subject == s"cells@${version.name}")
    assert(report.selection == "label = 'RBC', parts [train, none]")
    assert(report.tally.parts.asScala.keySet == Set(ExportPart.TRAIN, ExportPart.NONE))
  }

  test("VER-6 export - a source that is gone, another that changed - left out, listed, counted") {
    val own = DatasetTable.open(spark, Cells.create(temporaryDirectory()))
    val file = Files.write(temporaryDirectory().resolve("x.jpg"), Array[Byte](1, 2, 3))
    val good = Cells.image(1, "x", "x.jpg", "RBC").withSource(StorageUri.of(file)).withSizeBytes(3)
    val gone = Cells.image(2, "x", "gone.jpg", "RBC")
    val changed = Cells.image(3, "x", "x.jpg", "RBC").withSource(StorageUri.of(file)).withSizeBytes(4)
      .withUsage(Optional.of(Usage.EVAL))
    Cells.add(spark, own, Seq(good, gone, changed))
    val asked = config("yolo")
    val report = new ExportJob(spark, own, asked, Cells.clock).run()
    assert(report.tally.leftOut.asScala.map { case (r, n) => r.code -> n.toLong } ==
      Map("media-unreadable" -> 1L, "media-changed" -> 1L))
    val listed = Files.readAllLines(files(asked)(LeftOutList.PATH)).asScala.map(json.readTree(_))
    assert(listed.map(_.get("id").asText) == Seq("id-00002", "id-00003"))
    assert(files(asked).keySet == Set(
      "data.yaml", "images/train/x.jpg", "labels/train/x.txt", LeftOutList.PATH, ExportTarget.REPORT))
    assert(Files.readString(files(asked)("data.yaml")) ==
      "train: images/train\nnc: 1\nnames:\n  0: \"RBC\"\n", "no set without an image")
    assert(report.seen == report.exported + report.leftOut)
  }

  test("VER-6 export - that cannot be - says why, and there is no target") {
    val loss = config("yolo").withOnLoss(OnLoss.FAIL)
    forAll(Table(
      ("config", "words"),
      (config("imagenet"), "Cannot export cells in format imagenet: it is a dataset of OBJECT_DETECTION, the format is " +
        "one of IMAGE_CLASSIFICATION. Formats for it: manifest, voc, voc-devkit, yolo, yolo-darknet, coco, unlabelled"),
      (config("voc").withWhere(SampleFilter.parse("label = 'none'")),
        "Cannot export cells: no sample is selected by label = 'none'. Select others, or import some first."),
      (config("voc").withWhere(SampleFilter.parse("metric.brightness > 1")),
        "Cannot export cells with a selection that uses metric.brightness: metrics are measured of versions."),
      (config("yolo-darknet", new ExportSource.Published(DatasetRef.parse("cells@V999"))), "Cannot read cells@V999: "),
      (ExportConfig.of(working, ExportFormats.parse("voc"), table.layout.root.resolve("out")),
        "and its exports must not lie in each other"),
      (loss, "Cannot export cells in format yolo without loss: 12 samples: an id of its own; 4 samples: that it has no " +
        "usage: the format gives it one; 1 sample: the hard mark. For example "))) { (asked, words) =>
      val failure = intercept[DatasetException](run(asked))
      assert(failure.getMessage.contains(words), failure.getMessage)
      val parent = asked.target.requireLocalPath.getParent
      assert(!Files.exists(asked.target.requireLocalPath))
      assert(asked.target.isSameOrBelow(table.layout.root) || parent.toFile.list().isEmpty)
    }
  }

  test("VER-6 export - none of the samples fits - fails with the reasons and leaves nothing") {
    val own = DatasetTable.open(spark, Cells.create(temporaryDirectory()))
    Cells.add(spark, own, Seq(Cells.image(1, "x", "gone.jpg", "RBC")))
    val asked = config("voc")
    val failure = intercept[DatasetException](new ExportJob(spark, own, asked, Cells.clock).run())
    assert(failure.getMessage.startsWith(
      "Cannot export cells in format voc: it takes none of the 1 samples (1 media-unreadable). For example "))
    assert(asked.target.requireLocalPath.getParent.toFile.list().isEmpty)
  }

  test("VER-6 export - as a new dataset - the same samples with their ids, and where they came from") {
    val name = new DatasetName("some-cells")
    val catalog = DatasetCatalog.at(StorageUri.of(root))
    def job = new DatasetExportJob(
      spark, table, working, SampleFilter.parse("usage = TRAIN"), EnumSet.allOf(classOf[ExportPart]), catalog, Cells.clock)
    val report = job.run(name)
    assert(report.samples == 4)
    val made = DatasetTable.open(spark, catalog.find(name))
    assert(made.info.description == "Exported from cells, where usage = TRAIN")
    val copies = made.samples().collect().map(row => SampleRows.toSample(row)).sortBy(_.id).toSeq
    val originals = table.samples().collect().map(row => SampleRows.toSample(row))
      .filter(_.usage == Optional.of(Usage.TRAIN)).sortBy(_.id).toSeq
    assert(copies == originals.map(_.withOrigin(Optional.of(report.origin))))
    val record = ImportLog.of(made.layout).read().asScala.toSeq
    assert(record.map(_.id) == Seq(report.origin))
    assert(record.head.source == table.layout.root)
    assert(intercept[DatasetException](job.run(name)).getMessage.contains("it exists already"))
  }

  test("VER-6 export - as a new dataset, killed before its commit - is completed by the same again") {
    val name = new DatasetName("rest")
    val catalog = DatasetCatalog.at(StorageUri.of(root))
    catalog.create(name, LabelTaskType.OBJECT_DETECTION, "Exported from cells, where true", Cells.clock)
    val job = new DatasetExportJob(
      spark, table, working, SampleFilter.ALL, EnumSet.allOf(classOf[ExportPart]), catalog, Cells.clock)
    assert(job.run(name).samples == 12)
    assert(catalog.show(name).samples == 12)
  }
}
