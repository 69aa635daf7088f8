package io.millrace.training.spark

import java.nio.file.{Files, Path}
import java.time.{Clock, Duration}
import java.util.{Set => JSet}

import scala.jdk.CollectionConverters._

import org.apache.spark.api.java.JavaSparkContext

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.{LaunchSettings, NodeRequest}
import io.millrace.training.watch.RunDirectory

/** Nodes are tasks of a standalone Spark cluster of two workers. */
class BarrierLauncherSuite extends TrainingLauncherBehaviors with BarrierFixture {

  override protected def launcher(settings: LaunchSettings): TrainingLauncher = barrier(settings)

  override protected def launcherProgram: String = "io.millrace.training.spark.LaunchTwoBarrierNodes"
  override protected def launcherArguments: Seq[String] = Seq(cluster.master)
  override protected def launcherClassPath: Seq[String] = Seq(s"${cluster.home}/jars/*")
  override protected def launcherOptions: Seq[String] = StandaloneCluster.LeanJvm

  test("TRN-4 too few slots - fail the run within seconds, with the numbers") {
    script("")
    val handle = launch(job(nodes = 5), nodes.withSlotPatience(Duration.ofSeconds(1)))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get ===
      s"Cannot run the job: Spark (${cluster.master}) has 4 slots for 5 nodes, a slot being 1 cpu of one executor. " +
      "Give fewer nodes, or start the application with more or larger executors.")
  }

  test("TRN-4 too few slots of cores and devices - are counted as Spark schedules them") {
    script("")
    val whole = nodes.withCpusPerNode(2).withResource("npu").withSlotPatience(Duration.ZERO)
    val handle = launch(job(nodes = 3), whole)
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.contains(
      " has 2 slots for 3 nodes, a slot being 2 cpu and 1 npu of one executor."))
  }

  test("TRN-4 more devices a node than an executor has - are refused before the start") {
    script("")
    val refused = intercept[TrainingException](launch(job().devicesPerNode(3), nodes.withResource("npu")))
    assert(refused.getMessage ===
      "Cannot start training job 'cells': A node of the job needs 3 npu, and an executor of the Spark application has 2. " +
      "Give fewer devices, or start the application with spark.executor.resource.npu.amount=3 and workers that have as many.")
  }

  test("TRN-4 devices of the resource scheduler - each node gets its own, and its processes know them") {
    Seq("npu" -> 2, "gpu" -> 1).foreach { case (name, count) =>
      script("""import os; print("given", os.environ["MILLRACE_AGENT_DEVICES"])""")
      val handle = launch(job().devicesPerNode(count), nodes.withResource(name))
      assert(end(handle) === RunState.COMPLETED, handle.status)
      val found = Seq(0, 1).flatMap(node =>
        workerLog(handle.run, node).linesIterator.find(_.startsWith("given ")).get.drop(6).split(","))
      val all = Map("npu" -> Set("0-davinci0", "0-davinci1", "1-davinci0", "1-davinci1"), "gpu" -> Set("0-GPU", "1-GPU"))
      assert(found.size === 2 * count)
      assert(found.toSet === all(name))
    }
  }

  test("TRN-4 slots that others use - are waited for and told; a stop ends the wait") {
    script("""import signal; signal.pause()""")
    val first = launch(job(), nodes.withCpusPerNode(2))
    eventually(assert(first.state === RunState.RUNNING))
    val second = launch(elsewhere())
    eventually(assert(events(second.run).contains(
      s"Waiting for 2 slots of Spark (${cluster.master}): other tasks use them")))
    assert(second.state === RunState.WAITING)
    second.stop()
    assert(end(second) === RunState.TERMINATED)
    assert(second.status.message.get === "Stopped before it began to train.")
    first.kill()
    assert(end(first) === RunState.TERMINATED)
    awaitIdle()
  }

  test("TRN-4 slots that others use - are taken once they are free") {
    script("""import os
      |if "WAIT" in os.environ:
      |    while not os.path.exists(os.environ["WAIT"]): pass
      |""")
    val go = directory.resolve("go")
    val first = launch(job().environment("WAIT", go.toString), nodes.withCpusPerNode(2))
    eventually(assert(first.state === RunState.RUNNING))
    val second = launch(elsewhere())
    eventually(assert(events(second.run).exists(_.startsWith("Waiting for 2 slots"))))
    Files.writeString(go, "")
    assert(end(first) === RunState.COMPLETED)
    assert(end(second) === RunState.COMPLETED)
  }

  test("TRN-4 an interpreter that no worker has - is told for each of them") {
    script("")
    val handle = launch(job(), BarrierSettings.of("/nowhere/python"))
    assert(end(handle) === RunState.FAILED)
    val message = handle.status.message.get
    Seq(0, 1).foreach(node => assert(message.contains(s"worker-$node on 127.0.0.")))
    assert(message.contains(
      ": There is no program /nowhere/python. Give the interpreter by a path that every worker has."))
    awaitIdle()
  }

  test("TRN-4 an agent that ends before the run begins - fails it, and its log is shown") {
    script("")
    val python = write(directory.resolve("python"), "#!/bin/sh\necho this is no Python\n")
    assert(python.toFile.setExecutable(true))
    val handle = launch(job(), BarrierSettings.of(python.toString))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.matches(
      "(?s)Cannot run the job: The agent of worker-[01] ended before all nodes were there. " +
        "Its log is .*/logs/agent-[01].log and ends with:\n  this is no Python"))
    awaitIdle()
  }

  test("TRN-7 hosts that failed the run - are not taken again, and the run fails if there are no others") {
    script("")
    Files.createDirectories(runsRoot)
    val run = TrainingRun.of(job().build())
    val request = new NodeRequest(run, new RunDirectory(runsRoot), 1, JSet.copyOf(StandaloneCluster.Hosts.asJava),
      () => true, _ => ())
    Files.createDirectories(request.directory.logDirectory)
    val source = new BarrierNodes(spark, new SparkSlots(spark, nodes), nodes, Duration.ZERO)
    val failure = intercept[TrainingException](source.allocate(request))
    assert(failure.getMessage.contains(
      "Spark gave a host that failed this run before, and no other was free. " +
        "Stop the worker there, add another one, or start the job anew."))
    awaitIdle()
  }

  test("TRN-7 kill -9 of an executor - its rank is lost, the others may save, no process is left") {
    readyScript()
    val handle = launch(job())
    val victim = hostOfWorker(handle.run, 1)
    cluster.executor(victim, spark.sc.applicationId).destroyForcibly()
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.startsWith(
      s"Rank 1 (worker-1, device 0) was lost: the connection to its node $victim ended"))
    assert(Files.exists(out.resolve("last-0")))
    assert(!Files.exists(out.resolve("last-1")))
    assert(processesOf(handle.run) === Seq())
    awaitIdle()
    awaitSlots(4)
  }

  test("TRN-7 kill -9 of an executor, with a retry - goes on with other nodes, the host is isolated") {
    readyScript()
    val handle = launch(job().retries(1))
    val victim = hostOfWorker(handle.run, 1)
    Files.writeString(directory.resolve("second"), "")
    cluster.executor(victim, spark.sc.applicationId).destroyForcibly()
    assert(end(handle) === RunState.COMPLETED, handle.status)
    assert(handle.status.restarts === 1)
    assert(events(handle.run).exists(_.matches(s"\\[worker-[01]\\] Node $victim is isolated for this run")))
    assert(processesOf(handle.run) === Seq())
    awaitIdle()
    awaitSlots(4)
  }

  test("TRN-5 a stage that is cancelled in Spark - ends the run, and its processes may save") {
    readyScript()
    val handle = launch(job())
    Seq(0, 1).foreach(awaitReady(handle.run, _))
    spark.sc.cancelAllJobs()
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.matches("(?s)Rank [01] .* was lost: the connection to its node .* ended.*"))
    Seq(0, 1).foreach(rank => assert(Files.exists(out.resolve(s"last-$rank"))))
    assert(processesOf(handle.run) === Seq())
  }

  private def launch(job: TrainingJob.Builder, nodes: BarrierSettings = nodes): RunHandle =
    barrier(settings, nodes).launch(TrainingRun.of(job.build()))

  /** A job whose output is not in use. */
  private def elsewhere(): TrainingJob.Builder = TrainingJob.builder("others", code, "train.py").nodes(2)

  /** Waits for a signal, or ends at once if there is a file `second`. */
  private def readyScript(): Unit =
    script(s"""import argparse, os, signal, sys
      |p = argparse.ArgumentParser()
      |for name in ("train_url", "rank"): p.add_argument("--" + name)
      |a = p.parse_known_args()[0]
      |if os.path.exists("$directory/second"): sys.exit(0)
      |def save(*_):
      |    open(os.path.join(a.train_url, "last-" + a.rank), "w").close()
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |open(os.path.join(os.environ["MA_LOG_DIR"], "ready-" + a.rank), "w").close()
      |while True: signal.pause()
      |""")

  private def awaitReady(run: TrainingRun, rank: Int): Unit =
    eventually(assert(Files.exists(runDirectory(run).logDirectory.resolve(s"ready-$rank"))))

  /** Once all processes are there: the host that its agent was told. */
  private def hostOfWorker(run: TrainingRun, node: Int): String = {
    Seq(0, 1).foreach(awaitReady(run, _))
    val agent = processesOf(run).find(_.contains(s"node_agent.py $node ")).get
    Files
      .readString(Path.of(s"/proc/${agent.takeWhile(_ != ' ')}/environ"))
      .split('\u0000')
      .find(_.startsWith("MILLRACE_AGENT_HOST="))
      .get
      .dropWhile(_ != '=')
      .drop(1)
  }

  /** Nothing is left for Spark to run, or to try again. */
  private def awaitIdle(): Unit =
    eventually {
      assert(spark.sc.statusTracker.getActiveJobIds().isEmpty)
      assert(spark.sc.statusTracker.getExecutorInfos.map(_.numRunningTasks).sum === 0)
    }
}

object LaunchTwoBarrierNodes extends LaunchTwoNodes {
  override def launcher(settings: LaunchSettings, python: Path, more: Seq[String]): TrainingLauncher =
    new BarrierLauncher(
      new JavaSparkContext(BarrierFixture.configuration(more.head)),
      settings,
      BarrierSettings.of(python.toString),
      Clock.systemUTC())
}
