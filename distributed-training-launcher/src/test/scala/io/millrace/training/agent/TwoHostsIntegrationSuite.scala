package io.millrace.training.agent

import java.nio.file.{Files, Path}
import java.time.{Clock, Duration}
import java.util.{List => JList}

import scala.sys.process._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.GangLauncher

/**
 * Two hosts with addresses of their own, which are network namespaces on one bridge with this one;
 * PyTorch with gloo between them. Cancelled where there are no namespaces, or no torch.
 */
class TwoHostsIntegrationSuite extends AnyFunSuite with DdpFixture {

  private val name = "mrh" + ProcessHandle.current.pid
  private val quiet = ProcessLogger(_ => (), _ => ())

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    if (!succeeds(s"ip link add $name type bridge"))
      cancel("a bridge between network namespaces needs Linux, iproute2 and root")
    ip(s"address add 10.78.0.254/24 dev $name")
    ip(s"link set $name up")
    Seq(0, 1).foreach { node =>
      ip(s"netns add $name-$node")
      ip(s"link add wire$node-${ProcessHandle.current.pid} type veth peer name wire netns $name-$node")
      ip(s"link set wire$node-${ProcessHandle.current.pid} master $name up")
      ip(s"-n $name-$node address add 10.78.0.${node + 1}/24 dev wire")
      ip(s"-n $name-$node link set wire up")
      ip(s"-n $name-$node link set lo up")
    }
  }

  override protected def afterEach(): Unit =
    try super.afterEach()
    finally {
      Seq(0, 1).foreach(node => succeeds(s"ip netns delete $name-$node"))
      succeeds(s"ip link delete $name")
    }

  test("TRN-4 DDP between two hosts - meets at the first one's address, and has the losses of the local back end") {
    val handle = assertSameAsLocal(launcher(), ddp(_.parameter("epochs", "3")))
    val sent = (0 to 1).map(node => bytesSent(node))
    assert(sent.forall(_ > 10000), "gloo has not gone over the wire")
    assert(workerLog(handle.run, 1).contains("rank 1 of 2 sum 3"))
  }

  test("TRN-4 addresses - of two hosts - are told to the processes of both") {
    script("""import os, sys
      |print("mine", os.environ["MA_CURRENT_IP"], "all", os.environ["VC_WORKER_HOSTS"], "by", os.environ["GLOO_SOCKET_IFNAME"])
      |print("meet", sys.argv[sys.argv.index("--init_method") + 1].rpartition(":")[0])
      |""")
    val handle = launcher().launch(TrainingRun.of(job().build()))
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach { node =>
      val log = workerLog(handle.run, node)
      assert(log.contains(s"mine 10.78.0.${node + 1} all 10.78.0.1,10.78.0.2 by wire\n"))
      assert(log.contains("meet tcp://10.78.0.1\n"))
    }
  }

  test("TRN-7 a host that is cut off - is lost, and leaves no process on either side") {
    script("""import os, signal
      |open(os.path.join(os.environ["MA_LOG_DIR"], "ready-" + os.environ["VC_TASK_INDEX"]), "w").close()
      |signal.pause()
      |""")
    val handle = launcher(Duration.ofSeconds(5)).launch(TrainingRun.of(job().build()))
    Seq(0, 1).foreach(node =>
      eventually(assert(Files.exists(runDirectory(handle.run).logDirectory.resolve(s"ready-$node")))))
    ip(s"-n $name-1 link set wire down")
    assert(handle.awaitTerminal(Duration.ofMinutes(2)) === RunState.FAILED)
    assert(handle.status.message.get.startsWith(
      "Rank 1 (worker-1, device 0) was lost: nothing was heard of its node host-1 for 5 s"), handle.status)
    eventually(assert(processesOf(handle.run) === Seq()))
  }

  private def launcher(patience: Duration = Duration.ofSeconds(30)): TrainingLauncher = {
    val python: Path = torch.found.map[Path](_.executable).orElse(TrainingFixture.python.executable)
    val nodes = new StartedAgents(
      python,
      launcherHost = "10.78.0.254",
      prefix = node => Seq("ip", "netns", "exec", s"$name-$node"),
      patience = patience)
    new GangLauncher(settings, nodes, _ => JList.of(), Clock.systemUTC())
  }

  private def bytesSent(node: Int): Long =
    s"ip netns exec $name-$node cat /sys/class/net/wire/statistics/tx_bytes".!!.trim.toLong

  private def ip(arguments: String): Unit = assert(s"ip $arguments".! === 0)

  private def succeeds(command: String): Boolean =
    try command.!(quiet) == 0
    catch { case _: java.io.IOException => false }
}
