package io.millrace.dataset.delta

import java.nio.file.{Files, Path, StandardOpenOption}
import java.time.{Clock, Instant, ZoneOffset}

import scala.io.StdIn
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.storage.{S3Server, StorageArguments, StorageSettings}

/**
 * Two processes that commit to one dataset as fast as they can. What a commit returned from is
 * acknowledged; all that is acknowledged, and nothing else, has to be there.
 */
class TwoWritersSuite extends AnyFunSuite {
  private val commits = 200

  test("VER-8 two processes of 200 commits each, on a disk - each is there once, none is lost") {
    twoWriters(StorageUri.of(Files.createTempDirectory("millrace-two-")), StorageSettings.NONE)
  }

  test("VER-8 two processes of 200 commits each, in S3 - each is there once, none is lost") {
    S3Server.inProcess {
      twoWriters(StorageUri.parse(s"s3://${S3Server.freshBucket()}/data"), S3Server.settings)
    }
  }

  private def twoWriters(root: StorageUri, settings: StorageSettings): Unit = {
    val layout = DatasetCatalog.at(root)
      .create(WritingMain.pets, LabelTaskType.OBJECT_DETECTION, "", WritingMain.clock)
    val directory = Files.createTempDirectory("millrace-acknowledged-")
    val writers = Seq("A", "B").map { name =>
      val acknowledged = directory.resolve(name)
      val process = new WaitingProcess("io.millrace.dataset.delta.WritingMain",
        "-XX:SharedArchiveFile=" + directory.resolve("none"),
        Seq(layout.root.value, name, commits.toString, acknowledged.toString) ++
          StorageArguments.of(settings): _*)
      (process, acknowledged)
    }
    writers.foreach { case (process, _) => process.await("ready") }
    val start = System.nanoTime()
    writers.foreach { case (process, _) => process.go() }
    writers.foreach { case (process, _) => assert(process.awaitEnd() == 0) }
    val seconds = (System.nanoTime() - start) / 1e9
    val acknowledged = writers.flatMap { case (_, file) => Files.readAllLines(file).asScala }
    val found = WritingMain.events(layout)
    assert(acknowledged.size == 2 * commits)
    assert(found.map(_._2).sorted == acknowledged.sorted, "lost, or there twice")
    assert(found.map(_._1).sorted == (1L to 2L * commits), "each number once")
    val readStart = System.nanoTime()
    val state = VersionLog.of(layout).read()
    val readMillis = (System.nanoTime() - readStart) / 1e6
    assert(state.versions.size == commits)
    val authors = found.sortBy(_._1).map(_._2.split(' ')(1).take(1))
    val turns = authors.zip(authors.tail).count { case (one, next) => one != next }
    assert(turns > 20, "they did not write at the same time")
    info(f"${acknowledged.size} commits in $seconds%.1f s, $turns turns; " +
      f"${state.versions.size} versions read in $readMillis%.0f ms")
  }
}

/** Publishes and makes current by turns, and writes down what was acknowledged. */
object WritingMain {
  val pets = new DatasetName("pets")
  val clock: Clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)

  def main(arguments: Array[String]): Unit = {
    val Array(root, writer, commits, acknowledged) = arguments.take(4)
    StorageArguments.take(arguments.drop(4).toSeq)
    val layout = new DatasetLayout(StorageUri.parse(root))
    val log = VersionLog.of(layout)
    log.read()
    println("ready")
    StdIn.readLine()
    for (i <- 1 to commits.toInt) {
      val name = new VersionName(f"$writer-${(i + 1) / 2}%03d")
      if (i % 2 == 1) {
        log.publish(pets, PublishedVersions.version(layout, name.value, clock.instant))
        note(acknowledged, s"PUBLISHED $name")
      } else {
        log.makeCurrent(pets, BranchName.MAIN, name, clock.instant)
        note(acknowledged, s"MADE_CURRENT $name")
      }
    }
  }

  /** The numbers of all events, and what they did to which version. */
  def events(layout: DatasetLayout): Seq[(Long, String)] = {
    val table = KernelTable.at(layout.versionsTable)
    table.rows(table.snapshot().get, row =>
      (row.getLong(0), s"${row.getString(1)} ${row.getString(2)}")).asScala.toSeq
  }

  private def note(file: String, line: String): Unit = {
    Files.writeString(Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND)
    ()
  }
}
