package io.millrace.dataset.delta.spark

import java.io.{BufferedReader, InputStreamReader}
import java.nio.file.Files
import java.util.Random
import java.util.concurrent.TimeUnit

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetRef, Digest, StorageUri, VersionName}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.versioning.{DatasetVersion, PublishRequest}

/** Kills publishing processes at random moments. A process waits for its turn, already warm. */
class PublishCrashSuite extends AnyFunSuite with SharedSparkSession {
  private val kills = 10
  private val samples = 300

  test("VER-8 publish - killed at ten random moments - readers see whole versions, the next works") {
    val directory = temporaryDirectory()
    val layout = Cells.create(directory)
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(samples))
    val random = new Random(20260506)
    var waiting = new PublishingProcess(layout)
    val undisturbed = {
      val process = waiting
      waiting = new PublishingProcess(layout)
      process.awaitReady()
      val start = System.nanoTime()
      process.go()
      assert(process.awaitEnd() == 0, "the undisturbed run failed")
      System.nanoTime() - start
    }
    assert(versions(directory).map(_.name.value) == Seq("V001"))
    val moments = (0 until kills).map(i => undisturbed * (i + random.nextDouble()) / kills)
    val committed = moments.zipWithIndex.map { case (moment, i) =>
      val process = waiting
      process.awaitReady()
      if (i + 1 < kills) waiting = new PublishingProcess(layout)
      val before = versions(directory)
      process.go()
      process.killAfter(moment.toLong)
      val after = versions(directory)
      assert(after.take(before.size) == before)
      assert(after.size <= before.size + 1)
      after.foreach(assertWhole(directory, table, _))
      after.size > before.size
    }
    info(f"undisturbed ${undisturbed / 1e9}%.1f s; committed before the kill: $committed")
    val before = versions(directory)
    val next = new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    assert(next.name == VersionName.next(before.map(_.name).asJava))
    assertWhole(directory, table, next)
    assert(versions(directory) == before :+ next)
  }

  private def versions(directory: java.nio.file.Path): Seq[DatasetVersion] =
    DatasetCatalog.at(StorageUri.of(directory)).history(Cells.name).versions.asScala.toSeq

  private def assertWhole(
      directory: java.nio.file.Path,
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

  /** A process that publishes once it is told to. */
  private class PublishingProcess(layout: DatasetLayout) {
    private val process = {
      val flags = java.lang.management.ManagementFactory.getRuntimeMXBean.getInputArguments.asScala
        .filter(flag => flag.startsWith("--add") || flag.startsWith("-Djava.io.tmpdir"))
      val command = Seq(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:+IgnoreUnrecognizedVMOptions"
      ) ++ flags ++ Seq(
        "-cp",
        System.getProperty("java.class.path"),
        "io.millrace.dataset.delta.spark.PublishingMain",
        layout.root.value
      )
      new ProcessBuilder(command.asJava)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
    }
    private val output = new BufferedReader(new InputStreamReader(process.getInputStream))

    def awaitReady(): Unit =
      assert(Iterator.continually(output.readLine()).takeWhile(_ != null).contains("ready"))

    def go(): Unit = {
      process.getOutputStream.write('\n')
      process.getOutputStream.flush()
    }

    def awaitEnd(): Int = process.waitFor()

    def killAfter(nanos: Long): Unit = {
      process.waitFor(nanos, TimeUnit.NANOSECONDS)
      process.destroyForcibly().waitFor()
    }
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
  }
}
