package io.millrace.training.gang

import java.io.{ByteArrayInputStream, InputStream, SequenceInputStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture
import io.millrace.training.watch.{LogLimits, RotatingLogFile}

class RankOutputSuite extends AnyFunSuite with TrainingFixture {
  private case class Written(process: String, worker: String, lastLines: Seq[String])

  /** What is written of output that is read in these pieces. */
  private def written(prefix: String, pieces: String*): Written = {
    val files = Seq("process", "worker").map(directory.resolve)
    files.foreach(Files.deleteIfExists(_))
    val logs = files.map(new RotatingLogFile(_, LogLimits.DEFAULT))
    val output = new RankOutput(logs(0), logs(1), prefix)
    val streams: Iterator[InputStream] =
      pieces.iterator.map(piece => new ByteArrayInputStream(piece.getBytes(UTF_8)))
    output.drain(new SequenceInputStream(streams.asJavaEnumeration))
    logs.foreach(_.close())
    Written(Files.readString(files(0)), Files.readString(files(1)), output.lastLines.asScala.toSeq)
  }

  test("TRN-6 output - lines over several reads - are whole and marked in the node's log") {
    val found = written("[rank 1] ", "a", "b\nsecond\n", "\nlast")
    assert(found.process === "ab\nsecond\n\nlast")
    assert(found.worker === "[rank 1] ab\n[rank 1] second\n[rank 1] \n[rank 1] last\n")
    assert(found.lastLines === Seq("ab", "second", "", "last"))
  }

  test("TRN-6 output - carriage returns - end a line, and a pair ends one, wherever it is cut") {
    val text = "10 %\r20 %\r\ndone\r\n\r\nx\n\ry"
    val expected = "10 %\n20 %\ndone\n\nx\n\ny\n"
    (0 to text.length).foreach { cut =>
      val found = written("", text.take(cut), text.drop(cut))
      assert((found.process, found.worker) === ((text, expected)), s"cut at $cut")
    }
  }

  test("TRN-6 output - a line without end - is cut into pieces, and quoted in part") {
    val long = "x" * 150000
    val found = written("> ", long.take(70000), long.drop(70000) + "\nshort\n")
    assert(found.process === long + "\nshort\n")
    val lines = found.worker.linesIterator.toSeq
    assert(lines.map(_.length - 2) === Seq(65536, 65536, 150000 - 2 * 65536, 5))
    assert(lines.forall(_.startsWith("> ")))
    assert(found.lastLines.map(_.length) === Seq(500, 500, 500, 5))
  }

  test("TRN-6 output - many lines in one read - keep to the limit of the node's log") {
    val limits = new LogLimits(100, 100)
    val log = new RotatingLogFile(directory.resolve("worker"), limits)
    val process = new RotatingLogFile(directory.resolve("process"), LogLimits.DEFAULT)
    val text = (1 to 200).map(n => s"line $n\n").mkString
    new RankOutput(process, log, "").drain(new ByteArrayInputStream(text.getBytes(UTF_8)))
    Seq(log, process).foreach(_.close())
    val files = RotatingLogFile.filesOf(directory.resolve("worker")).asScala.map(Files.readString(_))
    assert(files.forall(_.length <= 100) && files.mkString === text)
  }

  test("TRN-6 output - more lines than a message quotes - keeps the last ones") {
    val found = written("", (1 to 50).map(n => s"line $n\n").mkString)
    assert(found.lastLines === (31 to 50).map(n => s"line $n"))
  }
}
