package io.millrace.dataset.delta.spark

import java.io.{BufferedReader, File, InputStreamReader}
import java.nio.file.{Files, Path}
import java.util.Random
import java.util.concurrent.TimeUnit
import java.util.jar.JarOutputStream
import java.util.zip.ZipEntry

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetRef, Digest, StorageUri, VersionName}
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
      val process = new PublishingProcess(layout, s"-XX:ArchiveClassesAtExit=$archive")
      process.await("ready")
      val start = System.nanoTime()
      process.go()
      process.await("published")
      val duration = System.nanoTime() - start
      assert(process.awaitEnd() == 0, "the undisturbed run failed")
      duration
    }
    def newProcess() = new PublishingProcess(layout, s"-XX:SharedArchiveFile=$archive")
    var waiting = newProcess()
    assert(versions(directory).map(_.name.value) == Seq("V001"))
    val moments = (0 until kills).map(i => undisturbed * (i + random.nextDouble()) / kills)
    val committed = moments.zipWithIndex.map { case (moment, i) =>
      val process = waiting
      process.await("ready")
      if (i + 1 < kills) waiting = newProcess()
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

  /** Jars only: a class archive is not made for a class path with directories. */
  private lazy val classPath: String = {
    val entries = System.getProperty("java.class.path").split(File.pathSeparator).map(Path.of(_))
    val jars = entries.map(entry => if (Files.isDirectory(entry)) jarOf(entry) else entry)
    jars.mkString(File.pathSeparator)
  }

  private def jarOf(classes: Path): Path = {
    val jar = Files.createTempFile("classes", ".jar")
    Using.resource(new JarOutputStream(Files.newOutputStream(jar))) { out =>
      Files.walk(classes).iterator().asScala.filter(Files.isRegularFile(_)).foreach { file =>
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString))
        Files.copy(file, out)
      }
    }
    jar
  }

  /** A process that publishes once it is told to. */
  private class PublishingProcess(layout: DatasetLayout, archiveFlag: String) {
    private val process = {
      val flags = java.lang.management.ManagementFactory.getRuntimeMXBean.getInputArguments.asScala
        .filter(flag => flag.startsWith("--add") || flag.startsWith("-Djava.io.tmpdir"))
      val command = Seq(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:+IgnoreUnrecognizedVMOptions",
        "-Xlog:disable",
        archiveFlag
      ) ++ flags ++ Seq(
        "-cp",
        classPath,
        "io.millrace.dataset.delta.spark.PublishingMain",
        layout.root.value
      )
      new ProcessBuilder(command.asJava)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
    }
    private val output = new BufferedReader(new InputStreamReader(process.getInputStream))

    def await(word: String): Unit =
      assert(Iterator.continually(output.readLine()).takeWhile(_ != null).contains(word))

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
    println("published")
  }
}
