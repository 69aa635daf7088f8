package io.millrace.training.resource

import java.nio.file.{Files, Path, StandardOpenOption}
import java.time.{Clock, Duration, Instant}
import java.util.{OptionalDouble, List => JList, Map => JMap, Set => JSet, TreeMap => JTreeMap}
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

  test("TRN-10 a look at a machine - its figures from /proc - is CPU since the look before, and memory") {
    machine(busyTicks = 1000, idleTicks = 9000)
    process(10, ticks = 500, kb = 250000)
    process(11, ticks = 100, kb = 250000)
    process(20, ticks = 0, kb = 1000)
    val meter = new MachineMeter(8, 2)
    val source = gauge()
    def look(second: Int) = {
      def reading(processes: Long*) = {
        val read = source.read(processes.map(java.lang.Long.valueOf).asJava, JSet.of()).join()
        assert(read.devices.isEmpty)
        new NodeReading(Duration.ofSeconds(second.toLong), read.machine, read.processes, read.devices)
      }
      meter.look(new JTreeMap(JMap.of[Integer, NodeReading](0, reading(10, 11, 12), 1, reading(20)))).get
    }
    assert(look(1).nodes.get(0).cpu === 0.0, "only remembered")
    machine(busyTicks = 1750, idleTicks = 9250)
    process(10, ticks = 900, kb = 250000)
    process(12, ticks = 300, kb = 500000)
    Files.delete(directory.resolve("11/stat"))
    Files.delete(directory.resolve("11/status"))
    val seen = look(11)
    // 4 s of process 10 and 3 s of the new process 12, in 10 s, on 4 of 8 cores.
    assert(seen.nodes.get(0) === new ProcessorLoad(17.5, 75, 750000L * 1024))
    assert(seen.nodes.get(1) === new ProcessorLoad(0, 0.1, 1000L * 1024))
    assert(seen.load === new ProcessorLoad(75, 80, 800000L * 1024))
    assert(seen.devices.isEmpty)
  }

  test("TRN-10 utilisation of a run with a busy and an idle process - sampled - tells them apart by node") {
    if (!Files.exists(Path.of("/proc/self/stat"))) cancel("this machine has no /proc")
    script("print()")
    val spinning = python("while True: pass")
    val waiting = python("import sys; sys.stdin.read()")
    val file = directory.resolve("utilisation.jsonl")
    val log = new UtilisationLog(file, LogLimits.DEFAULT)
    val source = new NodesUtilisation(job().build(), JList.of(here, here), Duration.ofSeconds(10), (_, _) => ())
    val processes = JMap.of[Rank, java.lang.Long](busy, spinning.pid, idle, waiting.pid)
    val sampler = new UtilisationSampler("test", () => processes, source, _ => JList.of(), log,
      UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(200)), Clock.systemUTC())
    try {
      sampler.start()
      eventually(assert(UtilisationLog.read(file).asScala.count(nodesOf(_).get(0).cpu > 0) >= 5))
    } finally {
      sampler.close()
      log.close()
      Seq(spinning, waiting).foreach(_.destroyForcibly())
    }
    val looks = UtilisationLog.read(file)
    val rows = UtilisationSummary.of(looks).rows.asScala
    def average(place: String, usage: Usage) =
      rows.find(row => row.place.toString == place && row.usage == usage).get.average
    assert(average("worker-0 on here", Usage.CPU) > 5 * (average("worker-1 on here", Usage.CPU) + 0.1))
    assert(average("worker-0 on here", Usage.MEMORY) > 0 && average("worker-1 on here", Usage.MEMORY) > 0)
    assert(average("here", Usage.CPU) > 0 && average("here", Usage.MEMORY) > 0)
    assert(looks.asScala.map(_.time).sliding(2).forall(pair => pair.head.isBefore(pair.last)))
  }

  test("TRN-10 utilisation of a run - over two attempts of an idle process - is one file, and warned about") {
    if (!Files.exists(Path.of("/proc/self/stat"))) cancel("this machine has no /proc")
    script("print()")
    val run = TrainingRun.of(job(1).environment("CUDA_VISIBLE_DEVICES", "4711").build())
    Files.createDirectories(runDirectory(run).root)
    val settings = UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(50))
    val waiting = python("import sys; sys.stdin.read()")
    val usage = RunUtilisation.open(run, runDirectory(run), settings, Clock.systemUTC(), (_, _) => ())
    def looks = UtilisationLog.read(runDirectory(run).utilisationFile).size
    try {
      for (attempt <- 1 to 2) {
        val sampler = usage.sampler(JList.of(here), () => JMap.of(new Rank(0, 1, 0, 0, 1), waiting.pid))
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
      val machine = MachineLook.of(new ProcessorLoad(1, 1, 1), nodes(0 -> 50.0)).withDevices(devices, JSet.of(1, 0))
      val other = MachineLook.of(new ProcessorLoad(1, 1, 1), nodes(1 -> 50.0)).withDevices(JList.of(gpu(1, 77)), JSet.of(1))
      new UtilisationLook(now, new JTreeMap(JMap.of("n1", machine, "n2", other)))
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
    val devices = JList.of(new DeviceLoad(GPU, 0, OptionalDouble.of(97), OptionalDouble.of(81.5)),
      new DeviceLoad(DeviceLoad.Kind.NPU, 3, OptionalDouble.of(1.25), OptionalDouble.empty))
    val first = MachineLook.of(new ProcessorLoad(93.5, 41.2, 6921654272L), nodes(0 -> 88.0))
    val one = new UtilisationLook(noon, new JTreeMap(JMap.of("n1", first.withDevices(devices, JSet.of(3)),
      "n2", MachineLook.of(new ProcessorLoad(1, 1, 1), nodes(1 -> 5.0)))))
    log.add(one)
    log.close()
    assert(Files.readString(file) ===
      """{"time":"2026-03-01T12:00:00Z","machines":{"n1":{"cpuUsage":93.5,"memUsage":41.2,"memBytes":6921654272,""" +
        """"nodes":{"worker-0":{"cpuUsage":88.0,"memUsage":2.5,"memBytes":100}},""" +
        """"devices":[{"kind":"gpu","index":0,"gpuUtil":97.0,"gpuMemUsage":81.5},{"kind":"npu","index":3,"npuUtil":1.25}],""" +
        """"used":[3]},"n2":{"cpuUsage":1.0,"memUsage":1.0,"memBytes":1,""" +
        """"nodes":{"worker-1":{"cpuUsage":5.0,"memUsage":2.5,"memBytes":100}}}}}""" + "\n")
    Files.writeString(file, "{\"time\":\"20", StandardOpenOption.APPEND)
    assert(UtilisationLog.read(file) === JList.of(one))
    assert(UtilisationLog.read(directory.resolve("none")).isEmpty)
  }

  test("TRN-10 looks - of a launcher that knew but its own machine - are read as that machine's") {
    val file = write(directory.resolve("utilisation.jsonl"),
      """{"time":"2026-03-01T12:00:00Z","machine":{"cpuUsage":93.5,"memUsage":41.2,"memBytes":6921654272},""" +
        """"nodes":{"worker-0":{"cpuUsage":88.0,"memUsage":2.5,"memBytes":100}},""" +
        """"devices":[{"kind":"gpu","index":2,"gpuUtil":97.0,"gpuMemUsage":81.5}]}""" + "\n")
    val machine = MachineLook.of(new ProcessorLoad(93.5, 41.2, 6921654272L), nodes(0 -> 88.0)).withDevices(
      JList.of(new DeviceLoad(GPU, 2, OptionalDouble.of(97), OptionalDouble.of(81.5))), JSet.of(2))
    assert(UtilisationLog.read(file) === JList.of(new UtilisationLook(noon, new JTreeMap(JMap.of("localhost", machine)))))
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
    def looks(own: Double) = (1 to 3).map { i =>
      look(i, Map("n1" -> MachineLook.of(new ProcessorLoad(1, 1, 1), nodes(0 -> 99.0)).withDevices(
        JList.of(gpu(0, own - 30), gpu(1, own + 30), gpu(2, 0)), JSet.of(0, 1))))
    }.asJava
    assert(warning(looks(40)) === Some(
      "Low utilisation: 40.0 % of gpu 0, gpu 1 on n1 on average, below 50 %. Raise the batch size, read and " +
        "augment data in parallel, or save checkpoints less often; or ask for fewer nodes or devices."))
    assert(warning(looks(50)) === None, "50 is not below 50")
    assert(warning(looks(40).subList(0, 2)) === None, "too few looks to tell")
    assert(UtilisationSummary.of(looks(40)).warning(30).isEmpty)
  }

  test("TRN-10 utilisation of a GPU job on two machines - the same number on both - is of two devices") {
    def machine(node: Int, busy: Double) = MachineLook.of(new ProcessorLoad(1, 1, 1), nodes(node -> 99.0))
      .withDevices(JList.of(gpu(0, busy)), JSet.of(0))
    val looks = (1 to 3).map(i => look(i, Map("n1" -> machine(0, 90), "n2" -> machine(1, 0)))).asJava
    val rows = UtilisationSummary.of(looks).rows.asScala.filter(_.usage == Usage.GPU)
    assert(rows.map(row => s"${row.place} ${row.average}") === Seq("gpu 0 on n1 90.0", "gpu 0 on n2 0.0"))
    assert(warning(looks).get.startsWith("Low utilisation: 45.0 % of 2 devices on 2 machines on average, below 50 %."))
  }

  test("TRN-10 utilisation of a CPU job - is that of its nodes' share of the cores") {
    def looks(cpu: Double) = (1 to 3).map(i => look(i, 0 -> cpu, 1 -> 20.0)).asJava
    assert(warning(looks(60)).get.startsWith("Low utilisation: 40.0 % of the CPU on average"))
    assert(warning(looks(90)) === None)
  }

  test("TRN-10 summary - of several looks - has average and maximum of each series, nodes first, machines last") {
    val looks = JList.of(look(1, 0 -> 10.0), look(2, 0 -> 30.0, 1 -> 5.0))
    val rows = UtilisationSummary.of(looks).rows.asScala
    assert(rows.map(row => s"${row.place} ${row.usage.field} ${row.looks} ${row.average} ${row.maximum}") === Seq(
      "worker-0 on n1 cpuUsage 2 20.0 30.0", "worker-0 on n1 memUsage 2 2.5 2.5", "worker-1 on n1 cpuUsage 1 5.0 5.0",
      "worker-1 on n1 memUsage 1 2.5 2.5", "n1 cpuUsage 2 1.0 1.0", "n1 memUsage 2 1.0 1.0"))
  }

  private def warning(looks: JList[UtilisationLook]): Option[String] =
    UtilisationSummary.of(looks).warning(UtilisationSettings.DEFAULT.lowPercent).toScala

  private def samplerOf(
      source: UtilisationSource, log: UtilisationLog, devices: JobDevices = JobDevices.none): UtilisationSampler =
    new UtilisationSampler("test", () => JMap.of(), source, devices.of(_), log,
      UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(50)), Clock.systemUTC())

  private def look(second: Int, nodeCpu: (Int, Double)*): UtilisationLook =
    look(second, Map("n1" -> MachineLook.of(new ProcessorLoad(1, 1, 1), nodes(nodeCpu: _*))))

  private def look(second: Int, machines: Map[String, MachineLook]): UtilisationLook =
    new UtilisationLook(noon.plusSeconds(second.toLong), new JTreeMap(machines.asJava))

  private def nodesOf(look: UtilisationLook): java.util.SortedMap[Integer, ProcessorLoad] =
    look.machines.get(look.machines.firstKey).nodes

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

  /** This machine; processes stand for themselves, not for what they have started. */
  private def here: NodeGauge =
    new LinuxGauge(Path.of("/proc"), "here", 2, JMap.of(), DeviceTools.on(""), process => JList.of(process))

  private def gauge(): NodeGauge =
    new LinuxGauge(directory, "here", 8, JMap.of(), DeviceTools.on(""), process => JList.of(process))

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
