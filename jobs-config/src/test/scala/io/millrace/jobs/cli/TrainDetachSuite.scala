package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import scala.jdk.OptionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.RunState
import io.millrace.training.watch.StateFile

/** Launchers in real processes of their own. */
class TrainDetachSuite extends AnyFunSuite with TrainRuns {

  test("TRN-5 submit --detach - a job - returns once it is registered; its launcher goes on in a session of its own") {
    gatedScript()
    val started = submit("--detach")
    assert(started.exitCode === ExitCode.DONE, started.err)
    val run = record("code")
    val log = run.directory.launcherLog
    assert(started.out.linesIterator.toSeq === Seq(
      s"Started ${run.run.displayName}",
      s"log: $log",
      s"Follow it with: millrace train logs ${run.run.displayName} --follow --runs $runs"))
    assert(!run.status.state.isTerminal)
    val launcher = StateFile.read(run.directory.stateFile).launcher.pid
    assert(launcher != ProcessHandle.current.pid)
    assert(sessionOf(launcher) == launcher && sessionOf(ProcessHandle.current.pid) != launcher)
    assert(runs.toFile.list().forall(name => !name.startsWith(".launch-")))
    open(0)
    awaitState("code", RunState.COMPLETED)
    eventually(assert(!ProcessHandle.of(launcher).toScala.exists(_.isAlive)))
    assert(withoutWarnings(Files.readString(log)) === Seq(
      s"Started ${run.run.displayName}", s"${run.run.displayName} Completed"))
  }

  test("TRN-5 submit --detach - in JSON - tells the run, its directory and its launcher's log") {
    script("print('done')\n")
    val started = new ObjectMapper().readTree(submit("--detach", "-o", "json").out)
    val run = record("code")
    assert(started.get("run").asText === run.run.displayName)
    assert(Path.of(started.get("directory").asText) === run.directory.root)
    assert(Files.exists(Path.of(started.get("launcher_log").asText)))
    awaitState("code", RunState.COMPLETED)
  }

  test("TRN-5 submit --detach - what keeps the job from being started - is told as without --detach, and nothing is left") {
    val bad = Seq("--nodes", "0", "--hang-action", "cry", "--input", s"data_url=$directory/nowhere")
    val waited = submit(bad: _*)
    val detached = submit(bad :+ "--detach": _*)
    assert(waited.exitCode === ExitCode.FAILED)
    assert(detached.exitCode === waited.exitCode)
    assert(withoutWarnings(detached.err) === withoutWarnings(waited.err))
    assert(!Files.exists(runs))
    val late = submit("--detach", "--input", s"data_url=$directory/nowhere")
    assert(late.exitCode === ExitCode.FAILED)
    assert(late.err.contains("2 problems") && late.err.contains("nowhere"), late.err)
    assert(!Files.exists(runs))
  }

  test("TRN-5 stop --kill --wait - a detached run - returns when it is over") {
    gatedScript()
    assert(submit("--detach").exitCode === ExitCode.DONE)
    eventually(assert(train("logs", "code").out.contains("before 0")))
    val stopped = train("stop", "code", "--kill", "--wait")
    val name = record("code").run.displayName
    assert(stopped.out.linesIterator.toSeq === Seq(s"Asked $name to stop", s"$name Terminated"))
    val again = train("stop", "code")
    assert(again.exitCode === ExitCode.FAILED && again.err.contains(s"Cannot stop $name: it is Terminated already."))
  }

  /** The Java machine says where it finds options in its environment. */
  private def withoutWarnings(err: String): Seq[String] =
    err.linesIterator.filterNot(line => line.startsWith("WARNING:") || line.startsWith("Picked up")).toSeq

  private def sessionOf(pid: Long): Long = {
    val stat = Files.readString(Path.of(s"/proc/$pid/stat"))
    stat.substring(stat.lastIndexOf(')') + 2).split(" ")(3).toLong
  }
}
