package io.millrace.training.agent

import java.nio.file.Path
import java.time.{Clock, Duration}
import java.util.{List => JList, Optional}

import scala.jdk.CollectionConverters._

import io.millrace.training._
import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training.gang._

/** Nodes are agents that the suite starts on this machine itself. */
class AgentLauncherSuite extends TrainingLauncherBehaviors {

  override protected def launcher(settings: LaunchSettings): TrainingLauncher =
    StartedAgents.launcher(settings, TrainingFixture.python.executable)

  override protected def launcherProgram: String = "io.millrace.training.agent.LaunchTwoAgents"

  test("TRN-7 kill -9 of an agent - leaves no process, and its rank is lost") {
    script("""import os, signal
      |open(os.path.join(os.environ["MA_LOG_DIR"], "ready-" + os.environ["VC_TASK_INDEX"]), "w").close()
      |signal.pause()
      |""")
    val handle = launcher(settings).launch(TrainingRun.of(job().build()))
    Seq(0, 1).foreach(awaitReady(handle.run, _))
    val agent = agentOf(handle.run, node = 1)
    ProcessHandle.of(agent).get.destroyForcibly()
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.FAILED)
    assert(handle.status.message.get.startsWith("Rank 1 (worker-1, device 0) was lost: the connection to its node"))
    eventually(assert(processesOf(handle.run) === Seq()))
  }

  test("TRN-7 a node that is lost - is isolated, and a retry gets another one") {
    script("""import os, signal
      |sign = os.path.join(os.environ["MA_LOG_DIR"], "ready-" + os.environ["VC_TASK_INDEX"])
      |if os.path.exists(sign): raise SystemExit(0)
      |open(sign, "w").close()
      |signal.pause()
      |""")
    val handle = launcher(settings).launch(TrainingRun.of(job().retries(1).build()))
    Seq(0, 1).foreach(awaitReady(handle.run, _))
    ProcessHandle.of(agentOf(handle.run, node = 1)).get.destroyForcibly()
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.COMPLETED)
    assert(events(handle.run).contains("[worker-1] Node host-1 is isolated for this run"))
    assert(handle.status.restarts === 1)
  }

  test("TRN-7 a node that is lost before the processes are started - is isolated, and a retry gets another one") {
    script("print('trains')")
    val nodes = new StartedAgents(
      TrainingFixture.python.executable,
      whenThere = request =>
        if (request.attempt == 0) {
          val agent = ProcessHandle.of(agentOf(request.run, node = 1)).get
          agent.destroyForcibly()
          agent.onExit().get()
        }
    )
    val launcher = new GangLauncher(settings, nodes, _ => JList.of(), Clock.systemUTC())
    val handle = launcher.launch(TrainingRun.of(job().retries(1).build()))
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.COMPLETED, handle.status)
    assert(events(handle.run).contains("[worker-1] Node host-1 is isolated for this run"))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-4 whoever connects without the token - is sent away, and the run goes on") {
    script("import time; time.sleep(1); print('trains')")
    var port = 0
    val nodes = new StartedAgents(
      TrainingFixture.python.executable,
      whenThere = request => port = portOf(agentCommand(request.run, node = 0)))
    val launcher = new GangLauncher(settings, nodes, _ => JList.of(), Clock.systemUTC())
    val handle = launcher.launch(TrainingRun.of(job().build()))
    eventually(assert(port > 0))
    val stranger = new java.net.Socket("127.0.0.1", port)
    try {
      val hello = """{"token":"guessed","node":0}""".getBytes
      val out = new java.io.DataOutputStream(stranger.getOutputStream)
      out.writeInt(hello.length)
      out.writeByte(10)
      out.writeInt(0)
      out.write(hello)
      out.flush()
      assert(stranger.getInputStream.read() === -1)
    } finally stranger.close()
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.COMPLETED, handle.status)
  }

  private def portOf(command: String): Int =
    command.split("127.0.0.1 ")(1).takeWhile(_.isDigit).toInt

  private def awaitReady(run: TrainingRun, node: Int): Unit =
    eventually(assert(java.nio.file.Files.exists(runDirectory(run).logDirectory.resolve(s"ready-$node"))))

  private def agentOf(run: TrainingRun, node: Int): Long = agentCommand(run, node).takeWhile(_ != ' ').toLong

  private def agentCommand(run: TrainingRun, node: Int): String =
    processesOf(run).find(_.contains(s"node_agent.py $node ")).get
}

/**
 * Starts the agents of each attempt as children of this JVM.
 *
 * @param launcherHost where they find it
 * @param prefix comes before the command of a node's agent
 * @param whenThere is told of each allocation before the run gets it
 * @param patience how long launcher and agents may hear nothing of each other
 */
class StartedAgents(
    python: Path,
    environment: Map[String, String] = Map(),
    launcherHost: String = "127.0.0.1",
    prefix: Int => Seq[String] = _ => Nil,
    whenThere: NodeRequest => Unit = _ => (),
    patience: Duration = Duration.ofSeconds(30))
    extends NodeSource {

  override def allocate(request: NodeRequest): Optional[Allocation] = {
    val nodes = request.run.job.nodes
    val hub = AgentHub.open(nodes, patience)
    val script = AgentScript.install(request.directory.nodesDirectory)
    (0 until nodes).foreach { node =>
      val command =
        AgentScript.command(python.toString, script, node.toString, JList.of(launcherHost), hub.port).asScala
      val builder = new ProcessBuilder((prefix(node) ++ command).asJava)
      environment.foreach { case (name, value) => builder.environment.put(name, value) }
      builder.environment.put(AgentHub.TOKEN_VARIABLE, hub.token)
      builder.environment.put("MILLRACE_AGENT_HOST", Seq("host-", "other-")(if (request.isolated.isEmpty) 0 else 1) + node)
      builder.redirectErrorStream(true).redirectOutput(request.directory.root.resolve(s"agent-$node.log").toFile)
      builder.start()
    }
    val there = hub.await(python.toString, Duration.ofSeconds(60)).map[Allocation](found =>
      new Allocation {
        override def nodes: JList[GangNode] = found
        override def close(): Unit = hub.close()
      })
    whenThere(request)
    there
  }
}

object StartedAgents {
  def launcher(settings: LaunchSettings, python: Path): TrainingLauncher =
    new GangLauncher(settings, new StartedAgents(python), _ => JList.of(), Clock.systemUTC())
}

object LaunchTwoAgents extends LaunchTwoNodes {
  override def launcher(settings: LaunchSettings, python: Path, more: Seq[String]): TrainingLauncher =
    StartedAgents.launcher(settings, python)
}
