package io.millrace.training.kubernetes

import java.nio.file.Path
import java.time.Instant
import java.util.{List => JList, OptionalInt}

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.training.{ProcessLayout, RunStatus}

class JobVerdictSuite extends AnyFunSuite {

  test("TRN-5 the end of a pod - a node's own line, torchrun's, or none of a rank - says who is to blame") {
    def told(name: String, code: Int) = s"[ModelArts Service Log] $name ended with exit code $code"
    val cases = Table(
      ("layout", "last lines of worker-1", "rank", "message"),
      (ProcessLayout.PROCESS_PER_DEVICE, Seq(told("rank 3", 137), told("rank 2", 143)), 3, "Rank 3 (worker-1, device 1)"),
      (ProcessLayout.PROCESS_PER_DEVICE, Seq(), 2, "Rank 2 (worker-1, device 0)"),
      (ProcessLayout.TORCHRUN, Seq(told("rank 3", 137), told("rank 2", 1), told("torchrun", 137)), 3, "Rank 3 (worker-1, device 1)"),
      (ProcessLayout.TORCHRUN, Seq(told("torchrun", 137)), -1, "Torchrun of worker-1")
    )
    forAll(cases) { (layout, lines, rank, name) =>
      val job = VolcanoFixture.job(Path.of("/shared"), layout).nodes(2).devicesPerNode(2).build()
      val end = new PodEnd(1, OptionalInt.of(137), "Error", "", JList.of(lines: _*), "", false)
      val status = new JobVerdict(job, _ => Path.of("/log")).of(
        RunStatus.creating(Instant.EPOCH), JList.of(end), Instant.EPOCH, "Failed")
      assert(status.exitCode.getAsInt === 137)
      assert(status.failedRank.orElse(-1) === rank)
      assert(status.message.get.startsWith(s"$name ended with exit code 137 (signal 9). Its log is /log"))
    }
  }
}
