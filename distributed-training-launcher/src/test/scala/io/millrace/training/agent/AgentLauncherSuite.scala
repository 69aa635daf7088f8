package io.millrace.training.agent

import java.nio.file.Path
import java.time.{Clock, Duration}
import java.util.{List => JList, Optional}

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

  private def awaitReady(run: TrainingRun, node: Int): Unit =
    eventually(assert(java.nio.file.Files.exists(runDirectory(run).logDirectory.resolve(s"ready-$node"))))

  private def agentOf(run: TrainingRun, node: Int): Long =
    processesOf(run).find(_.replace('\u0000', ' ').contains(s"node_agent.py $node ")).get.takeWhile(_ != ' ').toLong
}

/** Starts the agents of each attempt as children of this JVM. */
class StartedAgents(python: Path, environment: Map[String, String] = Map()) extends NodeSource {

  override def allocate(request: NodeRequest): Optional[Allocation] = {
    val nodes = request.run.job.nodes
    val hub = AgentHub.open(nodes, Duration.ofSeconds(20))
    val script = AgentScript.install(request.directory.nodesDirectory)
    (0 until nodes).foreach { node =>
      val command =
        AgentScript.command(python.toString, script, node.toString, JList.of("127.0.0.1"), hub.port)
      val builder = new ProcessBuilder(command)
      environment.foreach { case (name, value) => builder.environment.put(name, value) }
      builder.environment.put(AgentHub.TOKEN_VARIABLE, hub.token)
      builder.environment.put("MILLRACE_AGENT_HOST", Seq("host-", "other-")(if (request.isolated.isEmpty) 0 else 1) + node)
      builder.redirectErrorStream(true).redirectOutput(request.directory.root.resolve(s"agent-$node.log").toFile)
      builder.start()
    }
    hub.await(python.toString, Duration.ofSeconds(30)).map[Allocation](found =>
      new Allocation {
        override def nodes: JList[GangNode] = found
        override def close(): Unit = hub.close()
      })
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
