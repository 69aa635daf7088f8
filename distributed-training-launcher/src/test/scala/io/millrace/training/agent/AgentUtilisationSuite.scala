package io.millrace.training.agent

import java.nio.file.Path
import java.time.{Clock, Duration}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training._
import io.millrace.training.gang.GangLauncher
import io.millrace.training.hang.HangSettings
import io.millrace.training.resource.{UtilisationLog, UtilisationLook, UtilisationSettings}
import io.millrace.training.watch.RunEvent.Type

/**
 * Real agents and processes over TCP, on hosts that have a name each (UTS namespaces); no GPU, but a
 * script on the agents' PATH that prints what nvidia-smi prints.
 */
class AgentUtilisationSuite extends AnyFunSuite with TrainingFixture {

  private val sampled = UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(200))

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    val unshared = new ProcessBuilder("sh", "-c", "unshare --uts true 2>/dev/null").start().waitFor() == 0
    if (!unshared) cancel("hosts with names of their own need Linux, util-linux and root")
  }

  test("TRN-10 two hosts, the fake nvidia-smi of each - real processes, a busy and an idle one - are told apart by host") {
    script("""import os, signal
      |while os.environ["VC_TASK_INDEX"] == "0": pass
      |signal.pause()
      |""")
    tool(0, "echo '0, 90, 40000, 80000'; echo '1, 10, 0, 80000'")
    tool(1, "echo '0, 0, 0, 80000'; echo '1, 30, 20000, 80000'")
    val handle = launch(job().deviceType(DeviceType.GPU), devices = Some("1"))
    eventually(assert(whole(handle.run).size >= 4))
    handle.stop()
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.TERMINATED)
    val look = whole(handle.run).last
    val (first, second) = (look.machines.get("gpu-host-0"), look.machines.get("gpu-host-1"))
    assert(first.nodes.keySet.asScala === Set(0) && second.nodes.keySet.asScala === Set(1))
    assert(first.nodes.get(0).cpu > 5 && second.nodes.get(1).cpu < 5, look)
    assert(first.load.memory > 0 && Seq(first.nodes.get(0), second.nodes.get(1)).forall(_.memoryBytes > 1000000), look)
    assert(Seq(first, second).map(_.devices.asScala.map(_.utilisation.getAsDouble)) === Seq(Seq(90, 10), Seq(0, 30)))
    assert(first.used.asScala === Set(1) && second.used.asScala === Set(1), "those that the back end gave")
    assert(told(handle.run, Type.UTILISATION_LOW).head.startsWith(
      "Low utilisation: 20.0 % of 2 devices on 2 machines on average, below 50 %."))
    assert(told(handle.run, Type.UTILISATION_PARTIAL).isEmpty)
  }

  test("TRN-10 hosts without a tool, and with a fake one that fails - are told of once each, and their CPU is sampled") {
    script("import signal; signal.pause()")
    tool(1, "exit 9")
    val handle = launch(job().deviceType(DeviceType.GPU))
    eventually(assert(told(handle.run, Type.UTILISATION_PARTIAL).size === 2))
    val before = whole(handle.run).size
    eventually(assert(whole(handle.run).size >= before + 3))
    handle.stop()
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.TERMINATED)
    assert(told(handle.run, Type.UTILISATION_PARTIAL).sorted === Seq(
      "[worker-0] Utilisation of the devices of gpu-host-0 is not sampled: neither nvidia-smi nor npu-smi is on its PATH",
      s"[worker-1] Utilisation of the devices of gpu-host-1 is not sampled any more: ${path(1)}/nvidia-smi failed with exit code 9"))
  }

  test("TRN-8 processes that spin on other hosts, their fake nvidia-smi at the same figure - are suspected to hang") {
    script("while True: pass")
    Seq(0, 1).foreach(tool(_, "echo '0, 100, 40000, 80000'"))
    val hangs = HangSettings.DEFAULT.withPeriod(Duration.ofSeconds(1)).withAction(HangSettings.Action.STOP)
    val handle = launch(job().deviceType(DeviceType.GPU), hangs = hangs)
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.FAILED)
    assert(told(handle.run, Type.HUNG).head.matches(
      "Suspected hang: devices busy without change, and nothing .* by any process, for \\d+ periods of 1.0 s: rank 0 \\(worker-0, device 0\\), rank 1 \\(worker-1, device 0\\)"))
  }

  /** Looks that tell of both hosts. */
  private def whole(run: TrainingRun): Seq[UtilisationLook] =
    UtilisationLog.read(runDirectory(run).utilisationFile).asScala
      .filter(look => look.machines.size == 2 && look.machines.values.asScala.forall(!_.nodes.isEmpty)).toSeq

  private def launch(
      job: TrainingJob.Builder,
      devices: Option[String] = None,
      hangs: HangSettings = HangSettings.DEFAULT): RunHandle = {
    val nodes = new StartedAgents(
      TrainingFixture.python.executable,
      environment = devices.map("MILLRACE_AGENT_DEVICES" -> _).toMap,
      prefix = node =>
        Seq("unshare", "--uts", "sh", "-c", s"hostname gpu-host-$node; PATH=${path(node)}:/usr/bin:/bin exec \"$$@\"", "sh"))
    new GangLauncher(settings.withUtilisation(sampled).withHang(hangs), nodes, _ => JList.of(), Clock.systemUTC())
      .launch(TrainingRun.of(job.build()))
  }

  private def path(node: Int): Path = directory.resolve(s"bin-$node")

  private def tool(node: Int, script: String): Unit = {
    val file = write(path(node).resolve("nvidia-smi"), s"#!/bin/sh\n$script\n")
    assert(file.toFile.setExecutable(true))
  }
}
