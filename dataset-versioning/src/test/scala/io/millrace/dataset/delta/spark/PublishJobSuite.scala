package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.time.{Clock, Duration}
import java.util.{Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.manifest.{Accepted, ManifestCodec}
import io.millrace.dataset.versioning._
import io.millrace.dataset.versioning.PublishRequest.{HardPolicy, UsagePolicy}
import io.millrace.dataset.voc.{ParsedVoc, VocCodec}

class PublishJobSuite extends AnyFunSuite with SharedSparkSession {
  private val split80 = PublishRequest.DEFAULT.withSplit(SplitPlan.ofRatio("0.80", 11))

  test("VER-2 publish - a dataset of images - the version has every sample, in rows and manifest") {
    val table = newTable(Cells.images(60))
    val version = publish(table, PublishRequest.DEFAULT.withDescription("first"))
    assert(version.name.value == "V001")
    assert(version.samples == 60)
    assert(version.description == "first")
    assert(version.parts.asScala == Map("NONE" -> 60L))
    assert(version.labels.asScala == Map("RBC" -> 24L, "WBC" -> 24L, "血小板" -> 24L))
    assert(version.mediaBytes == 60000L)
    assert(stored(table, version) == Cells.images(60))
    assert(version.manifest == table.layout.manifest(version.name))
    assert(digestOf(version) == version.manifestDigest)
    assert(lines(version).map(_.id.value) == Cells.images(60).map(_.id.value))
    assert(table.history.current.get == version)
    assert(annotationDirectories(table.layout) == Seq("V001"))
  }

  test("VER-1 publish - annotation files - are where the manifest says and hold the objects") {
    val table = newTable(Cells.images(12))
    val version = publish(table, PublishRequest.DEFAULT)
    val codec = new VocCodec(Limits.DEFAULT)
    lines(version).zip(Cells.images(12)).foreach { case (line, image) =>
      val file = line.annotations.get(0).asInstanceOf[Annotation.ObjectFile]
      val directory = table.layout.annotation(version.name).resolve("annotations")
      assert(file.location.parent.get.canonical == directory.canonical)
      codec.decode(Files.readAllBytes(file.location.requireLocalPath())) match {
        case accepted: ParsedVoc.Accepted =>
          assert(accepted.document.objects.asScala.map(_.name) == image.objects.asScala.map(_.name))
          assert(
            accepted.document.objects.asScala.map(_.shape) == image.objects.asScala.map(_.shape)
          )
        case rejected => fail(rejected.toString)
      }
    }
  }

  test("VER-1 publish - images of the same name in other directories - get a file each") {
    val images = Seq("a", "b", "c").zipWithIndex.map { case (directory, i) =>
      Cells.image(i, directory, if (i == 1) "IMG.jpeg" else "img.jpg", s"label-$directory")
    }
    val version = publish(newTable(images), PublishRequest.DEFAULT)
    val files = lines(version).map(_.annotations.get(0).asInstanceOf[Annotation.ObjectFile])
    val texts = files.map(file => Files.readString(file.location.requireLocalPath()))
    assert(files.map(_.location.fileName) == Seq("img.xml", "IMG.xml", "img.xml"))
    assert(texts.zip(Seq("a", "b", "c")).forall { case (xml, d) => xml.contains(s"label-$d") })
  }

  test("VER-3 publish - split in 0.80 - parts are disjoint, exhaustive, and hold all labels") {
    val unlabelled = (100 until 103).map(i => Cells.image(i, "train", s"bare$i.jpg"))
    val table = newTable(Cells.images(60) ++ unlabelled)
    val version = publish(table, split80)
    assert(version.parts.asScala.values.map(_.longValue).sum == 63)
    assert(version.parts.get("NONE") == 3L)
    assert(math.abs(version.parts.get("EVAL") - 12L) <= 2)
    val byPart = stored(table, version).groupBy(_.usage.map[String](_.name).orElse("NONE"))
    assert(byPart.view.mapValues(_.size.toLong).toMap == version.parts.asScala.toMap)
    assert(byPart("NONE").forall(!_.isLabelled))
    Seq("TRAIN", "EVAL").foreach { part =>
      assert(byPart(part).flatMap(_.labels.asScala).toSet.size == 3, part)
    }
    val inManifest = lines(version).map(line => line.id -> line.usage).toMap
    assert(inManifest == stored(table, version).map(s => s.id -> s.usage).toMap)
  }

  test("VER-3 publish - same seed, other order and partitions - gives the same manifest lines") {
    val images = Cells.images(60)
    val tables = Seq(images, images.reverse).map(newTable)
    val samples = tables.last.samples().repartition(7).sortWithinPartitions("source")
    samples.write
      .format("delta")
      .mode("overwrite")
      .save(DatasetTable.path(tables.last.layout.samplesTable))
    val Seq(first, second) = tables.map(table => stored(table, publish(table, split80)))
    assert(first == second)
  }

  test("VER-3 publish - samples that cannot be split - fails and changes nothing") {
    val rare = Cells.images(30) :+ Cells.image(99, "train", "rare.jpg", "Eosinophil")
    val table = newTable(rare)
    val e = intercept[DatasetException](publish(table, split80))
    assert(e.getMessage.contains("'Eosinophil' has 1"))
    assertNothingPublished(table)
    assert(publish(table, PublishRequest.DEFAULT).samples == 31)
  }

  test("VER-3 publish - no sample is labelled - fails if a split is asked for, only then") {
    val table = newTable((0 until 5).map(i => Cells.image(i, "train", s"bare$i.jpg")))
    val e = intercept[DatasetException](publish(table, split80))
    assert(e.getMessage.startsWith("Cannot split: no sample is labelled."))
    assertNothingPublished(table)
    val version = publish(table, PublishRequest.DEFAULT)
    assert(version.samples == 5 && version.labels.isEmpty)
  }

  test("VER-2 publish - an existing name - fails before any work and changes nothing") {
    val table = newTable(Cells.images(6))
    val request = PublishRequest.DEFAULT.withName(new VersionName("V001"))
    publish(table, request)
    val files = tree(table.layout)
    val e = intercept[DatasetException](publish(table, request))
    assert(e.getMessage.startsWith("Cannot publish cells@V001: this version exists already."))
    assert(tree(table.layout) == files)
  }

  test("VER-2 publish - no samples - fails and says to import some") {
    val table = DatasetTable.open(spark, Cells.create(temporaryDirectory()))
    val e = intercept[DatasetException](publish(table, PublishRequest.DEFAULT))
    assert(e.getMessage == "Cannot publish cells: it has no samples. Import some first.")
    assertNothingPublished(table)
  }

  test("publish - annotated images without a size - fails and names one") {
    val table = newTable(Cells.images(3).map(_.withMeasures(Measures.NONE)))
    val e = intercept[DatasetException](publish(table, PublishRequest.DEFAULT))
    assert(
      e.getMessage.contains("of 3 annotated images are unknown, for example of /data/train/cell")
    )
    assertNothingPublished(table)
  }

  test("VER-2 publish - hard marks and usages - are cleared, or kept, as asked") {
    val hard = new Hardness(true, OptionalDouble.of(0.5))
    val marked = Cells.images(3).map(_.withHardness(hard).withUsage(Optional.of(Usage.TEST)))
    val table = newTable(marked)
    val cleared = publish(table, PublishRequest.DEFAULT)
    assert(stored(table, cleared) == Cells.images(3))
    val keep = PublishRequest.DEFAULT.withHard(HardPolicy.KEEP).withUsage(UsagePolicy.KEEP)
    val kept = publish(table, keep)
    assert(stored(table, kept) == marked)
    assert(kept.parts.asScala == Map("TEST" -> 3L))
    assert(lines(kept).forall(line => line.hardness == hard))
    assert(table.samples().where("hard").count() == 3)
  }

  test("VER-2 publish - a label task type of another kind - fails and names what fits") {
    val table = newTable(Cells.images(3))
    val request = PublishRequest.DEFAULT.withTaskType(LabelTaskType.AUDIO_CLASSIFICATION)
    val e = intercept[DatasetException](publish(table, request))
    assert(e.getMessage.startsWith("Invalid label_task_type: AUDIO_CLASSIFICATION"))
  }

  test("VER-2 publish - one label task type of two - the other's annotations stay behind") {
    val both = Cells.images(3).map { image =>
      val more = new java.util.ArrayList[Annotation](image.annotations)
      more.add(
        new Annotation.Classification(
          LabelTaskType.IMAGE_CLASSIFICATION,
          new Label("blood"),
          AnnotationInfo.NONE
        )
      )
      image.withAnnotations(more)
    }
    val table = newTable(both)
    val detection = PublishRequest.DEFAULT.withTaskType(LabelTaskType.OBJECT_DETECTION)
    assert(stored(table, publish(table, detection)) == Cells.images(3))
    assert(stored(table, publish(table, PublishRequest.DEFAULT)) == both)
  }

  test("VER-2 a version - after new samples, changed labels and a vacuum - is the same") {
    val table = newTable(Cells.images(20))
    val version = publish(table, split80)
    val rows = stored(table, version)
    val bytes = Files.readAllBytes(version.manifest.requireLocalPath())
    val changed = Cells.images(40).map(s => s.withAnnotations(s.annotations.subList(0, 1)))
    Cells.add(spark, table, changed)
    table.setProperty("group", table.samples().selectExpr("id", "'1' as value"))
    val second = publish(table, split80)
    io.delta.tables.DeltaTable
      .forPath(spark, DatasetTable.path(table.layout.versionSamplesTable))
      .vacuum()
    val again = table.history.resolve(DatasetRef.parse("cells@V001"))
    assert(again == version)
    assert(stored(table, again) == rows)
    assert(Files.readAllBytes(again.manifest.requireLocalPath()).sameElements(bytes))
    assert(second.samples == 40 && second.parent.get == version.name)
  }

  test("VER-8 publish - two at once under different names - both are whole") {
    val table = newTable(Cells.images(20))
    val outcomes = inParallel(Seq("left", "right")) { name =>
      publish(table, PublishRequest.DEFAULT.withName(new VersionName(name)))
    }
    assert(outcomes.forall(_.isRight), outcomes)
    assert(table.history.versions.asScala.map(_.name.value).sorted == Seq("left", "right"))
    table.history.versions.asScala.foreach(assertWhole(table, _))
  }

  test("VER-8 publish - two at once under one name - one wins, the other leaves nothing") {
    val table = newTable(Cells.images(20))
    val outcomes = inParallel(Seq("same", "same")) { name =>
      publish(table, PublishRequest.DEFAULT.withName(new VersionName(name)))
    }
    assert(outcomes.count(_.isRight) == 1, outcomes)
    val failure = outcomes.flatMap(_.left.toOption).head
    assert(failure.getMessage.startsWith("Cannot publish cells@same: this version exists already"))
    assertWhole(table, table.history.versions.get(0))
    assert(table.versionSamples().count() == 20)
    assert(annotationDirectories(table.layout) == Seq("same"))
  }

  test("VER-8 publish - leftovers of a process that died - go after a day, not before") {
    val table = newTable(Cells.images(6))
    publish(table, PublishRequest.DEFAULT)
    val dead = PublishId.of(Cells.clock.instant, new java.util.Random(1))
    val staging = table.layout.staging(dead.value).requireLocalPath()
    Files.createDirectories(staging.resolve("parts"))
    Files.writeString(staging.resolve("parts/00000"), "{")
    import org.apache.spark.sql.functions.lit
    val rows = table.versionSamples().withColumn("publish_id", lit(dead.value))
    table.append(rows, table.layout.versionSamplesTable, DatasetTable.PUBLISH_ID)
    publish(table, PublishRequest.DEFAULT)
    assert(Files.exists(staging) && table.versionSamples().count() == 18)
    val later = Clock.offset(Cells.clock, Duration.ofHours(25))
    new PublishJob(spark, table, PublishRequest.DEFAULT, later).run()
    assert(!Files.exists(staging) && table.versionSamples().count() == 18)
    table.history.versions.asScala.foreach(assertWhole(table, _))
  }

  test("VER-1 a dataset with versions - copied elsewhere - reads the same through Spark") {
    val table = newTable(Cells.images(6))
    val version = publish(table, PublishRequest.DEFAULT)
    val elsewhere = temporaryDirectory()
    val copy = elsewhere.resolve("copy")
    val from = table.layout.root.requireLocalPath()
    Files.walk(from).iterator().asScala.foreach { path =>
      Files.copy(path, copy.resolve(from.relativize(path).toString))
    }
    val moved = DatasetCatalog.at(StorageUri.of(elsewhere)).find(Cells.name)
    val opened = DatasetTable.open(spark, moved)
    val same = opened.history.resolve(DatasetRef.parse("cells@current"))
    assert(same.manifestDigest == version.manifestDigest && digestOf(same) == same.manifestDigest)
    assert(stored(opened, same) == Cells.images(6))
  }

  test("publish - images with wild names - gives each a good file name") {
    val names = Seq(".hidden.jpg", "no-extension", "a" * 250 + ".jpg", "100% & <b>.jpg", "细胞.png")
    val images = names.zipWithIndex.map { case (name, i) => Cells.image(i, "d", name, "x") }
    val version = publish(newTable(images), PublishRequest.DEFAULT)
    val files = lines(version).map(_.annotations.get(0).asInstanceOf[Annotation.ObjectFile])
    assert(files.forall(file => Files.exists(file.location.requireLocalPath())))
    assert(files.map(_.location).distinct.size == names.size)
    assert(files(3).location.fileName == "100% & <b>.xml")
  }

  private def newTable(samples: Seq[Sample]): DatasetTable = {
    val table = DatasetTable.open(spark, Cells.create(temporaryDirectory()))
    Cells.add(spark, table, samples)
    table
  }

  private def publish(table: DatasetTable, request: PublishRequest): DatasetVersion =
    new PublishJob(spark, table, request, Cells.clock).run()

  private def stored(table: DatasetTable, version: DatasetVersion): Seq[Sample] =
    table.version(version).orderBy("id").collect().toSeq.map(row => SampleRows.toSample(row))

  /** By id: a manifest has its lines in the order in which tasks wrote them. */
  private def lines(version: DatasetVersion): Seq[Sample] = {
    val codec = new ManifestCodec(version.manifest, Cells.clock.instant)
    Files.readAllLines(version.manifest.requireLocalPath()).asScala.toSeq.zipWithIndex.map {
      case (line, i) => codec.decode(i + 1, line).asInstanceOf[Accepted].sample
    }.sortBy(_.id.value)
  }

  private def digestOf(version: DatasetVersion): Digest =
    Digest.ofBytes(Files.readAllBytes(version.manifest.requireLocalPath()))

  private def assertWhole(table: DatasetTable, version: DatasetVersion): Unit = {
    assert(digestOf(version) == version.manifestDigest)
    assert(table.version(version).count() == version.samples)
    assert(lines(version).size == version.samples)
  }

  private def assertNothingPublished(table: DatasetTable): Unit = {
    assert(table.history.versions.isEmpty)
    assert(table.versionSamples().count() == 0)
    assert(annotationDirectories(table.layout).isEmpty)
  }

  private def annotationDirectories(layout: DatasetLayout): Seq[String] = {
    val directory = layout.root.resolve("annotation").requireLocalPath()
    if (!Files.exists(directory)) Nil
    else Files.list(directory).iterator().asScala.map(_.getFileName.toString).toSeq.sorted
  }

  private def tree(layout: DatasetLayout): Seq[Path] =
    Files.walk(layout.root.requireLocalPath()).iterator().asScala.toSeq.sorted
}
