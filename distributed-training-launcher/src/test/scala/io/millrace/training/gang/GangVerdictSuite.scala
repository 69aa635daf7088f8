package io.millrace.training.gang

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.training.{NodeTool, ProcessLayout, Rank}
import io.millrace.training.gang.RankEnd.{Asked, Cause, Exited, NotStarted, Signalled}

class GangVerdictSuite extends AnyFunSuite {

  private val gloo =
    "RuntimeError: [/x/gloo/transport/tcp/pair.cc:598] Connection closed by peer [127.0.0.1]:7211"
  private val ownError = "ValueError: bad learning rate"

  test("TRN-5 verdict - the culprit - is told by how processes ended, not by order") {
    val cases = Table(
      ("what happened", "ends in order", "culprit", "exit code"),
      ("all fine", Seq(end(0, exit(0)), end(1, exit(0))), -1, 0),
      ("first error", Seq(end(1, exit(3)), end(0, exit(143), Asked.YES)), 1, 3),
      ("killed, then a casualty", Seq(end(1, new Signalled(9)), end(0, exit(1), line = gloo)), 1, 137),
      ("casualty noticed first", Seq(end(0, exit(1), line = gloo), end(1, new Signalled(9))), 1, 137),
      ("casualty before an error", Seq(end(0, exit(1), line = gloo), end(1, exit(1), line = ownError)), 1, 1),
      ("native casualty first", Seq(end(0, new Signalled(6), line = gloo), end(2, new Signalled(11))), 2, 139),
      ("abort of its own", Seq(end(0, new Signalled(6), line = "assertion failed"), end(1, exit(1), line = gloo)), 0, 134),
      ("only casualties", Seq(end(0, exit(0)), end(1, exit(1), line = gloo)), 1, 1),
      ("not started", Seq(end(1, new NotStarted("no such file")), end(0, new Signalled(15), Asked.YES)), 1, 127),
      ("stopped", Seq(end(0, new Signalled(15), Asked.YES), end(1, new Signalled(9), Asked.YES)), -1, 0)
    )
    forAll(cases) { (_, ends, culprit, code) =>
      val verdict = GangVerdict.of(ends.asJava)
      assert(verdict.culprit.map[Int](_.member.asInstanceOf[Rank].value).orElse(-1) === culprit)
      assert(verdict.culprit.map[Int](_.cause.exitCode).orElse(0) === code)
    }
  }

  test("TRN-5 verdict - a killed rank - is named with its signal") {
    assert(
      GangVerdict.of(java.util.List.of(end(1, new Signalled(9)))).message ===
        "Rank 1 (worker-1, device 0) was killed by SIGKILL (exit code 137)."
    )
  }

  test("TRN-5 verdict - a lost peer that ended well - is explained") {
    val message = GangVerdict.of(Seq(end(0, exit(0)), end(1, exit(1), line = gloo)).asJava).message
    assert(
      message === "Rank 1 (worker-1, device 0) ended with exit code 1. It lost the connection to another process, " +
        "though rank 0 (worker-0, device 0) had ended with exit code 0: the processes did not agree on the number of steps."
    )
  }

  test("TRN-5 verdict - what torchrun tells of its processes - stands for torchrun itself") {
    def told(local: Int, code: Int, byTool: Boolean = false, line: String = ""): String =
      s"""{"local": $local, "of": 2, "code": $code, "told": $byTool, "at": ${100 - local}.5, "lines": ["epoch 1", "$line"]}"""
    val cases = Table(
      ("what happened", "reports of both nodes", "culprit", "exit code"),
      ("a kill, casualties on both nodes", Seq(Seq(told(0, 1, line = gloo), told(1, 1, line = gloo)), Seq(told(0, 1, line = gloo), told(1, -9))), "rank 3 (worker-1, device 1)", 137),
      ("an exit code of its own", Seq(Seq(told(0, 1, line = gloo)), Seq(told(0, 3), told(1, 1, line = gloo))), "rank 2 (worker-1, device 0)", 3),
      ("the earlier of two", Seq(Seq(), Seq(told(0, 4), told(1, 5))), "rank 3 (worker-1, device 1)", 5),
      ("told by torchrun to end", Seq(Seq(told(0, 1, line = gloo), told(1, -15, byTool = true)), Seq(told(1, 7))), "rank 3 (worker-1, device 1)", 7),
      ("nothing", Seq(Seq(), Seq()), "torchrun of worker-0", 1)
    )
    forAll(cases) { (_, reports, culprit, code) =>
      val ends = reports.zipWithIndex.map { case (lines, node) =>
        val place = new Rank(node, 2, node, 0, 1)
        val below = lines.map(ToolReport.parse(_, place, Asked.NO)).sortBy(_.at).map(_.end)
        val itself = exit(if (lines.isEmpty && reports.exists(_.nonEmpty)) 0 else 1)
        new RankEnd(new NodeTool(node, ProcessLayout.TORCHRUN), itself, Asked.NO, java.util.List.of(), below.asJava)
      }
      val found = GangVerdict.of(ends.asJava).culprit.get
      assert((found.member.toString, found.cause.exitCode) === ((culprit, code)))
    }
    val afterwards = ToolReport.parse(told(0, 1), new Rank(1, 2, 1, 0, 1), Asked.YES)
    assert(afterwards.end.asked === Asked.YES)
    assert(intercept[java.io.IOException](ToolReport.parse("{}", new Rank(1, 2, 1, 0, 1), Asked.NO)).getMessage ===
      "Not a report of a process, as it has no local: {}")
  }

  private def exit(code: Int): Cause = new Exited(code)

  private def end(rank: Int, cause: Cause, asked: Asked = Asked.NO, line: String = ""): RankEnd =
    new RankEnd(new Rank(rank, 4, rank, 0, 1), cause, asked, java.util.List.of("epoch 1", line))
}
