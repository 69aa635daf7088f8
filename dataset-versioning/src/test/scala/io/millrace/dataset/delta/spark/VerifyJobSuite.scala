package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.nio.file.attribute.FileTime
import java.time.{Clock, Duration}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.delta.VersionDeletion
import io.millrace.dataset.versioning._
import io.millrace.dataset.versioning.GcReport.{GcMode, Kind}

class VerifyJobSuite extends AnyFunSuite with SharedSparkSession {
  private def newTable(samples: Seq[Sample]): DatasetTable = {
    val table = DatasetTable.open(spark, Cells.create(temporaryDirectory()))
    Cells.add(spark, table, samples)
    table
  }

  private def publish(table: DatasetTable): DatasetVersion =
    new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()

  private def differences(table: DatasetTable, version: DatasetVersion): Seq[String] =
    new VerifyJob(table).run(DatasetRef.of(Cells.name, version.name)).differences.asScala.toSeq

  private def overwritten(file: Path)(work: => Unit): Unit = {
    val before = Files.readAllBytes(file)
    Files.writeString(file, "<annotation/>")
    try work
    finally Files.write(file, before)
  }

  test("VER-2 verify - a version after edits, imports and a vacuum - is as it was published") {
    val table = newTable(Cells.images(30))
    val version = publish(table)
    Cells.add(spark, table, Cells.images(35).drop(2))
    table.setProperty("group", table.samples().selectExpr("id", "'1' as value"))
    publish(table)
    spark.sql(s"OPTIMIZE delta.`${DatasetTable.path(table.layout.versionSamplesTable)}`")
    io.delta.tables.DeltaTable
      .forPath(spark, DatasetTable.path(table.layout.versionSamplesTable))
      .vacuum()
    val found = new VerifyJob(table).run(DatasetRef.of(Cells.name, version.name))
    assert(found.isWhole, found)
    assert(found.rows == 30 && found.files == 32)
  }

  test("VER-2 verify - a file or a row that was touched - is told") {
    val table = newTable(Cells.images(12))
    val version = publish(table)
    val directory = version.manifest.requireLocalPath().getParent
    overwritten(version.manifest.requireLocalPath()) {
      assert(differences(table, version) ==
        Seq("Its manifest is not the one that was published."))
    }
    val xml = directory.resolve("annotations/cell 00003.xml")
    overwritten(xml) {
      assert(differences(table, version) ==
        Seq("Its annotation files or its index are not those that were published."))
    }
    val content = Files.readAllBytes(xml)
    Files.delete(xml)
    assert(differences(table, version) ==
      Seq("1 annotation files are missing, for example annotations/cell 00003.xml."))
    Files.write(xml, content)
    val index = table.layout.index(version.publishId).requireLocalPath()
    overwritten(index) {
      assert(differences(table, version).exists(_.contains("its index are not")))
    }
    Files.writeString(directory.resolve("stray.txt"), "x")
    assert(differences(table, version).head.startsWith("1 files lie in"))
    Files.delete(directory.resolve("stray.txt"))
    assert(differences(table, version).isEmpty)
    val rows = io.delta.tables.DeltaTable
      .forPath(spark, DatasetTable.path(table.layout.versionSamplesTable))
    rows.updateExpr("id = 'id-00004'", java.util.Map.of("height", "481"))
    assert(differences(table, version) == Seq("Its rows are not those that were published."))
    rows.delete("id = 'id-00005'")
    assert(differences(table, version).head ==
      "It has 11 rows, and had 12 when it was published.")
  }

  test("VER-5 gc - deleted versions, dead publishings, unused copies, lost branches - go; the rest stays") {
    val table = newTable(Cells.images(10))
    val layout = table.layout
    val copies = layout.data.requireLocalPath()
    def copy(path: String, age: Duration): Path = {
      val file = copies.resolve(path)
      Files.createDirectories(file.getParent)
      Files.writeString(file, "pixels")
      Files.setLastModifiedTime(file, FileTime.from(Cells.clock.instant.minus(age)))
    }
    val used = copy("aa/used.jpg", Duration.ofDays(9))
    val usedOnce = copy("ab/once.jpg", Duration.ofDays(9))
    val unused = copy("ab/unused.jpg", Duration.ofDays(9))
    val young = copy("ac/young.jpg", Duration.ofHours(1))
    val now = copied(20, used)
    Cells.add(spark, table, Seq(now, copied(21, usedOnce)))
    val kept = publish(table)
    Cells.add(spark, table, Seq(now, Cells.image(21, "train", "other.jpg", "RBC")))
    val gone = publish(table)
    new VersionDeletion(layout).run(Cells.name, gone.name, Cells.clock.instant)
    val dead = PublishId.of(Cells.clock.instant.minus(Duration.ofDays(2)), new java.util.Random(1))
    Files.createDirectories(layout.staging(dead.value).requireLocalPath())
    Files.writeString(layout.staging(dead.value).resolve("x").requireLocalPath(), "{")
    val lost = new Branch(new BranchName("lost"), "lost-0123456789ab", java.util.Optional.empty())
    val branch = layout.onBranch(lost).branchDirectory.requireLocalPath()
    Files.createDirectories(branch)
    Files.setLastModifiedTime(
      Files.writeString(branch.resolve("x"), "x"),
      FileTime.from(Cells.clock.instant.minus(Duration.ofDays(2))))

    val gc = new GcJob(spark, table, Cells.clock)
    val expected = Set(
      Kind.DELETED_VERSION -> "V002",
      Kind.UNFINISHED_PUBLISHING -> dead.value,
      Kind.LOST_BRANCH -> lost.place,
      Kind.MEDIA_COPY -> "data")
    def found(mode: GcMode) = gc.run(mode).garbage.asScala.map(g => g.kind -> g.what).toSet
    assert(found(GcMode.DRY_RUN) == expected)
    assert(found(GcMode.DRY_RUN) == expected, "a dry run removed something")
    assert(Files.exists(unused) && Files.exists(branch))
    assert(found(GcMode.REMOVE) == expected)
    assert(Seq(used, usedOnce, young).forall(Files.exists(_)) && !Files.exists(unused))
    assert(!Files.exists(branch) && !Files.exists(layout.staging(dead.value).requireLocalPath()))
    assert(table.versionSamples().where(s"publish_id = '${gone.publishId}'").isEmpty)
    assert(found(GcMode.REMOVE).isEmpty)
    assert(differences(table, kept).isEmpty)
    assert(table.samples().count() == 12)
  }

  test("VER-5 gc - files that tables need no more - go after seven days, by a vacuum") {
    val table = newTable(Cells.images(5))
    Cells.add(spark, table, Cells.images(5).map(_.withAnnotations(java.util.List.of())))
    val samples = table.layout.samplesTable.requireLocalPath()
    def age(): Unit = Files.list(samples).iterator.asScala
      .filter(_.toString.endsWith(".parquet"))
      .foreach(Files.setLastModifiedTime(_, FileTime.from(Cells.clock.instant.minus(Duration.ofDays(3000)))))
    age()
    val stray = samples.resolve("part-stray.parquet")
    Files.writeString(stray, "x")
    age()
    val gc = new GcJob(spark, table, Clock.systemUTC())
    val dry = gc.run(GcMode.DRY_RUN).garbage.asScala
    assert(dry.map(g => g.kind -> g.what) == Seq(Kind.OLD_TABLE_FILES -> "samples"))
    assert(dry.head.files >= 1 && dry.head.bytes >= 1 && Files.exists(stray))
    gc.run(GcMode.REMOVE)
    assert(!Files.exists(stray))
    assert(table.samples().count() == 5)
  }

  private def copied(i: Int, copy: Path): Sample =
    Cells.image(i, "train", s"$i.jpg", "RBC").withSource(StorageUri.of(copy))
}
