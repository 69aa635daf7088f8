package io.millrace.dataset.delta

import java.nio.file.{FileAlreadyExistsException, Files, Path}

import scala.jdk.CollectionConverters._

import org.apache.hadoop.conf.Configuration
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException
import io.millrace.dataset.Threads.inParallel

class LocalLogStoreSuite extends AnyFunSuite {
  private val configuration = new Configuration()

  test("VER-8 commit - one that exists - is refused, the first one stays, no file beside it") {
    val commit = freshCommit()
    write(commit, Iterator("first"))
    intercept[FileAlreadyExistsException](write(commit, Iterator("second")))
    assert(Files.readString(commit) == "first\n")
    assert(commit.getParent.toFile.list().toSeq == Seq(commit.getFileName.toString))
  }

  test("VER-8 commit - its making fails half way - nothing is seen of it") {
    val commit = freshCommit()
    intercept[RuntimeException](
      write(commit, Iterator("a", "b").map(line => if (line == "b") sys.error("broken") else line)))
    assert(commit.getParent.toFile.list().isEmpty)
  }

  test("VER-8 commit - a directory that does not exist - fails and says where") {
    val commit = freshCommit().resolveSibling("gone/00000000000000000000.json")
    val e = intercept[DatasetException](write(commit, Iterator("x")))
    assert(e.getMessage.startsWith(s"Cannot write to file://${commit.getParent}: "))
  }

  test("VER-8 log file - that may be replaced - is replaced") {
    val commit = freshCommit()
    write(commit, Iterator("first"))
    new LocalLogStore(configuration)
      .write(hadoop(commit), Iterator("second").asJava, true, configuration)
    assert(Files.readString(commit) == "second\n")
  }

  Seq[(String, (Path, Path) => Unit)](
    ("by a hard link", NewName.give(_, _)),
    ("under a lock, as on a file system without links", NewName.giveUnderLock(_, _))
  ).foreach { case (way, give) =>
    test(s"VER-8 new name - sixteen files at once, $way - one gets it, whole") {
      val name = freshCommit()
      val outcomes = inParallel(1 to 16) { i =>
        val file = Files.writeString(name.resolveSibling(s"file-$i"), s"$i")
        give(file, name)
        i
      }
      val winners = outcomes.collect { case Right(i) => i }
      assert(winners.size == 1 && Files.readString(name) == winners.head.toString)
      assert(outcomes.flatMap(_.left.toOption).forall(_.isInstanceOf[FileAlreadyExistsException]))
    }
  }

  private def freshCommit(): Path =
    Files.createTempDirectory("millrace-log-").resolve("00000000000000000000.json")

  private def write(commit: Path, actions: Iterator[String]): Unit =
    new LocalLogStore(configuration).write(hadoop(commit), actions.asJava, false, configuration)

  private def hadoop(path: Path) = new org.apache.hadoop.fs.Path(path.toUri)
}
