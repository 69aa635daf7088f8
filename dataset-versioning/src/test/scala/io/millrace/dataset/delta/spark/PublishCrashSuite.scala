package io.millrace.dataset.delta.spark

import java.nio.file.Path
import java.util.Random

import scala.io.StdIn
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.KilledProcesses.{more, names}
import io.millrace.dataset.{KilledProcesses, LabelTaskType, StorageUri, VersionName}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.storage.{S3Server, StorageArguments, StorageSettings}
import io.millrace.dataset.versioning.PublishRequest

/** Kills publishing processes at random moments, on a disk and in an object store. */
class PublishCrashSuite extends AnyFunSuite with SharedSparkSession with S3Session {
  private val samples = 120

  test("VER-8 publish - killed at ten random moments - readers see whole versions, the next works") {
    val directory = temporaryDirectory()
    val layout = Cells.create(directory)
    killPublishings(layout, directoryOf(layout), StorageSettings.NONE, 10)
  }

  test("VER-8 publish in S3 - killed at five random moments - readers see whole versions, the next works") {
    inS3 {
      val bucket = S3Server.freshBucket()
      val layout = DatasetCatalog.at(StorageUri.parse(s"s3://$bucket/data"))
        .create(Cells.name, LabelTaskType.OBJECT_DETECTION, "", Cells.clock)
      val directory = S3Server.data.resolve(bucket + layout.root.path)
      killPublishings(layout, directory, S3Server.settings, 5)
    }
  }

  /** @param directory where the dataset lies as files */
  private def killPublishings(
      layout: DatasetLayout,
      directory: Path,
      settings: StorageSettings,
      kills: Int
  ): Unit = {
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(samples))
    val checker = new CrashChecker(spark, layout)
    val random = new Random(20260506)
    val publishing = new KilledProcesses(
      "io.millrace.dataset.delta.spark.PublishingMain",
      "published",
      layout.root.value +: StorageArguments.of(settings): _*
    )
    val undisturbed = publishing.undisturbed("")
    assert(checker.versions().map(_.name.value) == Seq("V001"))
    val outcomes = (0 until kills).map { i =>
      val before = checker.versions()
      val (stage, reached) = stages(directory)(i % 5)
      val longest = if (stage == "start") undisturbed / 2 else 200000000L
      publishing.kill("", reached, (random.nextDouble() * longest).toLong)
      val left = staged(directory).size
      val after = checker.versionsAfter(before)
      s"$stage: ${after.size - before.size} new, $left staged"
    }
    publishing.close()
    info(f"undisturbed ${undisturbed / 1e9}%.1f s; killed after ${outcomes.mkString(", ")}")
    val before = checker.versions()
    val next = new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    assert(next.name == VersionName.next(before.map(_.name).asJava))
    assert(next.samples == samples)
    assert(checker.versions() == before :+ next)
  }

  private def stages(dataset: Path): Seq[(String, () => Boolean)] = Seq(
    ("start", () => true),
    ("rows written", more(() => names(dataset.resolve("tables/version_samples/_delta_log"), ".json"))),
    ("files begun", more(() => staged(dataset))),
    ("files written", more(() => staged(dataset).filter(staging =>
      names(dataset.resolve(s"annotation/$staging"), ".manifest").nonEmpty))),
    ("committed", more(() => names(dataset.resolve("tables/versions/_delta_log"), ".json")))
  )

  private def staged(dataset: Path): Set[String] =
    names(dataset.resolve("annotation")).filter(_.startsWith(".staging-"))

  private def directoryOf(layout: DatasetLayout): Path = layout.root.requireLocalPath()
}

/** Publishes the dataset in a directory, after a line came in. */
object PublishingMain {
  def main(arguments: Array[String]): Unit = {
    StorageArguments.take(arguments.drop(1).toSeq)
    val spark = DeltaSession.embedded("publishing", 2).getOrCreate()
    val layout = new DatasetLayout(StorageUri.parse(arguments(0)))
    val table = DatasetTable.open(spark, layout)
    table.samples().count()
    println("ready")
    StdIn.readLine()
    new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    println("published")
  }
}
