package io.millrace.training.slurm

import java.time.{Clock, Duration}

import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._

/** PyTorch itself on a Slurm cluster, gloo. Cancelled where Slurm or torch is missing. */
class SlurmDdpIntegrationSuite extends AnyFunSuite with DdpFixture with BeforeAndAfterAll {

  private lazy val cluster = SlurmCluster.start()

  override protected def beforeEach(): Unit = {
    SlurmCluster.problem.foreach(problem => cancel(problem))
    super.beforeEach()
  }

  override protected def afterAll(): Unit =
    try if (SlurmCluster.problem.isEmpty) cluster.stop()
    finally super.afterAll()

  test("TRN-4 DDP of two ranks on Slurm - has the losses and weights of the local back end") {
    assertSameAsLocal(slurm, ddp(_.parameter("epochs", "3")))
  }

  test("TRN-4 DDP of four ranks on Slurm, two a node - has the losses and weights of the local back end") {
    assertSameAsLocal(
      slurm,
      ddp(_.parameter("epochs", "3").devicesPerNode(2).layout(ProcessLayout.PROCESS_PER_DEVICE)))
  }

  test("TRN-7 SIGKILL of a DDP rank on Slurm - is named; a retry resumes from the checkpoint") {
    val killed = slurm.launch(TrainingRun.of(ddp(_.parameter("epochs", "3").parameter("fail", "kill"))))
    assert(killed.awaitTerminal(Duration.ofMinutes(3)) === RunState.FAILED)
    assert((killed.status.failedRank.getAsInt, killed.status.exitCode.getAsInt) === ((1, 137)))
    assert(processesOf(killed.run) === Seq())
    val again = slurm.launch(TrainingRun.of(ddp(_.parameter("epochs", "3").parameter("fail", "raise").retries(1))))
    assert(again.awaitTerminal(Duration.ofMinutes(3)) === RunState.COMPLETED, again.status)
    assert(again.status.restarts === 1)
    Seq(0, 1).foreach(node => assert(workerLog(again.run, node).contains("starts at epoch")))
    assert(processesOf(again.run) === Seq())
  }

  private def slurm: TrainingLauncher =
    new SlurmLauncher(
      settings,
      SlurmLauncherSuite.slurm(torch.require().executable, cluster.environment),
      Clock.systemUTC())
}
