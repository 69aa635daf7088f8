package io.millrace.training.local

import java.nio.file.Files
import java.time.{Clock, Duration}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._

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

  test("TRN-5 msrun - a rank that fails, or a stop - lets the others save on SIGTERM, and the rank is named") {
    withoutMindSpore(s"""def save(*_):
      |    open("$directory/saved-%d" % rank, "a").write("x")
      |    raise SystemExit(1)
      |signal.signal(signal.SIGTERM, save)
      |open("$directory/ready-%d" % rank, "w").close()
      |while rank == 0 or not os.path.exists("$directory/fail"): time.sleep(0.05)
      |print("my last words")
      |raise SystemExit(3)
      |""")
    def start(): RunHandle = {
      Seq(0, 1).foreach(rank => Files.deleteIfExists(directory.resolve(s"ready-$rank")))
      val handle = run(job(nodes = 1).devicesPerNode(2).layout(ProcessLayout.MSRUN))
      eventually(Seq(0, 1).foreach(rank => assert(Files.exists(directory.resolve(s"ready-$rank")))))
      handle
    }
    def saved: Seq[String] = Seq(0, 1).map(rank => directory.resolve(s"saved-$rank")).filter(Files.exists(_)).map(Files.readString)

    val stopped = start()
    stopped.stop()
    assert(stopped.awaitTerminal(Duration.ofMinutes(2)) === RunState.TERMINATED, stopped.status)
    assert(saved === Seq("x", "x"))
    assert(processesOf(stopped.run) === Seq())

    Seq(0, 1).foreach(rank => Files.delete(directory.resolve(s"saved-$rank")))
    val failed = start()
    write(directory.resolve("fail"), "")
    assert(failed.awaitTerminal(Duration.ofMinutes(2)) === RunState.FAILED)
    assert((failed.status.failedRank.getAsInt, failed.status.exitCode.getAsInt) === ((1, 3)), failed.status)
    assert(failed.status.message.get.startsWith("Rank 1 (worker-0, device 1) ended with exit code 3. Its log is "))
    assert(failed.status.message.get.contains("\n  my last words"))
    assert(saved === Seq("x"))
    assert(processesOf(failed.run) === Seq())
  }

  test("TRN-7 SIGKILL of the dynamic cluster's scheduler - restarts the job, and is no rank's failure") {
    withoutMindSpore(s"""if not os.path.exists("$directory/again"):
      |    open("$directory/ready-%d" % rank, "w").close()
      |    while True: signal.pause()
      |$train""")
    val handle = run(job(nodes = 2).layout(ProcessLayout.DYNAMIC_CLUSTER).retries(1))
    eventually {
      Seq(0, 1).foreach(rank => assert(Files.exists(directory.resolve(s"ready-$rank"))))
      assert(schedulers.size === 1)
    }
    write(directory.resolve("again"), "")
    schedulers.foreach(_.destroyForcibly())
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.COMPLETED, handle.status)
    assert((handle.status.restarts, handle.status.failedRank.isPresent) === ((1, false)))
    assert(events(handle.run).exists(_.startsWith(
      "Training job restarted (1 of 1) after: The scheduler (worker-0) was killed by SIGKILL (exit code 137). Its log is ")))
    assertTrainedAsOne(Seq(0, 1).map(node => losses(workerLog(handle.run, node))))
    assert(processesOf(handle.run) === Seq())
  }

  private def schedulers: Seq[ProcessHandle] =
    ProcessHandle.current().descendants().iterator.asScala
      .filter(_.info.arguments.map[Boolean](_.lastOption.exists(_.startsWith("from mindspore.communication import init"))).orElse(false))
      .filter(each => !each.info.arguments.get.exists(_.endsWith("rank_supervisor.py")))
      .toSeq

  /** A script for the ranks that does not wait for MindSpore; msrun runs it for the scheduler too. */
  private def withoutMindSpore(text: String): Unit =
    script("import os, signal, time\n" +
      "if os.environ[\"MS_ROLE\"] == \"MS_SCHED\": signal.pause()\n" +
      "rank = int(os.environ[\"MS_NODE_ID\"])\n" + text.stripMargin)

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
    script(train)
    run(builder)
  }

  private def run(builder: TrainingJob.Builder): RunHandle = {
    if (search.found.isEmpty) cancel(search.explanation)
    new LocalLauncher(settings, search.require(), Clock.systemUTC())
      .launch(TrainingRun.of(builder.framework(Framework.MINDSPORE).build()))
  }
}
