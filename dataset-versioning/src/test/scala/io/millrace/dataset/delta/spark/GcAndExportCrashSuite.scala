package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.nio.file.attribute.FileTime
import java.time.{Clock, Duration}
import java.util.Random

import scala.io.StdIn
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.delta.{DatasetLayout, VersionDeletion}
import io.millrace.dataset.export._
import io.millrace.dataset.export.format.ExportFormats
import io.millrace.dataset.versioning.PublishRequest
import io.millrace.dataset.versioning.GcReport.GcMode

/** Kills collections of garbage and exports at random moments. */
class GcAndExportCrashSuite extends AnyFunSuite with SharedSparkSession {
  private val samples = 60

  private def newDataset(): (DatasetLayout, DatasetTable) = {
    val layout = Cells.create(temporaryDirectory())
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(samples))
    (layout, table)
  }

  test("VER-8 gc - killed at eight random moments - every version stays whole, the next completes it") {
    val (layout, table) = newDataset()
    def publish() = new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    val kept = publish()
    def makeGarbage(round: Int): Unit = {
      new VersionDeletion(layout).run(Cells.name, publish().name, Cells.clock.instant)
      (0 until 20).foreach { i =>
        val copy = layout.data.requireLocalPath().resolve(f"$i%02x/copy-$round.jpg")
        Files.createDirectories(copy.getParent)
        Files.writeString(copy, "pixels")
        Files.setLastModifiedTime(
          copy, FileTime.from(Clock.systemUTC().instant.minus(Duration.ofDays(2))))
      }
    }
    makeGarbage(0)
    val checker = new CrashChecker(spark, layout)
    val collecting = new KilledProcesses(
      "io.millrace.dataset.delta.spark.CollectingMain", "collected", layout.root.value)
    val undisturbed = collecting.undisturbed("")
    val random = new Random(20261125)
    (1 to 8).foreach { round =>
      makeGarbage(round)
      collecting.kill("", () => true, (random.nextDouble() * undisturbed * 1.1).toLong)
      assert(checker.versions() == Seq(kept))
      assert(new VerifyJob(table).run(DatasetRef.of(Cells.name, kept.name)).isWhole)
    }
    collecting.close()
    info(f"undisturbed ${undisturbed / 1e9}%.1f s")
    val gc = new GcJob(spark, table, Clock.systemUTC())
    gc.run(GcMode.REMOVE)
    assert(gc.run(GcMode.DRY_RUN).garbage.isEmpty)
    assert(table.versionSamples().count() == samples)
    assert(table.samples().count() == samples)
  }

  test("VER-8 export - killed at seven random moments - the target looks complete or is not there; again it succeeds") {
    val (layout, table) = newDataset()
    val target = temporaryDirectory().resolve("out")
    val exporting = new KilledProcesses(
      "io.millrace.dataset.delta.spark.ExportingMain", "exported", layout.root.value)
    val undisturbed = exporting.undisturbed(target.toString)
    assertComplete(target)
    val random = new Random(20261126)
    val whole = (1 to 7).count { round =>
      val here = target.resolveSibling(s"out-$round")
      exporting.kill(here.toString, () => true, (random.nextDouble() * undisturbed * 1.1).toLong)
      val isThere = Files.exists(here)
      if (isThere) assertComplete(here)
      else {
        ExportingMain.run(spark, layout, here)
        assertComplete(here)
      }
      isThere
    }
    exporting.close()
    info(f"undisturbed ${undisturbed / 1e9}%.1f s; $whole of 7 were complete when they were killed")
    assert(table.samples().count() == samples)
  }

  private def assertComplete(target: Path): Unit = {
    assert(Files.exists(target.resolve(ExportTarget.REPORT)), s"$target is there and incomplete")
    val lines = Files.walk(target).iterator().asScala
      .filter(_.toString.endsWith(".manifest"))
      .map(Files.readAllLines(_).size).sum
    assert(lines == samples)
  }
}

/** Collects garbage in the dataset of a directory, after a line came in. */
object CollectingMain {
  def main(arguments: Array[String]): Unit = {
    val spark = DeltaSession.embedded("collecting", 2).getOrCreate()
    val table = DatasetTable.open(spark, new DatasetLayout(StorageUri.parse(arguments(0))))
    table.samples().count()
    println("ready")
    StdIn.readLine()
    new GcJob(spark, table, Clock.systemUTC()).run(GcMode.REMOVE)
    println("collected")
  }
}

/** Exports the dataset of a directory to where a line says. */
object ExportingMain {
  def main(arguments: Array[String]): Unit = {
    val spark = DeltaSession.embedded("exporting", 2).getOrCreate()
    val layout = new DatasetLayout(StorageUri.parse(arguments(0)))
    DatasetTable.open(spark, layout).samples().count()
    println("ready")
    run(spark, layout, Path.of(StdIn.readLine()))
    println("exported")
  }

  def run(
      spark: org.apache.spark.sql.SparkSession,
      layout: DatasetLayout,
      target: Path
  ): ExportReport = {
    val config = ExportConfig.of(
      new ExportSource.WorkingState, ExportFormats.parse("manifest"), StorageUri.of(target))
    new ExportJob(spark, DatasetTable.open(spark, layout), config, Cells.clock).run()
  }
}
