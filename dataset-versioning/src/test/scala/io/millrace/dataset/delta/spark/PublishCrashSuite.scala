package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.util.Random

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetRef, Digest, StorageUri, VersionName, WaitingProcess}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.versioning.{DatasetVersion, PublishRequest}

/**
 * Kills publishing processes at random moments. A process waits for its turn, already warm; the next
 * one starts meanwhile. The undisturbed run leaves an archive of its loaded classes (AppCDS), with
 * which the others start in a fraction of the time.
 */
class PublishCrashSuite extends AnyFunSuite with SharedSparkSession {
  private val kills = 10
  private val samples = 120

  test("VER-8 publish - killed at ten random moments - readers see whole versions, the next works") {
    val directory = temporaryDirectory()
    val layout = Cells.create(directory)
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(samples))
    val random = new Random(20260506)
    val archive = directory.resolve("classes.jsa")
    val undisturbed = {
      val process = publishing(layout, s"-XX:ArchiveClassesAtExit=$archive")
      process.await("ready")
      val start = System.nanoTime()
      process.go()
      process.await("published")
      val duration = System.nanoTime() - start
      assert(process.awaitEnd() == 0, "the undisturbed run failed")
      duration
    }
    def newProcess() = publishing(layout, s"-XX:SharedArchiveFile=$archive")
    var waiting = newProcess()
    assert(versions(directory).map(_.name.value) == Seq("V001"))
    val stages = Seq[(String, () => Boolean)](
      ("start", () => true),
      ("rows written", countOf(layout, "tables/version_samples/_delta_log", ".json")),
      ("files begun", countOf(layout, "annotation", "")),
      ("files written", manifestsOf(layout)),
      ("committed", countOf(layout, "tables/versions/_delta_log", ".json"))
    )
    val outcomes = (0 until kills).map { i =>
      val process = waiting
      process.await("ready")
      if (i + 1 < kills) waiting = newProcess()
      val before = versions(directory)
      val (stage, reached) = stages(i % stages.size)
      val longest = if (stage == "start") undisturbed / 2 else 200000000L
      process.go()
      process.killAfter(reached, (random.nextDouble() * longest).toLong)
      val left = staged(layout)
      val after = versions(directory)
      assert(after.take(before.size) == before)
      assert(after.size <= before.size + 1)
      after.foreach(assertWhole(directory, table, _))
      s"$stage: ${after.size - before.size} new, ${left.size} staged"
    }
    info(f"undisturbed ${undisturbed / 1e9}%.1f s; killed after ${outcomes.mkString(", ")}")
    val before = versions(directory)
    val next = new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    assert(next.name == VersionName.next(before.map(_.name).asJava))
    assertWhole(directory, table, next)
    assert(versions(directory) == before :+ next)
  }

  private def publishing(layout: DatasetLayout, archiveFlag: String) =
    new WaitingProcess(
      "io.millrace.dataset.delta.spark.PublishingMain", archiveFlag, layout.root.value)

  /** Whether more such entries are there than when this was made, first asked for at the start. */
  private def countOf(layout: DatasetLayout, directory: String, suffix: String): () => Boolean = {
    def count = names(layout.root.resolve(directory).requireLocalPath(), suffix).toSet
    var before: Option[Set[String]] = None
    () => {
      val now = count
      val known = before.getOrElse { before = Some(now); now }
      val isMore = (now -- known).nonEmpty
      if (isMore) before = None
      isMore
    }
  }

  private def manifestsOf(layout: DatasetLayout): () => Boolean = {
    var before: Option[Set[Path]] = None
    () => {
      val now = staged(layout).filter(names(_, ".manifest").nonEmpty).toSet
      val known = before.getOrElse { before = Some(now); now }
      val isMore = (now -- known).nonEmpty
      if (isMore) before = None
      isMore
    }
  }

  private def staged(layout: DatasetLayout): Seq[Path] = {
    val annotation = layout.root.resolve("annotation").requireLocalPath()
    names(annotation, "").filter(_.startsWith(".staging-")).map(annotation.resolve(_))
  }

  private def names(directory: Path, suffix: String): Seq[String] =
    Option(directory.toFile.list()).toSeq.flatten.filter(name =>
      name.endsWith(suffix) && (suffix.isEmpty || !name.startsWith("."))
    )

  private def versions(directory: Path): Seq[DatasetVersion] =
    DatasetCatalog.at(StorageUri.of(directory)).history(Cells.name).versions.asScala.toSeq

  private def assertWhole(
      directory: Path,
      table: DatasetTable,
      version: DatasetVersion
  ): Unit = {
    val resolved = DatasetCatalog
      .at(StorageUri.of(directory))
      .history(Cells.name)
      .resolve(DatasetRef.of(Cells.name, version.name))
    val manifest = resolved.manifest.requireLocalPath()
    assert(Digest.ofBytes(Files.readAllBytes(manifest)) == version.manifestDigest)
    assert(version.samples == samples)
    assert(Files.readAllLines(manifest).size == samples)
    assert(Files.list(manifest.resolveSibling("annotations")).count() == samples)
    assert(table.version(resolved).count() == samples)
  }
}

/** Publishes the dataset in a directory, after a line came in. */
object PublishingMain {
  def main(arguments: Array[String]): Unit = {
    val spark = DeltaSession.embedded("publishing", 2).getOrCreate()
    val layout = new DatasetLayout(StorageUri.parse(arguments(0)))
    val table = DatasetTable.open(spark, layout)
    table.samples().count()
    println("ready")
    System.in.read()
    new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    println("published")
  }
}
