package io.millrace.jobs.bench

import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.{List => JList, Set => JSet}

import scala.collection.mutable
import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.BeforeAndAfterEach
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.local.{PythonFinder, PythonInterpreter}

/** Real processes; what needs torch is cancelled where no Python imports it. */
class TrainBenchmarkSuite extends AnyFunSuite with BeforeAndAfterEach {
  private var directory: Path = _

  override protected def beforeEach(): Unit =
    directory = Files.createTempDirectory("millrace-bench-suite-")

  override protected def afterEach(): Unit = BenchRun.delete(directory)

  private val ids = Seq("first-line", "first-line-command", "first-reduce", "step-vs-torchrun",
    "step-vs-plain", "launcher-memory", "log-200-mb", "kill-to-end")

  private def config(only: String*) =
    new BenchConfig(0.01, 1, 0, 1, 2, JSet.of(only: _*), directory)

  private lazy val torch = PythonFinder.onThisMachine().find(JList.of("torch"))

  /** Any Python: the script imports torch only for what needs it. */
  private def python: TorchPython = {
    val search = PythonFinder.onThisMachine().find(JList.of())
    new TorchPython(search.found.toScala.getOrElse(cancel(search.explanation)), "none", true)
  }

  private def job(task: RankTask, ranks: Int = 2, count: Long = 1): RankJob = {
    val made = new RankJob(task, ranks, count, 0, 1, directory.resolve(s"job-$task"))
    made.prepare()
    made
  }

  private def marks(job: RankJob, started: StartedRanks): Seq[RankMark] = {
    assert(started.awaitEnd(Duration.ofMinutes(2)), "the ranks do not end")
    job.left.toScala.getOrElse(fail(started.lastWords)).asScala.toSeq
  }

  test("TRN bench - every row at a small scale - has its figures, and is not judged") {
    if (torch.found.isEmpty) cancel(torch.explanation)
    val said = mutable.Buffer[String]()
    val rows = Benchmark.TRAIN.run(config(), said += _).asScala
    assert(rows.map(_.id) == ids)
    rows.foreach { row =>
      val json = row.toJson
      assert(json.get("value").isNumber && json.get("value").asDouble > 0, json)
      assert(json.get("met").isNull, "a reduced size was judged by the goal of the full one")
    }
    val detail = rows.map(row => row.id -> row.detail).toMap
    assert(detail("first-line").contains("; torch "), detail)
    assert(detail("step-vs-plain").contains("for 3 steps; rounds of one contestant differ by 0.0 %"))
    assert("""\d+ MB, peak \d+ MB""".r.findAllIn(detail("launcher-memory")).size == 4,
      "a Java, two supervisors, and torchrun's agent: " + detail("launcher-memory"))
    assert(said.contains("Measuring kill-to-end"))
    val left = ProcessHandle.allProcesses.iterator.asScala
      .filter(_.info.commandLine.map[Boolean](_.contains(RankJob.SCRIPT)).orElse(false))
      .filter(each => each.info.commandLine.get.contains("millrace-bench-")).toSeq
    assert(left.isEmpty, left.map(_.info.commandLine))
  }

  test("TRN bench - no Python imports torch - every row says so, and how to get it") {
    val empty = PythonFinder.preferring("/nowhere/python").find(JList.of("no_such_module"))
    assert(empty.found.isEmpty)
    val none = new TrainBenchmark(config(), _ => (), () => empty).run().asScala
    assert(none.map(_.id) == ids)
    none.foreach { row =>
      assert(row.value.isEmpty && row.met.isEmpty)
      assert(row.detail.startsWith("Cannot find a Python that imports no_such_module: tried /nowhere/python (not found)"))
    }
  }

  test("TRN bench - our run and plain processes - run the same script with the same arguments") {
    val plain = job(RankTask.FIRST_LINE_ONLY)
    val started = ProcessRanks.byHand(plain, python)
    val theirs = try marks(plain, started) finally started.close()
    BenchRun.delete(plain.home)
    val same = job(RankTask.FIRST_LINE_ONLY)
    val run = RunRanks.start(same, python.interpreter)
    val ours = try marks(same, run) finally run.close()
    assert((ours ++ theirs).map(_.pid).distinct.size == 4)
    assert(ours.forall(_.figure > RankMark.last(theirs.asJava)), "they ran one after the other")
  }

  test("TRN bench - ranks that print - all arrives in the log of the run") {
    val printing = job(RankTask.LINES, ranks = 1, count = 20000)
    val run = RunRanks.start(printing, python.interpreter)
    try marks(printing, run) finally run.close()
    val sizes = Files.walk(printing.home).iterator.asScala.filter(_.toString.contains("/logs/"))
      .map(Files.size(_)).filter(_ >= 2000000).toSeq
    assert(sizes.size == 2, "the log of the process and that of its node")
    assert(sizes.contains(2000000L))
  }

  test("TRN bench - a job that is closed early - leaves no process") {
    val waiting = job(RankTask.WAIT)
    val started = ProcessRanks.byHand(waiting, python)
    val pids = try Iterator.continually(waiting.left).flatMap(_.toScala).next().asScala.map(_.pid)
    finally started.close()
    assert(started.isOver)
    assert(pids.forall(pid => !ProcessHandle.of(pid).map[Boolean](_.isAlive).orElse(false)))
  }

  test("TRN bench - a rank that fails - the row says how the job ended") {
    Files.createDirectories(directory.resolve("bin"))
    val broken = Files.writeString(directory.resolve("bin/python3"), "#!/bin/sh\necho no luck\nexit 3\n")
    broken.toFile.setExecutable(true)
    val failing = job(RankTask.FIRST_LINE_ONLY)
    val started = RunRanks.start(failing, new PythonInterpreter(broken, ""))
    try {
      assert(started.awaitEnd(Duration.ofMinutes(1)))
      assert(failing.left.isEmpty && started.lastWords.contains("its supervisor ended"), started.lastWords)
    } finally started.close()
  }

  test("memory - of a process as /proc tells it - is read with its peak, or said to be missing") {
    val found = ResidentMemory.parse("Name:\tjava\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n")
    assert(found.megabytes == 100 && found.toString == "100 MB, peak 200 MB")
    val error = intercept[UnmeasurableException](ResidentMemory.parse("Name:\tjava\n"))
    assert(error.getMessage == "The system tells no VmRSS: of a process.")
  }
}
