package io.millrace.training.resource

import java.nio.file.{Files, Path, StandardOpenOption}
import java.time.{Clock, Duration, Instant}
import java.util.{OptionalDouble, List => JList, Map => JMap, TreeMap => JTreeMap}
import java.util.concurrent.LinkedBlockingQueue

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.{Rank, TrainingFixture, TrainingRun}
import io.millrace.training.hang.Vitals
import io.millrace.training.resource.DeviceLoad.Kind.GPU
import io.millrace.training.watch.LogLimits

class UtilisationSuite extends AnyFunSuite with TrainingFixture {

  private val noon = Instant.parse("2026-03-01T12:00:00Z")
  private val busy = new Rank(0, 2, 0, 0, 1)
  private val idle = new Rank(1, 2, 1, 0, 1)
  private val oneDevice = new JobDevices(JList.of(0))

  test("TRN-10 a look at a machine - its figures from /proc - is CPU since the look before, and memory") {
    write(directory.resolve("self/io"), "")
    machine(busyTicks = 1000, idleTicks = 9000)
    process(10, ticks = 500, kb = 250000)
    process(11, ticks = 100, kb = 250000)
    process(20, ticks = 0, kb = 1000)
    val notes = new LinkedBlockingQueue[String]()
    val source = new LinuxUtilisation(directory, 8, 2, oneDevice, DeviceTools.on(""), note => notes.add(note))
    val processes = JMap.of(busy, JList.of[java.lang.Long](10L, 11L, 12L), idle, JList.of[java.lang.Long](20L))
    assert(source.look(noon, processes).nodes.get(0).cpu === 0.0, "only remembered")
    machine(busyTicks = 1750, idleTicks = 9250)
    process(10, ticks = 900, kb = 250000)
    process(12, ticks = 300, kb = 500000)
    Files.delete(directory.resolve("11/stat"))
    Files.delete(directory.resolve("11/status"))
    val look = source.look(noon.plusSeconds(10), processes)
    // 4 s of process 10 and 3 s of the new process 12, in 10 s, on 4 of 8 cores.
    assert(look.nodes.get(0) === new ProcessorLoad(17.5, 75, 750000L * 1024))
    assert(look.nodes.get(1) === new ProcessorLoad(0, 0.1, 1000L * 1024))
    assert(look.machine === new ProcessorLoad(75, 80, 800000L * 1024))
    assert(look.devices.isEmpty)
    assert(notes.asScala.toSeq === Seq("Utilisation of devices is not sampled: neither nvidia-smi nor npu-smi is on the PATH"))
  }

  test("TRN-10 a tool that fails again and again - is told once, and not asked any more") {
    write(directory.resolve("self/io"), "")
    machine(busyTicks = 1, idleTicks = 1)
    val asked = directory.resolve("asked")
    val tool = write(directory.resolve("bin/nvidia-smi"), s"#!/bin/sh\necho x >> $asked\nexit 3\n")
    assert(tool.toFile.setExecutable(true))
    val notes = new LinkedBlockingQueue[String]()
    val tools = DeviceTools.on(directory.resolve("bin").toString)
    val source = new LinuxUtilisation(directory, 8, 2, oneDevice, tools, note => notes.add(note))
    (1 to 6).foreach(second => source.look(noon.plusSeconds(second), JMap.of()))
    assert(notes.asScala.toSeq ===
      Seq(s"Utilisation of devices is not sampled any more: $tool failed with exit code 3"))
    assert(Files.readAllLines(asked).size === 3)
    val ofCpuJob = new LinuxUtilisation(directory, 8, 2, JobDevices.none, tools, note => notes.add(note))
    (1 to 6).foreach(second => ofCpuJob.look(noon.plusSeconds(second), JMap.of()))
    assert(Files.readAllLines(asked).size === 3 && notes.size === 1, "a job without devices asks for none")
  }

  test("TRN-10 utilisation of a run with a busy and an idle process - sampled - tells them apart by node") {
    if (!Files.exists(Path.of("/proc/self/stat"))) cancel("this machine has no /proc")
    val spinning = python("while True: pass")
    val waiting = python("import sys; sys.stdin.read()")
    val file = directory.resolve("utilisation.jsonl")
    val log = new UtilisationLog(file, LogLimits.DEFAULT)
    val source = LinuxUtilisation.ofThisMachine(2, JobDevices.none, _ => ())
    val processes = JMap.of(busy, pids(spinning), idle, pids(waiting))
    val sampler = new UtilisationSampler("test", () => processes, source, JobDevices.none, log,
      UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(200)), Clock.systemUTC())
    try {
      sampler.start()
      eventually(assert(UtilisationLog.read(file).asScala.count(_.nodes.get(0).cpu > 0) >= 5))
    } finally {
      sampler.close()
      log.close()
      Seq(spinning, waiting).foreach(_.destroyForcibly())
    }
    val looks = UtilisationLog.read(file)
    val rows = UtilisationSummary.of(looks).rows.asScala
    def average(place: String, usage: Usage) =
      rows.find(row => row.place.toString == place && row.usage == usage).get.average
    assert(average("worker-0", Usage.CPU) > 5 * (average("worker-1", Usage.CPU) + 0.1))
    assert(average("worker-0", Usage.MEMORY) > 0 && average("worker-1", Usage.MEMORY) > 0)
    assert(average("machine", Usage.CPU) > 0 && average("machine", Usage.MEMORY) > 0)
    assert(looks.asScala.map(_.time).sliding(2).forall(pair => pair.head.isBefore(pair.last)))
  }

  test("TRN-10 a machine without /proc - is told once, and no node is there") {
    val notes = new LinkedBlockingQueue[String]()
    val source = new LinuxUtilisation(directory, 8, 2, oneDevice, DeviceTools.on(""), note => notes.add(note))
    assert(source.look(noon, JMap.of(busy, JList.of[java.lang.Long](10L))).nodes.isEmpty)
    assert(notes.asScala.head === s"Utilisation is not sampled: $directory/self/io cannot be read")
  }

  test("TRN-10 utilisation of a run - over two attempts of an idle process - is one file, and warned about") {
    if (!Files.exists(Path.of("/proc/self/stat"))) cancel("this machine has no /proc")
    script("print()")
    val run = TrainingRun.of(job(1).environment("CUDA_VISIBLE_DEVICES", "4711").build())
    Files.createDirectories(runDirectory(run).root)
    val settings = UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(50))
    val waiting = python("import sys; sys.stdin.read()")
    val usage = RunUtilisation.open(run, runDirectory(run), settings, Clock.systemUTC(), _ => ())
    def looks = UtilisationLog.read(runDirectory(run).utilisationFile).size
    try {
      for (attempt <- 1 to 2) {
        val sampler = usage.sampler(() => JMap.of(new Rank(0, 1, 0, 0, 1), pids(waiting)))
        try {
          sampler.start()
          eventually(assert(looks >= 4 * attempt))
        } finally sampler.close()
      }
      assert(usage.warning.get.matches("Low utilisation: \\d+\\.\\d % of the CPU on average, below 50 %\\. .*"))
    } finally {
      usage.close()
      waiting.destroyForcibly()
    }
  }

  test("TRN-10 the sampler - once its run has no process, or once it is closed - writes nothing") {
    val file = directory.resolve("utilisation.jsonl")
    val log = new UtilisationLog(file, LogLimits.DEFAULT)
    val looked = new LinkedBlockingQueue[Instant]()
    val source: UtilisationSource = (now, _) => { looked.add(now); look(0) }
    val sampler = samplerOf(source, log)
    sampler.start()
    eventually(assert(looked.size >= 3))
    sampler.close()
    val before = looked.size
    assert(Files.size(file) === 0)
    log.close()
    assert(looked.size === before)
  }

  test("TRN-10 a source that fails - is passed over, and the looks go on") {
    val file = directory.resolve("utilisation.jsonl")
    val log = new UtilisationLog(file, LogLimits.DEFAULT)
    val looked = new LinkedBlockingQueue[Instant]()
    val source: UtilisationSource = (now, _) => {
      looked.add(now)
      if (looked.size < 4) throw new IllegalStateException("no /proc today")
      look(looked.size, 0 -> 50.0)
    }
    val sampler = samplerOf(source, log)
    try {
      sampler.start()
      eventually(assert(!UtilisationLog.read(file).isEmpty))
    } finally {
      sampler.close()
      log.close()
    }
  }

  test("TRN-8 utilisation of devices - taken by rank for hang detection - is told once to each rank") {
    val log = new UtilisationLog(directory.resolve("utilisation.jsonl"), LogLimits.DEFAULT)
    val looked = new LinkedBlockingQueue[Instant]()
    val source: UtilisationSource = (now, _) => {
      looked.add(now)
      val devices = JList.of(gpu(0, 10), gpu(1, 90), new DeviceLoad(GPU, 2, OptionalDouble.empty, OptionalDouble.empty))
      new UtilisationLook(now, new ProcessorLoad(1, 1, 1), nodes(0 -> 50.0), devices)
    }
    val (first, second) = (new Rank(0, 2, 0, 0, 2), new Rank(1, 2, 0, 1, 2))
    val sampler = samplerOf(source, log, new JobDevices(JList.of(1, 0)))
    try {
      assert(sampler.takeDeviceUtilisation(first).isEmpty && sampler.takeDeviceUtilisation(second).isEmpty)
      sampler.start()
      eventually(assert(looked.size >= 5))
    } finally {
      sampler.close()
      log.close()
    }
    val taken = sampler.takeDeviceUtilisation(first).asScala
    assert(taken.size >= 3 && taken.forall(_ == 90.0))
    val vitals = Vitals.ofProcesses(1, Duration.ZERO, Duration.ZERO, Vitals.Posture.FREE)
    assert(vitals.withDeviceUtilisation(taken.asJava).deviceUtilisation === taken.asJava)
    assert(sampler.takeDeviceUtilisation(second).asScala.distinct === Seq(10.0))
    assert(sampler.takeDeviceUtilisation(first).isEmpty)
  }

  test("TRN-10 looks - written - are JSON lines, read back, a half last line left out") {
    val file = directory.resolve("utilisation.jsonl")
    val log = new UtilisationLog(file, LogLimits.DEFAULT)
    val one = new UtilisationLook(noon, new ProcessorLoad(93.5, 41.2, 6921654272L), nodes(0 -> 88.0),
      JList.of(new DeviceLoad(GPU, 0, OptionalDouble.of(97), OptionalDouble.of(81.5)),
        new DeviceLoad(DeviceLoad.Kind.NPU, 3, OptionalDouble.of(1.25), OptionalDouble.empty)))
    log.add(one)
    log.close()
    assert(Files.readString(file) ===
      """{"time":"2026-03-01T12:00:00Z","machine":{"cpuUsage":93.5,"memUsage":41.2,"memBytes":6921654272},""" +
        """"nodes":{"worker-0":{"cpuUsage":88.0,"memUsage":2.5,"memBytes":100}},""" +
        """"devices":[{"kind":"gpu","index":0,"gpuUtil":97.0,"gpuMemUsage":81.5},{"kind":"npu","index":3,"npuUtil":1.25}]}""" + "\n")
    Files.writeString(file, "{\"time\":\"20", StandardOpenOption.APPEND)
    assert(UtilisationLog.read(file) === JList.of(one))
    assert(UtilisationLog.read(directory.resolve("none")).isEmpty)
  }

  test("TRN-10 looks - of a run that never ends - take no more room than their limit, the oldest go") {
    val file = directory.resolve("utilisation.jsonl")
    val log = new UtilisationLog(file, new LogLimits(2000, 1))
    (1 to 100).foreach(i => log.add(look(i, 0 -> 50.0)))
    log.close()
    val kept = UtilisationLog.read(file).asScala
    assert(Files.list(directory).iterator.asScala.map(Files.size(_)).sum <= 4000)
    assert(kept.size >= 10 && kept.last.time === noon.plusSeconds(100))
    assert(kept.map(_.time.getEpochSecond).sliding(2).forall(pair => pair.last === pair.head + 1))
  }

  test("TRN-10 utilisation of a GPU job - below 50 % on average - is warned about, its own devices alone counted") {
    def looks(own: Double) = JList.of(1, 2, 3).asScala.map { i =>
      new UtilisationLook(noon.plusSeconds(i.toLong), new ProcessorLoad(1, 1, 1), nodes(0 -> 99.0),
        JList.of(gpu(0, own - 30), gpu(1, own + 30), gpu(2, 0)))
    }.asJava
    val devices = new JobDevices(JList.of(0, 1))
    assert(warning(looks(40), devices) === Some(
      "Low utilisation: 40.0 % of gpu 0, gpu 1 on average, below 50 %. Raise the batch size, read and " +
        "augment data in parallel, or save checkpoints less often; or ask for fewer nodes or devices."))
    assert(warning(looks(50), devices) === None, "50 is not below 50")
    assert(warning(looks(40).subList(0, 2), devices) === None, "too few looks to tell")
    assert(UtilisationSummary.of(looks(40)).warning(devices, 30).isEmpty)
  }

  test("TRN-10 utilisation of a CPU job - is that of its nodes' share of the cores") {
    def looks(cpu: Double) = (1 to 3).map(i => look(i, 0 -> cpu, 1 -> 20.0)).asJava
    assert(warning(looks(60), JobDevices.none).get.startsWith("Low utilisation: 40.0 % of the CPU on average"))
    assert(warning(looks(90), JobDevices.none) === None)
  }

  test("TRN-10 summary - of several looks - has average and maximum of each series, nodes first, machine last") {
    val looks = JList.of(look(1, 0 -> 10.0), look(2, 0 -> 30.0, 1 -> 5.0))
    val rows = UtilisationSummary.of(looks).rows.asScala
    assert(rows.map(row => s"${row.place} ${row.usage.field} ${row.looks} ${row.average} ${row.maximum}") === Seq(
      "worker-0 cpuUsage 2 20.0 30.0", "worker-0 memUsage 2 2.5 2.5", "worker-1 cpuUsage 1 5.0 5.0",
      "worker-1 memUsage 1 2.5 2.5", "machine cpuUsage 2 1.0 1.0", "machine memUsage 2 1.0 1.0"))
  }

  private def warning(looks: JList[UtilisationLook], devices: JobDevices): Option[String] =
    UtilisationSummary.of(looks).warning(devices, UtilisationSettings.DEFAULT.lowPercent).toScala

  private def samplerOf(
      source: UtilisationSource, log: UtilisationLog, devices: JobDevices = JobDevices.none): UtilisationSampler =
    new UtilisationSampler("test", () => JMap.of(), source, devices, log,
      UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(50)), Clock.systemUTC())

  private def look(second: Int, nodeCpu: (Int, Double)*): UtilisationLook =
    new UtilisationLook(noon.plusSeconds(second.toLong), new ProcessorLoad(1, 1, 1), nodes(nodeCpu: _*), JList.of())

  private def nodes(cpu: (Int, Double)*): JTreeMap[Integer, ProcessorLoad] = {
    val nodes = new JTreeMap[Integer, ProcessorLoad]()
    cpu.foreach { case (node, percent) => nodes.put(node, new ProcessorLoad(percent, 2.5, 100)) }
    nodes
  }

  private def gpu(index: Int, percent: Double): DeviceLoad =
    new DeviceLoad(GPU, index, OptionalDouble.of(percent), OptionalDouble.of(1))

  /** Past its start, which takes CPU time of its own. */
  private def python(script: String): Process = {
    val command = s"print('ready', flush=True)\n$script"
    val process = new ProcessBuilder(TrainingFixture.python.executable.toString, "-c", command).start()
    assert(process.inputReader().readLine() === "ready")
    process
  }

  private def pids(process: Process): JList[java.lang.Long] = JList.of(process.pid)

  private def machine(busyTicks: Int, idleTicks: Int): Unit = {
    write(directory.resolve("stat"), s"cpu  $busyTicks 0 0 $idleTicks 0 0 0 0 77 0\ncpu0 1 1 1 1\nintr 5\n")
    write(directory.resolve("meminfo"), "MemTotal:  1000000 kB\nMemFree:  1 kB\nMemAvailable:  200000 kB\n")
  }

  private def process(pid: Int, ticks: Int, kb: Int): Unit = {
    val stat = s"$pid (py) S 1 1 1 0 -1 4194304 9 9 9 9 $ticks 0 7 7 20 0\n"
    write(directory.resolve(s"$pid/stat"), stat)
    write(directory.resolve(s"$pid/task/$pid/stat"), stat)
    write(directory.resolve(s"$pid/status"), s"Name:\tpy\nVmSize:\t 1 kB\nVmRSS:\t  $kb kB\n")
  }
}
