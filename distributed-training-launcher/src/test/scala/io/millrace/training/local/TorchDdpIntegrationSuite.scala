package io.millrace.training.local

import java.nio.file.Files
import java.time.{Clock, Duration}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.LaunchSettings
import io.millrace.training.hang.HangSettings

/** PyTorch itself, two ranks, gloo. Cancelled where no Python imports torch. */
class TorchDdpIntegrationSuite extends AnyFunSuite with DdpFixture {

  test("TRN-2 DDP by ModelArts' arguments - two nodes with gloo - agree on sum and weights") {
    val handle = launch(_.parameter("epochs", "3"))
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach { node =>
      assert(workerLog(handle.run, node).contains(s"rank $node of 2 sum 3 threads"))
      assert(workerLog(handle.run, node).contains(s"rank $node reads 2 lines, starts at epoch 0"))
    }
    val weights = Seq(0, 1).map(node => workerLog(handle.run, node).split("weight ")(1).linesIterator.next())
    assert(weights.distinct.size === 1)
    assert(Files.exists(out.resolve("ckpt.pt")))
  }

  test("TRN-2 DDP by environment - one process a device - all four agree") {
    val handle =
      launch(_.parameter("epochs", "1").devicesPerNode(2).layout(ProcessLayout.PROCESS_PER_DEVICE))
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.COMPLETED, handle.status)
    assert(workerLog(handle.run, 1).contains("[rank 3] rank 3 of 4 sum 10"))
  }

  test("TRN-2 DDP by torchrun - two nodes of two processes - all four agree, lines are whole and marked") {
    val handle =
      launch(_.parameter("epochs", "1").devicesPerNode(2).layout(ProcessLayout.TORCHRUN))
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach { node =>
      Seq(0, 1).foreach { local =>
        assert(workerLog(handle.run, node).contains(s"[rank ${node * 2 + local}] rank ${node * 2 + local} of 4 sum 10"))
      }
    }
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-5 SIGKILL of a DDP rank - is named, not its casualty, and no process is left") {
    val handle = launch(_.parameter("epochs", "3").parameter("fail", "kill"))
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.FAILED)
    assert((handle.status.failedRank.getAsInt, handle.status.exitCode.getAsInt) === ((1, 137)))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-7 an error in a DDP rank - restarts the job, which resumes from its checkpoint") {
    val handle = launch(_.parameter("epochs", "3").parameter("fail", "raise").retries(1))
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.COMPLETED, handle.status)
    assert(handle.status.restarts === 1)
    assert(events(handle.run).exists(_.startsWith(
      "Training job restarted (1 of 1) after: Rank 1 (worker-1, device 0) ended with exit code 1.")))
    Seq(0, 1).foreach(node => assert(workerLog(handle.run, node).contains("starts at epoch 1")))
  }

  test("TRN-8 a DDP rank that never comes - both are silent, and the job fails where that is asked for") {
    val hang = HangSettings.DEFAULT
      .withPeriod(Duration.ofMillis(200))
      .withQuietPeriods(10)
      .withAction(HangSettings.Action.STOP)
    val handle = launch(_.parameter("epochs", "3").parameter("fail", "hang"), hang)
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.FAILED)
    assert(handle.status.message.get.replaceAll("\\d+ periods", "N periods") ===
      "Suspected hang: no CPU time used, and nothing read or written by any process, " +
      "for N periods of 0.2 s: rank 0 (worker-0, device 0), rank 1 (worker-1, device 0).")
    assert(processesOf(handle.run) === Seq())
  }

  private def launch(
      change: TrainingJob.Builder => TrainingJob.Builder,
      hang: HangSettings = HangSettings.DEFAULT): RunHandle = {
    val built = ddp(change)
    val by =
      LaunchSettings.of(runsRoot).withSyncPeriod(Duration.ofMillis(50)).withHang(hang)
    new LocalLauncher(by, torch.require(), Clock.systemUTC()).launch(TrainingRun.of(built))
  }
}
