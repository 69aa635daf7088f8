package io.millrace.training.gang

import java.nio.file.Path
import java.time.Instant
import java.util.{List => JList, Optional}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.training._
import io.millrace.training.gang.RankEnd.{Asked, Cause, Exited, Lost, Signalled}
import io.millrace.training.watch.RunDirectory

class AttemptJudgeSuite extends AnyFunSuite {
  import RunState.{COMPLETED, FAILED, TERMINATED}

  private val scheduler = new ClusterScheduler(0)
  private val killed = new Signalled(9)

  test("TRN-7 an attempt that failed - by any process, or a hang - is retried, and blames a rank only if it was one") {
    val casualty = JList.of(below(0, 0, new Exited(1), "Connection reset by peer"))
    val cases = Table(
      ("what happened", "layout", "ends", "outputs that are incomplete", "hang", "state", "exit code", "rank", "retried", "message"),
      ("a rank is killed", ProcessLayout.DYNAMIC_CLUSTER, Seq(end(rank(1), killed), asked(rank(0)), asked(scheduler)), "", "", FAILED, 137, 1, true, "Rank 1 (worker-1, device 0) was killed by SIGKILL (exit code 137). Its log is /r/logs/modelarts-job-0a1b2c3d-proc-rank-1-device-0.txt and ends with:\n  last"),
      ("the scheduler is killed", ProcessLayout.DYNAMIC_CLUSTER, Seq(end(scheduler, killed), asked(rank(0)), asked(rank(1))), "", "", FAILED, 137, -1, true, "The scheduler (worker-0) was killed by SIGKILL (exit code 137). Its log is /r/logs/modelarts-job-0a1b2c3d-proc-scheduler.txt and ends with:\n  last"),
      ("the scheduler is dismissed", ProcessLayout.DYNAMIC_CLUSTER, Seq(end(rank(1), new Exited(0)), end(rank(0), new Exited(0)), asked(scheduler)), "", "", COMPLETED, 0, -1, false, ""),
      ("a rank below torchrun", ProcessLayout.TORCHRUN, Seq(end(rank(0), new Exited(1), casualty), asked(rank(1), JList.of(below(1, 1, new Exited(3))))), "", "", FAILED, 3, 3, true, "Rank 3 (worker-1, device 1) ended with exit code 3. Its log is /r/logs/modelarts-job-0a1b2c3d-proc-rank-1-device-0.txt and ends with:\n  last"),
      ("torchrun itself", ProcessLayout.TORCHRUN, Seq(end(rank(1), new Exited(2)), asked(rank(0))), "", "", FAILED, 2, -1, true, "Torchrun of worker-1 ended with exit code 2. Its log is /r/logs/modelarts-job-0a1b2c3d-proc-rank-1-device-0.txt and ends with:\n  last"),
      ("its node is lost", ProcessLayout.TORCHRUN, Seq(end(rank(1), new Lost("no word")), end(rank(0), new Exited(1), casualty)), "", "", FAILED, 137, -1, true, "Torchrun of worker-1 was lost: no word. "),
      ("a hang", ProcessLayout.PROCESS_PER_NODE, Seq(asked(rank(0)), asked(rank(1))), "", "Suspected hang", FAILED, -1, -1, true, "Suspected hang."),
      ("a stop", ProcessLayout.PROCESS_PER_NODE, Seq(asked(rank(0)), asked(rank(1))), "", "", TERMINATED, -1, -1, false, "Stopped."),
      ("outputs that cannot be copied", ProcessLayout.PROCESS_PER_NODE, Seq(end(rank(0), new Exited(0)), end(rank(1), new Exited(0))), "disk full", "", FAILED, -1, -1, false, "Every process succeeded. Outputs are incomplete: disk full.")
    )
    forAll(cases) { (_, layout, ends, outputs, hang, state, code, rank, retried, message) =>
      val found = judge(layout).ofTraining(RunStatus.creating(Instant.EPOCH), Instant.EPOCH, ends.asJava,
        Seq(outputs).filter(_.nonEmpty).asJava, Optional.of(hang).filter(_.nonEmpty), "Stopped.")
      val status = found.status
      assert((status.state, status.exitCode.orElse(-1), status.failedRank.orElse(-1), found.retried) === ((state, code, rank, retried)))
      assert(status.message.orElse("").startsWith(message), status)
    }
  }

  test("TRN-7 a step of the preparation that failed - is retried; one that was stopped - is nobody's failure") {
    val step = new SetupStep(SetupStep.Kind.REQUIREMENTS, Path.of("requirements.txt"), "Installing Python packages, file: requirements.txt", "")
    def found(ends: RankEnd*) = judge(ProcessLayout.PROCESS_PER_NODE)
      .ofSetup(RunStatus.creating(Instant.EPOCH), Instant.EPOCH, step, ends.asJava)
    val failed = found(end(new NodeSetup(1), new Exited(1)), asked(new NodeSetup(0))).get
    assert(failed.retried)
    assert((failed.status.exitCode.getAsInt, failed.status.failedRank.isPresent) === ((1, false)))
    assert(failed.status.message.get === "Installing Python packages, file: requirements.txt: The preparation of worker-1 " +
      "ended with exit code 1. Its log is /r/logs/modelarts-job-0a1b2c3d-proc-preparation-1.txt and ends with:\n  last")
    assert(found(asked(new NodeSetup(0)), asked(new NodeSetup(1))).isEmpty)
  }

  private def judge(layout: ProcessLayout): AttemptJudge = {
    val framework = if (layout == ProcessLayout.DYNAMIC_CLUSTER) Framework.MINDSPORE else Framework.PYTORCH
    val job = TrainingJob.builder("cells", Path.of("/code"), "train.py").framework(framework)
      .nodes(2).devicesPerNode(if (layout.isByTool) 2 else 1).layout(layout).build()
    new AttemptJudge(new TrainingRun(new RunId("0a1b2c3d"), job), new RunDirectory(Path.of("/r")))
  }

  /** The process that the launcher starts on a node. */
  private def rank(node: Int): Rank = new Rank(node, 2, node, 0, 1)

  /** A process that torchrun has started. */
  private def below(node: Int, local: Int, cause: Cause, words: String = "last"): RankEnd =
    new RankEnd(rank(node).startedHere(local, 2), cause, Asked.NO, JList.of(words))

  private def end(member: GangMember, cause: Cause, below: JList[RankEnd] = JList.of()): RankEnd =
    new RankEnd(member, cause, Asked.NO, JList.of("last"), below)

  private def asked(member: GangMember, below: JList[RankEnd] = JList.of()): RankEnd =
    new RankEnd(member, new Signalled(15), Asked.YES, JList.of(), below)
}
