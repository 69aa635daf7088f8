package io.millrace.training

import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.concurrent.Eventually
import org.scalatest.time.{Millis, Seconds, Span}
import org.scalatest.{BeforeAndAfterEach, Suite}

import io.millrace.dataset.StorageUri
import io.millrace.training.gang.{LaunchSettings, NodeChecks}
import io.millrace.training.local.{PythonFinder, PythonInterpreter}
import io.millrace.training.watch.{RunDirectory, RunEvent, RunRecord, RunRegistry}

/** A fresh directory for each test, with code, runs and outputs below it. */
trait TrainingFixture extends BeforeAndAfterEach with Eventually { this: Suite =>

  implicit override def patienceConfig: PatienceConfig =
    PatienceConfig(timeout = Span(60, Seconds), interval = Span(20, Millis))

  protected var directory: Path = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    directory = Files.createTempDirectory("training").toRealPath()
  }

  override protected def afterEach(): Unit = {
    FileTree.delete(directory)
    super.afterEach()
  }

  protected def code: Path = directory.resolve("code")
  protected def runsRoot: Path = directory.resolve("runs")
  protected def out: Path = directory.resolve("out")

  protected def write(file: Path, text: String): Path = {
    Files.createDirectories(file.getParent)
    Files.writeString(file, text)
  }

  /** Code of one file, train.py. */
  protected def script(text: String): Unit = write(code.resolve("train.py"), text.stripMargin)

  protected def job(nodes: Int = 2): TrainingJob.Builder =
    TrainingJob
      .builder("cells", code, "train.py")
      .output(TrainingOutput.of("train_url", StorageUri.of(out)))
      .nodes(nodes)

  protected def settings: LaunchSettings =
    LaunchSettings
      .of(runsRoot)
      .withGrace(Duration.ofSeconds(20))
      .withSyncPeriod(Duration.ofMillis(50))
      .withChecks(NodeChecks.DEFAULT.withWhen(NodeChecks.When.NEVER))

  protected def record(run: TrainingRun): RunRecord =
    RunRegistry.at(runsRoot).find(run.id.value)

  protected def runDirectory(run: TrainingRun): RunDirectory = RunDirectory.of(runsRoot, run)

  protected def workerLog(run: TrainingRun, node: Int): String =
    Files.readString(runDirectory(run).workerLog(run, node))

  /** The messages of one kind of event. */
  protected def told(run: TrainingRun, kind: RunEvent.Type): Seq[String] =
    record(run).events().asScala.filter(_.`type` == kind).map(_.message).toSeq

  protected def events(run: TrainingRun): Seq[String] =
    record(run).events().asScala.map(_.message).toSeq
}

object TrainingFixture {
  lazy val python: PythonInterpreter = PythonFinder.onThisMachine().find(JList.of()).require()

  /**
   * The processes of a run, found by the environment and the arguments that they were started with: the number and the
   * arguments of each.
   */
  def processesOf(run: TrainingRun): Seq[String] =
    ProcessHandle
      .allProcesses()
      .iterator()
      .asScala
      .map(_.pid)
      .filter(pid => pid != ProcessHandle.current().pid)
      .map(pid => (s"$pid " + read(pid, "cmdline"), read(pid, "environ")))
      .filter { case (command, environment) =>
        Seq(command, environment).exists(text => text.contains(run.clusterName) || text.contains(run.displayName))
      }
      .map { case (command, _) => command.replace('\u0000', ' ') }
      .toSeq

  private def read(pid: Long, file: String): String =
    try Files.readString(Path.of(s"/proc/$pid/$file"), java.nio.charset.StandardCharsets.ISO_8859_1)
    catch { case _: java.io.IOException => "" }
}
