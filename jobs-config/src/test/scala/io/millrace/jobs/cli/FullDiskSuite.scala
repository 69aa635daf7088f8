package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import scala.util.Using

import io.millrace.dataset.{DatasetName, StorageUri}
import io.millrace.dataset.delta.DatasetCatalog
import io.millrace.dataset.delta.spark.{CrashChecker, SharedSparkSession}
import org.scalatest.funsuite.AnyFunSuite

/**
 * Commands on a disk that fills up under them, and on one that takes no writes: they end in one
 * sentence, nothing is damaged, and they work once there is space. Mounting needs root.
 */
class FullDiskSuite extends AnyFunSuite with SharedSparkSession {
  private val megabyte = 1L << 20
  private val texts = 200

  /** From a disk that takes nothing to one that gets full when most is done. */
  private val left = Seq[Long](0, 8 << 10, 40 << 10, 120 << 10)

  test("VER-8 import, publish and tag - on a full disk - end in one sentence and damage nothing") {
    onSmallDisk { disk =>
      prepare(disk)
      val checker = checkerOf(disk)
      val before = checker.versions()
      val more = source("more")
      var failures = 0
      left.foreach { bytes =>
        disk.fillUpTo(bytes)
        Seq(
          Seq("version", "publish", "notes"),
          Seq("dataset", "import", "notes", more.toString, "--format", "text-combined"),
          Seq("version", "tag", "notes", "V001", "gold")
        ).foreach { command =>
          val result = run(disk, command: _*)
          if (result.exitCode != ExitCode.DONE) {
            failures += 1
            assertSentence(result, s"${command.mkString(" ")} with $bytes bytes left")
            assert(result.err.toLowerCase.contains("space"), result.err)
          }
        }
        disk.free()
        assert(checker.versions().take(before.size) == before)
      }
      assert(failures >= 6, "the disk was not full")
      Seq(
        Seq("dataset", "import", "notes", more.toString, "--format", "text-combined"),
        Seq("version", "publish", "notes"),
        Seq("version", "tag", "notes", "V001", "silver")
      ).foreach(command => assert(run(disk, command: _*).exitCode == ExitCode.DONE, command))
      assert(checker.versions().last.samples == 2 * texts)
    }
  }

  test("VER-8 commands - on a disk that takes no writes - say so; those that read work") {
    onSmallDisk { disk =>
      prepare(disk)
      val checker = checkerOf(disk)
      val before = checker.versions()
      val more = source("more")
      disk.makeReadOnly()
      try {
        Seq(
          Seq("version", "publish", "notes"),
          Seq("dataset", "import", "notes", more.toString, "--format", "text-combined"),
          Seq("version", "tag", "notes", "V001", "gold"),
          Seq("dataset", "create", "others", "--type", "text_classification")
        ).foreach { command =>
          val result = run(disk, command: _*)
          assert(result.exitCode == ExitCode.FAILED)
          assertSentence(result, command.mkString(" "))
          assert(result.err.contains("Read-only file system"), result.err)
        }
        Seq(Seq("version", "list", "notes"), Seq("dataset", "show", "notes")).foreach { command =>
          val result = run(disk, command: _*)
          assert(result.exitCode == ExitCode.DONE && result.out.contains("V001"), result.err)
        }
        assert(checker.versions() == before)
      } finally disk.makeWritable()
      assert(run(disk, "version", "publish", "notes").exitCode == ExitCode.DONE)
      assert(checker.versions().size == before.size + 1)
    }
  }

  private def onSmallDisk(work: SmallDisk => Unit): Unit =
    SmallDisk.mounted(12 * megabyte) match {
      case Right(disk) => Using.resource(disk)(work)
      case Left(reason) => cancel(reason)
    }

  private def prepare(disk: SmallDisk): Unit = {
    spark // The engine that commands join.
    Seq(
      Seq("dataset", "create", "notes", "--type", "text_classification"),
      Seq("dataset", "import", "notes", source("first").toString, "--format", "text-combined"),
      Seq("version", "publish", "notes")
    ).foreach { command =>
      val result = run(disk, command: _*)
      assert(result.exitCode == ExitCode.DONE, result.err)
    }
  }

  private def source(name: String): Path = {
    val lines = (1 to texts).map(i => s"$name text number $i\tlabel${i % 2}\n")
    Files.writeString(temporaryDirectory().resolve(s"$name.txt"), lines.mkString).getParent
  }

  private def checkerOf(disk: SmallDisk): CrashChecker = new CrashChecker(
    spark,
    DatasetCatalog.at(StorageUri.of(disk.directory)).find(new DatasetName("notes")))

  private def assertSentence(result: CommandLineRun, what: String): Unit = {
    val lines = result.err.linesIterator.filter(_.nonEmpty).toSeq
    assert(lines.size == 1 && lines.head.startsWith("millrace: "), s"$what: ${result.err}")
    assert(!result.err.contains("Exception") && !result.err.contains("io.millrace"), result.err)
  }

  private def run(disk: SmallDisk, arguments: String*): CommandLineRun =
    CommandLineRun.of(arguments ++ Seq("--datasets", disk.directory.toString): _*)
}
