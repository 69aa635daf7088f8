package io.millrace.training.local

import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

import scala.sys.process._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.hang.HangSettings.Action
import io.millrace.training.watch.RunEvent.Type

/** Two ranks in network namespaces of their own, joined by a wire. Cancelled where there are none. */
class CutLinkIntegrationSuite extends AnyFunSuite with HangFixture {

  private val name = "mr" + ProcessHandle.current.pid
  private val quiet = ProcessLogger(_ => (), _ => ())
  private val bothWait =
    "Suspected hang: no CPU time used, and nothing read or written by any process, for 2 periods of 1.0 s: " +
      "rank 0 (worker-0, device 0), rank 1 (worker-1, device 0)"

  override protected def afterEach(): Unit =
    try super.afterEach()
    finally removeNetwork()

  test("TRN-8 a cut link - is noticed within 3 periods; mended - the job recovers and ends") {
    join()
    goInStep()
    val handle = launch(hangs, inNamespaces)(job().environment("LINK", "10.77.0.1"))
    Seq(0, 1).foreach(awaitProcess(handle.run, _))
    ip(s"-n $name-1 link set wire1 down")
    eventually(assert(told(handle.run, Type.HUNG).contains(bothWait)))
    assert(handle.state === RunState.RUNNING)
    ip(s"-n $name-1 link set wire1 up")
    eventually(assert(told(handle.run, Type.RECOVERED).nonEmpty))
    letEnd(handle.run)
    assert(end(handle) === RunState.COMPLETED)
  }

  test("TRN-8 a cut link, to be stopped - fails the job and leaves no process") {
    join()
    goInStep()
    val stopping = hangs.withAction(Action.STOP)
    val handle = launch(stopping, inNamespaces)(job().environment("LINK", "10.77.0.1"))
    Seq(0, 1).foreach(awaitProcess(handle.run, _))
    ip(s"-n $name-1 link set wire1 down")
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get === bothWait + ".")
    assert(processesOf(handle.run) === Seq())
  }

  private def join(): Unit = {
    if (!Seq(s"ip netns add $name-0", s"ip netns add $name-1").forall(succeeds))
      cancel("network namespaces need Linux, iproute2 and root")
    ip(s"link add wire0 netns $name-0 type veth peer name wire1 netns $name-1")
    Seq(0, 1).foreach { node =>
      ip(s"-n $name-$node address add 10.77.0.${node + 1}/24 dev wire$node")
      ip(s"-n $name-$node link set wire$node up")
    }
  }

  /** Every process of a node begins in the node's namespace. */
  private def inNamespaces: PythonInterpreter = {
    val python = write(
      directory.resolve("python"),
      s"""#!/bin/sh
         |exec ip netns exec $name-$$VC_TASK_INDEX ${TrainingFixture.python.executable} "$$@"
         |""".stripMargin)
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"))
    new PythonInterpreter(python, "")
  }

  private def ip(arguments: String): Unit = assert(s"ip $arguments".! === 0)

  private def succeeds(command: String): Boolean =
    try command.!(quiet) == 0
    catch { case _: java.io.IOException => false }

  private def removeNetwork(): Unit = Seq(0, 1).foreach(node => succeeds(s"ip netns delete $name-$node"))
}
