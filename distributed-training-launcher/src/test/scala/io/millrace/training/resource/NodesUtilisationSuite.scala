package io.millrace.training.resource

import java.nio.file.{Files, Path}
import java.time.{Duration, Instant}
import java.util.{List => JList, Map => JMap, Optional, OptionalDouble, Set => JSet}
import java.util.concurrent.{CompletableFuture, LinkedBlockingQueue}

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.{DeviceType, Rank, TrainingFixture, TrainingJob}
import io.millrace.training.resource.DeviceLoad.Kind.GPU
import io.millrace.training.resource.NodeReading.{MachineCounters, ProcessCounters}

/** Nodes that answer what a test wants, when it wants. */
class NodesUtilisationSuite extends AnyFunSuite with TrainingFixture {

  private val noon = Instant.parse("2026-03-01T12:00:00Z")
  private val notes = new LinkedBlockingQueue[String]()

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    notes.clear()
    script("print()")
  }

  test("TRN-10 two nodes on one machine - the machine and its devices - count once, and the first node tells of them") {
    val nodes = Seq(new Node("m", gpus = Seq(10.0, 20.0)), new Node("m", gpus = Seq(10.0, 20.0)))
    val look = looks(nodes).apply(1)
    assert(look.machines.keySet.asScala === Set("m"))
    assert(look.machines.get("m").nodes.keySet.asScala === Set(0, 1))
    assert(look.machines.get("m").devices.asScala.map(_.index) === Seq(0, 1))
    assert(nodes.map(_.asked.map(_.isEmpty)) === Seq(Seq(false), Seq(true)), "which nodes were asked for devices")
  }

  test("TRN-10 two machines - of another name, or of one name but started each by itself - count each") {
    val look = looks(Seq(
      new Node("m", gpus = Seq(10)), new Node("n", gpus = Seq(20)), new Node("m", boot = "b", gpus = Seq(30)))).apply(1)
    assert(look.machines.asScala.map { case (name, machine) =>
      (name, machine.nodes.firstKey.toInt, machine.devices.get(0).utilisation.getAsDouble)
    }.toSet === Set(("m", 0, 10.0), ("n", 1, 20.0), ("m (worker-2)", 2, 30.0)))
  }

  test("TRN-10 CPU of a node - over its own clock and its share of the cores - whatever the launcher's clock says") {
    val node = new Node("m")
    val look = looks(Seq(node, new Node("m")))
    look(1)
    node.clock = node.clock.plusSeconds(2)
    node.cpu = node.cpu.plusSeconds(3)
    // 3 s in 2 s, on 2 of 4 cores.
    assert(look(100).machines.get("m").nodes.get(0).cpu === 75.0)
  }

  test("TRN-10 a node that is lost, and one that does not answer - are missing from a look, and not asked twice at a time") {
    val (lives, lost, late) = (new Node("m"), new Node("n"), new Node("o"))
    lost.problemOfRead = Some(new java.io.IOException("the connection ended"))
    late.silent = true
    val look = looks(Seq(lives, lost, late), patience = Duration.ofMillis(50))
    assert(look(1).machines.keySet.asScala === Set("m"))
    assert(look(2).machines.keySet.asScala === Set("m"))
    assert(Seq(lives, lost, late).map(_.asked.size) === Seq(2, 2, 1))
    late.silent = false
    late.answer()
    assert(look(3).machines.keySet.asScala === Set("m", "o"))
  }

  test("TRN-10 a look that waits for a node - once its attempt ends - ends with what is there") {
    val late = new Node("o")
    late.silent = true
    val source = utilisation(Seq(new Node("m"), late), Duration.ofHours(1))
    val look = CompletableFuture.supplyAsync(() => source.look(noon, processes(2)))
    eventually(assert(late.asked.nonEmpty))
    source.close()
    eventually(assert(look.isDone))
    assert(look.join().machines.keySet.asScala === Set("m"))
  }

  test("TRN-10 nodes without processes - are not asked, and one whose /proc is hidden is told of") {
    val (ended, hidden) = (new Node("m"), new Node("n"))
    hidden.hides = Optional.of("/proc/self/io cannot be read on n")
    val source = utilisation(Seq(ended, hidden))
    assert(source.look(noon, JMap.of(new Rank(1, 2, 1, 0, 1), 1L)).isEmpty)
    assert(ended.asked.isEmpty && hidden.asked.isEmpty)
    assert(notes.asScala.toSeq === Seq("1 Utilisation is not sampled: /proc/self/io cannot be read on n"))
  }

  test("TRN-10 a tool that fails again and again - is told once a machine, and not asked any more") {
    val asked = directory.resolve("asked")
    val tool = write(directory.resolve("bin/nvidia-smi"), s"#!/bin/sh\necho x >> $asked\nexit 3\n")
    assert(tool.toFile.setExecutable(true))
    def gauge = new LinuxGauge(Path.of("/proc"), "m", 2, JMap.of(),
      DeviceTools.on(directory.resolve("bin").toString), process => JList.of(process))
    val look = looks(Seq(gauge, gauge))
    (1 to 6).foreach(look)
    assert(notes.asScala.toSeq ===
      Seq(s"0 Utilisation of the devices of m is not sampled any more: $tool failed with exit code 3"))
    assert(Files.readAllLines(asked).size === 3, "by the first node alone")
    val ofCpuJob = looks(Seq(gauge, gauge), DeviceType.CPU)
    (1 to 6).foreach(ofCpuJob)
    assert(Files.readAllLines(asked).size === 3 && notes.size === 1, "a job without devices asks for none")
  }

  test("TRN-10 a machine without tools - is told of once, others are not") {
    val look = looks(Seq(new Node("m", gpus = Seq(5)), new Node("n")))
    (1 to 3).foreach(look)
    assert(notes.asScala.toSeq === Seq(
      "1 Utilisation of the devices of n is not sampled: neither nvidia-smi nor npu-smi is on its PATH"))
    assert(look(4).machines.get("m").devices.size === 1)
  }

  private def utilisation(
      nodes: Seq[NodeGauge],
      patience: Duration = Duration.ofSeconds(60),
      kind: DeviceType = DeviceType.GPU): NodesUtilisation =
    new NodesUtilisation(
      job(nodes.size).deviceType(kind).build(), nodes.asJava, patience, (node, note) => notes.add(s"$node $note"))

  private def looks(
      nodes: Seq[NodeGauge],
      kind: DeviceType = DeviceType.GPU,
      patience: Duration = Duration.ofSeconds(60)): Int => UtilisationLook = {
    val source = utilisation(nodes, patience, kind)
    second => source.look(noon.plusSeconds(second.toLong), processes(nodes.size))
  }

  private def processes(nodes: Int): JMap[Rank, java.lang.Long] =
    (0 until nodes).map(node => new Rank(node, nodes, node, 0, 1) -> java.lang.Long.valueOf(7)).toMap.asJava

  private class Node(name: String, boot: String = "a", gpus: Seq[Double] = Nil) extends NodeGauge {
    val asked: ArrayBuffer[JSet[VendorTool]] = ArrayBuffer()
    var problemOfRead: Option[Exception] = None
    var silent: Boolean = false
    var clock: Duration = Duration.ofSeconds(1000)
    var cpu: Duration = Duration.ofSeconds(1)
    private val owed = new CompletableFuture[NodeReading]()
    var hides: Optional[String] = Optional.empty()

    override def machine: Machine = new Machine(name, boot)
    override def cores: Int = 4
    override def problem: Optional[String] = hides
    override def devices(job: TrainingJob): JobDevices = JobDevices.of(job, JList.of(), JMap.of())

    override def read(supervised: JList[java.lang.Long], tools: JSet[VendorTool]): CompletableFuture[NodeReading] = {
      asked += tools
      if (silent) owed
      else problemOfRead.fold(CompletableFuture.completedFuture(reading(tools)))(CompletableFuture.failedFuture(_))
    }

    def answer(): Unit = owed.complete(reading(JSet.of()))

    private def reading(tools: JSet[VendorTool]): NodeReading = {
      val loads = gpus.zipWithIndex.map { case (busy, index) =>
        new DeviceLoad(GPU, index, OptionalDouble.of(busy), OptionalDouble.empty)
      }
      val told: DeviceReading = if (gpus.isEmpty) new DeviceReading.NoTool else new DeviceReading.Read(loads.asJava)
      new NodeReading(
        clock,
        new MachineCounters(1, 2, 1000, 500),
        JList.of(new ProcessCounters(7, cpu, 10)),
        if (tools.isEmpty) Optional.empty() else Optional.of(told))
    }
  }
}
