package io.millrace.training.local

import java.nio.file.Files
import java.time.{Clock, Duration}
import java.util.{List => JList}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.LaunchSettings

/**
 * MindSpore itself, on CPUs. The interpreter is that of MILLRACE_TRAINING_PYTHON or python3;
 * cancelled where it does not import mindspore.
 */
class MindSporeIntegrationSuite extends AnyFunSuite with TrainingFixture {

  private lazy val search: PythonSearch =
    sys.env
      .get("MILLRACE_TRAINING_PYTHON")
      .map(PythonFinder.preferring)
      .getOrElse(PythonFinder.onThisMachine())
      .find(JList.of("mindspore"))

  private val train =
    """import argparse, os, signal
      |import numpy as np
      |import mindspore as ms
      |from mindspore import nn, ops, Tensor
      |from mindspore.communication import init, get_rank, get_group_size
      |p = argparse.ArgumentParser()
      |p.add_argument("--train_url")
      |p.add_argument("--fail", default="")
      |a = p.parse_args()
      |ms.set_device("CPU")
      |init()
      |rank, world = get_rank(), get_group_size()
      |print("rank", rank, "of", world, flush=True)
      |ms.set_seed(1)
      |numbers = np.random.default_rng(7)
      |x = numbers.normal(size=(64, 4)).astype(np.float32)
      |y = x @ np.array([[1.0], [2.0], [-1.0], [0.5]], np.float32)
      |x, y = Tensor(x[rank::world]), Tensor(y[rank::world])
      |net = nn.Dense(4, 1, weight_init="zeros")
      |mean = nn.MSELoss()
      |optimizer = nn.SGD(net.trainable_params(), 0.1)
      |step = ms.value_and_grad(lambda data, label: mean(net(data), label), None, optimizer.parameters)
      |everywhere = ops.AllReduce()
      |for epoch in range(5):
      |    if epoch == 2 and rank == 1 and a.fail == "kill":
      |        os.kill(os.getpid(), signal.SIGKILL)
      |    loss, gradients = step(x, y)
      |    optimizer(tuple(everywhere(each) / world for each in gradients))
      |    print("loss", rank, epoch, round(float(everywhere(loss).asnumpy()) / world, 6), flush=True)
      |"""

  test("TRN-2 MindSpore's dynamic cluster - two nodes and a scheduler - train as one") {
    val handle = launch(job(nodes = 2).layout(ProcessLayout.DYNAMIC_CLUSTER))
    assert(handle.awaitTerminal(Duration.ofMinutes(5)) === RunState.COMPLETED, handle.status)
    val logs = Seq(0, 1).map(workerLog(handle.run, _))
    assert(Seq(0, 1).forall(rank => logs(rank).contains(s"rank $rank of 2")), logs)
    assertTrainedAsOne(logs.map(losses))
    assert(logs(0).contains("[scheduler] "))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-5 SIGKILL of a rank of the dynamic cluster - is named, and neither rank nor scheduler is left") {
    val handle =
      launch(job(nodes = 2).layout(ProcessLayout.DYNAMIC_CLUSTER).parameter("fail", "kill"))
    assert(handle.awaitTerminal(Duration.ofMinutes(5)) === RunState.FAILED)
    assert((handle.status.failedRank.getAsInt, handle.status.exitCode.getAsInt) === ((1, 137)))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-2 msrun - one node with two processes - trains them as one") {
    if (search.found.isPresent && numpyVersion.startsWith("2")) {
      cancel(s"MindSpore does not sign off from msrun's scheduler with NumPy $numpyVersion; install numpy<2")
    }
    val handle = launch(job(nodes = 1).devicesPerNode(2).layout(ProcessLayout.MSRUN))
    assert(handle.awaitTerminal(Duration.ofMinutes(5)) === RunState.COMPLETED, handle.status)
    assert(workerLog(handle.run, 0).contains("Start scheduler process"))
    val logs = runDirectory(handle.run).logDirectory.resolve("mindspore").resolve("worker_0")
    assertTrainedAsOne(
      Seq(0, 1).map(rank => losses(Files.readString(logs.resolve(s"worker_$rank.log"))))
    )
    assert(processesOf(handle.run) === Seq())
  }

  private def numpyVersion: String = {
    val process = new ProcessBuilder(
      search.require().executable.toString,
      "-c",
      "import importlib.metadata; print(importlib.metadata.version('numpy'))"
    ).start()
    new String(process.getInputStream.readAllBytes()).strip()
  }

  /** Rank, epoch and loss. */
  private def losses(log: String): Seq[(Int, Int, Double)] =
    """loss (\d) (\d) ([0-9.]+)""".r
      .findAllMatchIn(log)
      .map(each => (each.group(1).toInt, each.group(2).toInt, each.group(3).toDouble))
      .toSeq

  private def assertTrainedAsOne(ranks: Seq[Seq[(Int, Int, Double)]]): Unit = {
    val curves = ranks.map(_.map { case (_, epoch, loss) => epoch -> loss })
    assert(curves.head.map(_._1) === (0 until 5))
    assert(curves.distinct.size === 1, "the ranks do not agree on the losses")
    assert(curves.head.map(_._2).sliding(2).forall(pair => pair(1) < pair(0)), curves.head)
  }

  private def launch(builder: TrainingJob.Builder): RunHandle = {
    if (search.found.isEmpty) cancel(search.explanation)
    script(train)
    val by = LaunchSettings
      .of(runsRoot)
      .withGrace(Duration.ofSeconds(5))
      .withSyncPeriod(Duration.ofMillis(50))
    new LocalLauncher(by, search.require(), Clock.systemUTC())
      .launch(TrainingRun.of(builder.framework(Framework.MINDSPORE).build()))
  }
}
