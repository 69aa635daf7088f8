package io.millrace.jobs.cli

import java.nio.file.{Files, Path}
import java.util.Comparator

import scala.jdk.CollectionConverters._

import org.scalatest.concurrent.Eventually
import org.scalatest.time.{Millis, Seconds, Span}
import org.scalatest.{BeforeAndAfterEach, Suite}

import io.millrace.training.RunState
import io.millrace.training.watch.{RunRecord, RunRegistry, StateFile}

/** Real runs of a script that a plain Python is enough for, by the command line, in a directory of each test. */
trait TrainRuns extends BeforeAndAfterEach with Eventually { this: Suite =>

  implicit override def patienceConfig: PatienceConfig =
    PatienceConfig(timeout = Span(60, Seconds), interval = Span(50, Millis))

  protected var directory: Path = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    directory = Files.createTempDirectory("train").toRealPath()
    Files.createDirectories(directory.resolve("code"))
    ()
  }

  override protected def afterEach(): Unit = {
    if (Files.isDirectory(runs)) {
      RunRegistry.at(runs).list().asScala.filterNot(_.status.state.isTerminal).foreach { left =>
        // A run whose launcher was killed has nobody to ask.
        if (StateFile.read(left.directory.stateFile).launcher.isAlive) left.requestKill()
        left.awaitEnd()
      }
    }
    val all = Files.walk(directory)
    try all.sorted(Comparator.reverseOrder()).forEach(Files.delete(_))
    finally all.close()
    super.afterEach()
  }

  protected def runs: Path = directory.resolve("runs")

  protected def script(text: String): Unit = {
    Files.writeString(directory.resolve("code/train.py"), text.stripMargin)
    ()
  }

  /** A script that prints `before N`, waits for [[open]], and prints `after N`. */
  protected def gatedScript(): Unit = {
    Seq(0, 1).foreach(node => assert(new ProcessBuilder("mkfifo", gate(node).toString).start().waitFor() == 0))
    script(s"""import os
      |node = os.environ["VC_TASK_INDEX"]
      |print("before", node, flush=True)
      |open("$directory/gate-" + node).read()
      |print("after", node, flush=True)
      |""")
  }

  protected def open(node: Int): Unit = {
    Files.writeString(gate(node), "go")
    ()
  }

  private def gate(node: Int): Path = directory.resolve(s"gate-$node")

  protected val submitted: Seq[String] = Seq("--boot-file", "train.py", "--framework", "custom", "--grace", "5")

  protected def train(arguments: String*): CommandLineRun =
    CommandLineRun.of(Seq("train") ++ arguments ++ Seq("--runs", runs.toString): _*)

  protected def live(arguments: String*): LiveCommand =
    new LiveCommand(Seq("train") ++ arguments ++ Seq("--runs", runs.toString): _*)

  protected def submit(options: String*): CommandLineRun =
    train(Seq("submit", "--code-dir", directory.resolve("code").toString) ++ submitted ++ options: _*)

  /** The run of that job that was started last. */
  protected def record(job: String): RunRecord = RunRegistry.at(runs).find(job)

  protected def awaitState(job: String, state: RunState): Unit = {
    eventually(assert(record(job).status.state === state))
    ()
  }
}
