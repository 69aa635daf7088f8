package io.millrace.dataset.delta

import java.nio.file.Files
import java.time.{Duration, Instant}
import java.util.Random

import scala.collection.mutable

import io.delta.storage.{CloseableIterator, LogStore}
import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileStatus, Path}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.storage.StorageSettings

/** What a writer does whom others overtake between its look at the log and its commit. */
class OvertakenSuite extends AnyFunSuite {
  private val pets = new DatasetName("pets")
  private val noon = Instant.parse("2026-08-01T12:00:00Z")
  private val first = new VersionName("V001")

  test("VER-8 version log - overtaken once - waits, looks again and commits behind the other") {
    val layout = newDataset()
    val pauses = mutable.Buffer[Long]()
    overtaken(times = 1, () => VersionLog.of(layout).tag(pets, new TagName("gold"), first, noon)) {
      VersionLog.of(layout, backoff(pauses)).makeCurrent(pets, BranchName.MAIN, first, noon)
    }
    assert(pauses.size == 1 && pauses.forall(_ <= 10))
    assert(WritingMain.events(layout).sortBy(_._1).map(_._2) ==
      Seq("PUBLISHED V001", "TAGGED V001", "MADE_CURRENT V001"))
  }

  test("VER-8 version log - overtaken each time - gives up and names both operations") {
    val layout = newDataset()
    val pauses = mutable.Buffer[Long]()
    val e = overtaken(
      times = Int.MaxValue,
      () => VersionLog.of(layout).tag(pets, new TagName("gold"), first, noon)) {
      intercept[DatasetException](
        VersionLog.of(layout, backoff(pauses)).makeCurrent(pets, BranchName.MAIN, first, noon))
    }
    assert(e.getMessage == s"Cannot make V001 current on main in ${layout.root}: other writers came " +
      "first 100 times, the last of them to tag V001 as gold. Run the command again when they have " +
      "finished.")
    assert(pauses.size == 100)
    assert(WritingMain.events(layout).map(_._2).count(_ == "TAGGED V001") == 100)
  }

  private def newDataset(): DatasetLayout = {
    val root = StorageUri.of(Files.createTempDirectory("millrace-overtaken-"))
    val layout =
      DatasetCatalog.at(root).create(pets, LabelTaskType.OBJECT_DETECTION, "", WritingMain.clock)
    VersionLog.of(layout).publish(pets, PublishedVersions.version(layout, "V001", noon))
    layout
  }

  private def backoff(pauses: mutable.Buffer[Long]) = new Backoff(
    Duration.ofMillis(10), Duration.ofSeconds(1), new Random(1), pause => pauses += pause.toMillis)

  /** Lets another commit come before each of the next commits to a log. */
  private def overtaken[T](times: Int, other: () => Unit)(work: => T): T = {
    val setting = StorageSettings.SYSTEM_PREFIX + "io.delta.kernel.logStore.file.impl"
    System.setProperty(setting, classOf[OvertakenLogStore].getName)
    var left = times
    def overtake(): Unit = if (left > 0) {
      left -= 1
      OvertakenLogStore.beforeCommit.set(() => ())
      other()
      OvertakenLogStore.beforeCommit.set(() => overtake())
    }
    OvertakenLogStore.beforeCommit.set(() => overtake())
    try work
    finally {
      OvertakenLogStore.beforeCommit.set(() => ())
      System.clearProperty(setting)
    }
  }
}

/** The log store of local directories, which lets something happen before each commit. */
class OvertakenLogStore(configuration: Configuration) extends LogStore(configuration) {
  private val store = new LocalLogStore(configuration)

  override def write(
      path: Path,
      actions: java.util.Iterator[String],
      overwrite: java.lang.Boolean,
      configuration: Configuration
  ): Unit = {
    if (LogContent.isCommit(path)) OvertakenLogStore.beforeCommit.get()()
    store.write(path, actions, overwrite, configuration)
  }

  override def read(path: Path, configuration: Configuration): CloseableIterator[String] =
    store.read(path, configuration)

  override def listFrom(path: Path, configuration: Configuration): java.util.Iterator[FileStatus] =
    store.listFrom(path, configuration)

  override def resolvePathOnPhysicalStorage(path: Path, configuration: Configuration): Path =
    store.resolvePathOnPhysicalStorage(path, configuration)

  override def isPartialWriteVisible(path: Path, configuration: Configuration): java.lang.Boolean =
    store.isPartialWriteVisible(path, configuration)
}

object OvertakenLogStore {
  /** Of each thread its own: suites that run beside are not disturbed. */
  val beforeCommit: ThreadLocal[() => Unit] = ThreadLocal.withInitial(() => () => ())
}
