package io.millrace.ingestion.spark

import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}
import java.util.Random

import scala.io.StdIn
import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetName, KilledProcesses, LabelTaskType, StorageUri}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout, ImportLog}
import io.millrace.dataset.delta.spark.{
  CrashChecker,
  DatasetTable,
  DeltaSession,
  SharedSparkSession
}
import io.millrace.ingestion.{ImportConfig, ImportFormat, ImportReport}
import io.millrace.ingestion.ImportFixture._
import org.scalatest.funsuite.AnyFunSuite

/** Kills importing processes at random moments of a first import and of a later one. */
class ImportCrashSuite extends AnyFunSuite with SharedSparkSession {
  private val kills = 20
  private val good = 60

  test("ING-4 import - killed at twenty random moments - whole or nothing, the re-run completes") {
    val source = temporaryDirectory()
    for (i <- 1 to good) pair(source, s"good $i", Cat)
    for (i <- 1 to 3) write(source, s"bad $i.jpg", "no image")
    val random = new Random(20261124)
    val importing =
      new KilledProcesses("io.millrace.ingestion.spark.ImportingMain", "imported")
    val undisturbed = importing.undisturbed(s"${newDataset().root.value}\t$source")
    val left = (0 until kills).map { i =>
      val dataset = newDataset()
      val (stage, reached) = stages(dataset)(i % 4)
      val longest = if (stage == "start") undisturbed else 100000000L
      importing.kill(
        s"${dataset.root.value}\t$source",
        reached,
        (random.nextDouble() * longest).toLong)
      new CrashChecker(spark, dataset).versionsAfter(Nil)
      val found = (samples(dataset), rejects(dataset))
      assert(Set(0L, good.toLong).contains(found._1))
      assert(Set(0L, 3L).contains(found._2))
      assert(found._1 === 0 || found._2 === 3, "samples without the rejects that came before them")
      assert(found._2 === 0 || ImportLog.of(dataset).read().size === 1)
      val again = ImportCrashSuite.run(spark, dataset, source)
      assert(Seq(again.seen, again.rejected) === Seq(good + 3, 3))
      assert(again.imported === good - found._1)
      assert((samples(dataset), rejects(dataset)) === (good, 3))
      s"$stage: ${found._1} samples, ${found._2} rejects"
    }
    importing.close()
    info(f"undisturbed ${undisturbed / 1e9}%.1f s; killed after ${left.mkString("; ")}")
  }

  /** What shows that an import has come so far. */
  private def stages(dataset: DatasetLayout): Seq[(String, () => Boolean)] =
    ("start", () => true) +: Seq(
      "recorded" -> dataset.importsTable,
      "rejects written" -> dataset.rejectsTable,
      "samples begun" -> dataset.samplesTable).map { case (stage, table) =>
      (stage, () => Files.exists(table.requireLocalPath))
    }

  private def newDataset(): DatasetLayout =
    DatasetCatalog
      .at(StorageUri.of(temporaryDirectory()))
      .create(
        new DatasetName("cells"), LabelTaskType.OBJECT_DETECTION, "", ImportCrashSuite.clock)

  private def samples(dataset: DatasetLayout): Long =
    DatasetTable.open(spark, dataset).samples().count()

  private def rejects(dataset: DatasetLayout): Long =
    DatasetTable.open(spark, dataset).rejects().count()
}

object ImportCrashSuite {
  val clock: Clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)

  def run(
      spark: org.apache.spark.sql.SparkSession,
      dataset: DatasetLayout,
      source: Path): ImportReport =
    new ImportJob(
      spark,
      ImportConfig.of(dataset, StorageUri.of(source), ImportFormat.VOC),
      clock).run()
}

/** Imports what a line of its input says: a dataset and a source. */
object ImportingMain {
  def main(arguments: Array[String]): Unit = {
    val spark = DeltaSession.embedded("importing", 2).getOrCreate()
    spark.range(10).count()
    println("ready")
    val Array(dataset, source) = StdIn.readLine().split("\t")
    ImportCrashSuite.run(spark, new DatasetLayout(StorageUri.parse(dataset)), Path.of(source))
    println("imported")
  }
}
