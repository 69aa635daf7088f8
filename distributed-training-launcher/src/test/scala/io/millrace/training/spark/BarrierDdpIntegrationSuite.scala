package io.millrace.training.spark

import java.time.{Clock, Duration}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.local.LocalLauncher

/** PyTorch itself on a Spark cluster, gloo. Cancelled where no Python imports torch. */
class BarrierDdpIntegrationSuite extends AnyFunSuite with DdpFixture with BarrierFixture {

  test("TRN-4 DDP of two ranks on Spark - has the losses and weights of the local back end") {
    assertSameAsLocal(_.parameter("epochs", "3"), ranks = 2)
  }

  test("TRN-4 DDP of four ranks on Spark, two a node - has the losses and weights of the local back end") {
    assertSameAsLocal(
      _.parameter("epochs", "3").devicesPerNode(2).layout(ProcessLayout.PROCESS_PER_DEVICE),
      ranks = 4)
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

  private def assertSameAsLocal(change: TrainingJob.Builder => TrainingJob.Builder, ranks: Int): Unit = {
    val job = ddp(change)
    val spark = onSpark(job)
    assert(spark.state === RunState.COMPLETED, spark.status)
    assert(processesOf(spark.run) === Seq())
    val local = new LocalLauncher(settings, torch.require(), Clock.systemUTC()).launch(TrainingRun.of(job))
    assert(end(local) === RunState.COMPLETED, local.status)
    val told = results(spark.run)
    assert(told.count(_.contains("epoch")) === 3 * ranks)
    assert(told.count(_.contains("weight")) === ranks)
    assert(told === results(local.run))
  }

  private def onSpark(job: TrainingJob): RunHandle = {
    val handle = barrier(settings, BarrierSettings.of(torch.require().executable.toString)).launch(TrainingRun.of(job))
    handle.awaitTerminal(Duration.ofMinutes(3))
    handle
  }

  /** Losses of each epoch and the last weights, of all ranks. */
  private def results(run: TrainingRun): Seq[String] =
    Seq(0, 1)
      .flatMap(node => workerLog(run, node).linesIterator)
      .map(_.replaceFirst("^\\[rank \\d+] ", ""))
      .filter(_.matches("rank \\d+ (epoch \\d+ loss|weight) .*"))
      .sorted
}
