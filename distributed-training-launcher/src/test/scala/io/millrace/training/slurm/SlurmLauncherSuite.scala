package io.millrace.training.slurm

import java.nio.file.{Files, Path}
import java.time.{Clock, Duration}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.BeforeAndAfterAll

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.LaunchSettings

/** A real Slurm with two nodes on this machine. Cancelled where its daemons are missing. */
class SlurmLauncherSuite extends TrainingLauncherBehaviors with BeforeAndAfterAll {

  private lazy val cluster = SlurmCluster.start()
  private val waits =
    """import os, signal, sys, time
      |def sign(name): return os.path.join(os.environ["MA_LOG_DIR"], name + os.environ["VC_TASK_INDEX"])
      |if os.path.exists(sign("ready-")): sys.exit(0)
      |open(sign("ready-"), "w").close()
      |signal.pause()
      |"""

  override protected def beforeEach(): Unit = {
    SlurmCluster.problem.foreach(problem => cancel(problem))
    super.beforeEach()
  }

  override protected def afterAll(): Unit =
    try if (SlurmCluster.problem.isEmpty) cluster.stop()
    finally super.afterAll()

  private def slurm: SlurmSettings = SlurmLauncherSuite.slurm(TrainingFixture.python.executable, cluster.environment)

  override protected def launcher(settings: LaunchSettings): TrainingLauncher =
    new SlurmLauncher(settings, slurm, Clock.systemUTC())

  override protected def launcherProgram: String = "io.millrace.training.slurm.LaunchTwoSlurmNodes"

  override protected def launcherArguments: Seq[String] = Seq(cluster.environment("SLURM_CONF"))

  test("TRN-4 slurm - two nodes with two devices each - get them by --gres, one agent a node") {
    script("""import os
      |print("on", os.environ["VC_TASK_INDEX"], "gpus", os.environ.get("CUDA_VISIBLE_DEVICES"))
      |""")
    val handle = new SlurmLauncher(settings, slurm.withGres("gpu"), Clock.systemUTC())
      .launch(TrainingRun.of(job().devicesPerNode(2).build()))
    assert(end(handle) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach(node => assert(workerLog(handle.run, node).contains(s"on $node gpus 0,1\n")))
  }

  test("TRN-4 slurm - more nodes than the partition has - fails at once and says so") {
    script("")
    val handle = launcher(settings).launch(TrainingRun.of(job(nodes = 3).build()))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.matches(
      "Cannot run the job: Slurm cannot give 3 nodes \\(job \\d+\\): PartitionNodeLimit, it asks for more nodes than " +
        "the partition gives\\. Ask for less, or give another partition\\."), handle.status.message)
    eventually(assert(cluster.command("squeue", "-h").trim === ""))
  }

  test("TRN-4 slurm - nodes that are busy - the run waits, says why, and can be stopped meanwhile") {
    script(waits)
    val first = launcher(settings).launch(TrainingRun.of(job().build()))
    awaitReady(first.run)
    script("")
    val whole = slurm.withOptions(JList.of("--exclusive"))
    val second = new SlurmLauncher(settings, whole, Clock.systemUTC())
      .launch(TrainingRun.of(TrainingJob.builder("later", code, "train.py").nodes(2).build()))
    eventually(assert(events(second.run).exists(_.matches(
      "Waiting for Slurm \\(job \\d+\\): (Resources, not enough nodes are free|Priority, .*)"))))
    assert(second.state === RunState.WAITING)
    second.stop()
    assert(end(second) === RunState.TERMINATED)
    first.stop()
    assert(end(first) === RunState.TERMINATED)
    assert(processesOf(first.run) ++ processesOf(second.run) === Seq())
    eventually(assert(cluster.command("squeue", "-h").trim === ""))
  }

  test("TRN-4 slurm - scancel by somebody - ends the run with SIGTERM and names the Slurm job") {
    script(waits)
    val handle = launcher(settings).launch(TrainingRun.of(job().build()))
    awaitReady(handle.run)
    val id = slurmJobOf(handle.run)
    cluster.command("scancel", id)
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.contains(s"Slurm has ended its job $id ("))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-7 kill -9 of a slurmd - Slurm takes the job for lost, the run fails, and no process is left") {
    script(waits)
    val handle = launcher(settings).launch(TrainingRun.of(job().build()))
    awaitReady(handle.run)
    val id = slurmJobOf(handle.run)
    cluster.killDaemon("n2")
    try {
      assert(end(handle) === RunState.FAILED)
      assert(handle.status.message.get.contains(s"Slurm has ended its job $id ("), handle.status)
      eventually(assert(processesOf(handle.run) === Seq()))
    } finally cluster.startDaemon("n2")
  }

  test("TRN-7 a node whose agent is lost - is excluded from the Slurm job of the retry") {
    script(waits)
    val handle = launcher(settings).launch(TrainingRun.of(job(nodes = 1).retries(1).build()))
    eventually(assert(Files.exists(runDirectory(handle.run).logDirectory.resolve("ready-0"))))
    val agents = processesOf(handle.run)
      .filter(text => text.contains("node_agent.py") && !text.contains("srun") && !text.contains("/bin/sh"))
    assert(agents.size === 1)
    ProcessHandle.of(agents.head.takeWhile(_ != ' ').toLong).get.destroyForcibly()
    assert(end(handle) === RunState.COMPLETED)
    assert(events(handle.run).contains("[worker-0] Node n1 is isolated for this run"))
    val second = slurmJobOf(handle.run, attempt = 1)
    assert(cluster.command("scontrol", "show", "job", "-o", second).contains("NodeList=n2 "))
  }

  test("TRN-4 slurm - its state and reasons - are read from scontrol's line") {
    val line = "JobId=7 JobName=a b Reason=x JobState=PENDING Reason=Resources Dependency=(null) Command=/a=b"
    val state = SlurmCommands.stateOf(line.replace("Reason=x ", ""))
    assert(state === new SlurmCommands.JobState("PENDING", "Resources"))
    assert(WaitingReason.of(state) === "Resources, not enough nodes are free")
    assert(SlurmCommands.stateOf("") === new SlurmCommands.JobState("GONE", "None"))
  }

  test("TRN-4 slurm - what sbatch refuses - is told in one sentence with its own words") {
    script("")
    val handle = new SlurmLauncher(settings, slurm.withPartition("moon"), Clock.systemUTC())
      .launch(TrainingRun.of(job().build()))
    assert(end(handle) === RunState.FAILED)
    val message = handle.status.message.get
    assert(message.startsWith("Cannot run the job: Slurm has refused the job: sbatch: error: "))
    assert(message.contains("invalid partition specified") || message.contains("Invalid partition"), message)
    assert(message.linesIterator.size === 1)
  }

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofSeconds(120))

  private def awaitReady(run: TrainingRun): Unit = Seq(0, 1).foreach { node =>
    eventually(assert(Files.exists(runDirectory(run).logDirectory.resolve(s"ready-$node"))))
  }

  private def slurmJobOf(run: TrainingRun, attempt: Int = 0): String =
    events(run).collect { case SlurmLauncherSuite.Submitted(id) => id }(attempt)
}

object SlurmLauncherSuite {
  private val Submitted = "Waiting for Slurm \\(job (\\d+)\\): submitted".r

  def slurm(python: Path, environment: Map[String, String]): SlurmSettings =
    SlurmSettings
      .of(python.toString)
      .withLauncherHosts(JList.of("127.0.0.1"))
      .withEnvironment(environment.asJava)
}

object LaunchTwoSlurmNodes extends LaunchTwoNodes {
  override def launcher(settings: LaunchSettings, python: Path, more: Seq[String]): TrainingLauncher =
    new SlurmLauncher(settings, SlurmLauncherSuite.slurm(python, Map("SLURM_CONF" -> more.head)), Clock.systemUTC())
}
