package io.millrace.training.spark

import java.time.Duration

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._

/** PyTorch itself on a Spark cluster, gloo. Cancelled where no Python imports torch. */
class BarrierDdpIntegrationSuite extends AnyFunSuite with DdpFixture with BarrierFixture {

  test("TRN-4 DDP of two ranks on Spark - has the losses and weights of the local back end") {
    assertSameAsLocal(onCluster, ddp(_.parameter("epochs", "3")))
  }

  test("TRN-4 DDP of four ranks on Spark, two a node - has the losses and weights of the local back end") {
    assertSameAsLocal(
      onCluster,
      ddp(_.parameter("epochs", "3").devicesPerNode(2).layout(ProcessLayout.PROCESS_PER_DEVICE)))
  }

  test("TRN-5 SIGKILL of a DDP rank on Spark - is named, not its casualty, and no process is left") {
    val handle = onSpark(ddp(_.parameter("epochs", "3").parameter("fail", "kill")))
    assert((handle.status.failedRank.getAsInt, handle.status.exitCode.getAsInt) === ((1, 137)))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-7 an error in a DDP rank on Spark - restarts the job, which resumes from its checkpoint") {
    val handle = onSpark(ddp(_.parameter("epochs", "3").parameter("fail", "raise").retries(1)))
    assert(handle.state === RunState.COMPLETED, handle.status)
    assert(handle.status.restarts === 1)
    Seq(0, 1).foreach(node => assert(workerLog(handle.run, node).contains("starts at epoch 1")))
    assert(processesOf(handle.run) === Seq())
  }

  private def onCluster: TrainingLauncher =
    barrier(settings, BarrierSettings.of(torch.require().executable.toString))

  private def onSpark(job: TrainingJob): RunHandle = {
    val handle = onCluster.launch(TrainingRun.of(job))
    handle.awaitTerminal(Duration.ofMinutes(3))
    handle
  }
}
