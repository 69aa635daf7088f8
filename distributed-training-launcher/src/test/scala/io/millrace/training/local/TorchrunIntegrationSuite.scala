package io.millrace.training.local

import java.nio.file.Files
import java.time.{Clock, Duration}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._

/** torchrun itself, two nodes of two processes. Cancelled where no Python imports torch. */
class TorchrunIntegrationSuite extends AnyFunSuite with DdpFixture {

  test("TRN-5 SIGKILL of a rank below torchrun - is named among its casualties on both nodes") {
    val handle = launch(ddp(inFours(_).parameter("epochs", "3").parameter("fail", "kill").parameter("culprit", "3")))
    assertBlames(handle, 3, 137, "Rank 3 (worker-1, device 1) was killed by SIGKILL (exit code 137). Its log is " +
      s"${runDirectory(handle.run).logDirectory}/modelarts-job-${handle.run.id}-proc-rank-1-device-0.txt and ends with:\n  ")
    assert(lastWords(handle).exists(_.startsWith("rank 3 epoch 0 loss")), handle.status)
    assert(workerLog(handle.run, 1).contains("[ModelArts Service Log] rank 3 ended with exit code 137"))
  }

  test("TRN-5 exit code 3 of a rank below torchrun - is the job's, though the others lose their connection") {
    val handle = launch(ddp(inFours(_).parameter("epochs", "3").parameter("fail", "exit").parameter("culprit", "2")))
    assertBlames(handle, 2, 3, "Rank 2 (worker-1, device 0) ended with exit code 3. Its log is ")
    assert(lastWords(handle).forall(!_.contains("rank 3")), handle.status)
  }

  test("TRN-7 an exception in a rank below torchrun - is what the job is restarted after, and what is diagnosed") {
    withoutTorch("""if rank == 1:
      |    print("KeyError: 'bndbox'")
      |    raise SystemExit(1)
      |while True: signal.pause()
      |""")
    val handle = launch(inFours(job()).retries(1).build())
    assertBlames(handle, 1, 1, "Rank 1 (worker-0, device 1) ended with exit code 1. Its log is ")
    assert(handle.status.restarts === 1)
    assert(events(handle.run).exists(_.startsWith(
      "Training job restarted (1 of 1) after: Rank 1 (worker-0, device 1) ended with exit code 1.")))
    assert(handle.status.message.get.contains("\nLikely cause: Data set has other shapes than rectangles (worker-0, line "))
  }

  test("TRN-5 stop of ranks below torchrun - is told to each once, and Terminated once they have saved") {
    withoutTorch(s"""def save(*_):
      |    time.sleep(0.2)  # a second SIGTERM would come meanwhile
      |    open(os.path.join("$directory", "saved-%d" % rank), "a").write("x")
      |    raise SystemExit(0)
      |signal.signal(signal.SIGTERM, save)
      |open(os.path.join("$directory", "ready-%d" % rank), "w").close()
      |while True: signal.pause()
      |""")
    val handle = launch(inFours(job()).build())
    eventually((0 to 3).foreach(rank => assert(Files.exists(directory.resolve(s"ready-$rank")))))
    handle.stop()
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.TERMINATED, handle.status)
    assert((0 to 3).map(rank => Files.readString(directory.resolve(s"saved-$rank"))) === Seq.fill(4)("x"))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-5 a torchrun of other insides - runs as it is, says so, and is what is named") {
    write(directory.resolve("other/sitecustomize.py"), "import torch.distributed.elastic.multiprocessing.api as api\ndel api.PContext\n")
    withoutTorch("raise SystemExit(4)")
    val handle = launch(job(nodes = 1).layout(ProcessLayout.TORCHRUN)
      .environment("PYTHONPATH", directory.resolve("other").toString).build())
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.FAILED)
    assert((handle.status.failedRank.isPresent, handle.status.exitCode.getAsInt) === ((false, 1)), handle.status)
    assert(handle.status.message.get.startsWith("Torchrun of worker-0 ended with exit code 1."), handle.status)
    assert(workerLog(handle.run, 0).contains("[ModelArts Service Log] This version of torchrun is not known: "))
  }

  private def inFours(job: TrainingJob.Builder): TrainingJob.Builder =
    job.devicesPerNode(2).layout(ProcessLayout.TORCHRUN)

  /** A script that torchrun starts and that does not wait for PyTorch. */
  private def withoutTorch(text: String): Unit = {
    if (torch.found.isEmpty) cancel(torch.explanation)
    script("import os, signal, time\nrank = int(os.environ[\"RANK\"])\n" + text.stripMargin)
  }

  private def launch(job: TrainingJob): RunHandle =
    new LocalLauncher(settings, torch.require(), Clock.systemUTC()).launch(TrainingRun.of(job))

  private def assertBlames(handle: RunHandle, rank: Int, code: Int, message: String): Unit = {
    assert(handle.awaitTerminal(Duration.ofMinutes(3)) === RunState.FAILED)
    val status = handle.status
    assert((status.failedRank.getAsInt, status.exitCode.getAsInt) === ((rank, code)), status)
    assert(status.message.get.startsWith(message), status)
    assert(processesOf(handle.run) === Seq())
  }

  /** The lines that the message quotes of the process to blame. */
  private def lastWords(handle: RunHandle): Seq[String] =
    handle.status.message.get.linesIterator.drop(1).takeWhile(_.startsWith("  ")).map(_.drop(2)).toSeq
}
