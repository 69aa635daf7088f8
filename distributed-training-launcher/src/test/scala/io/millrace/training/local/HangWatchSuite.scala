package io.millrace.training.local

import java.time.{Clock, Duration}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.hang.HangSettings.Action
import io.millrace.training.hang.LinuxVitals
import io.millrace.training.watch.RunEvent.Type

/** Real processes that hang, or do not. */
class HangWatchSuite extends AnyFunSuite with HangFixture {

  private val stopping = hangs.withAction(Action.STOP)

  test("TRN-8 SIGSTOP of a rank - is noticed within 3 periods and names it; SIGCONT - it recovers and ends") {
    goInStep()
    val handle = launch(hangs)(job())
    val rank = awaitProcess(handle.run, 1)
    signal("STOP", rank)
    eventually(assert(told(handle.run, Type.HUNG).contains(
      "Suspected hang: stopped by a signal, for 2 periods of 1.0 s: rank 1 (worker-1, device 0)")))
    assert(handle.state === RunState.RUNNING)
    signal("CONT", rank)
    eventually(assert(told(handle.run, Type.RECOVERED).exists(_.matches(
      "Processes show signs of life again, \\d+\\.\\d s after the hang was suspected"))))
    letEnd(handle.run)
    assert(end(handle) === RunState.COMPLETED)
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-8 SIGSTOP of a rank, to be stopped - fails the job, names the rank and leaves no process") {
    goInStep()
    val handle = launch(stopping)(job())
    signal("STOP", awaitProcess(handle.run, 1))
    assert(end(handle) === RunState.FAILED)
    val reason = "Suspected hang: stopped by a signal, for 2 periods of 1.0 s: rank 1 (worker-1, device 0)"
    assert(handle.status.message.get === reason + ".")
    eventually(assert(threadsOf(handle.run) === Seq()))
    assert(told(handle.run, Type.HUNG) === Seq(reason))
    assert(told(handle.run, Type.STOPPING) === Seq("Processes are being stopped because the job hangs"))
    assert(told(handle.run, Type.FAILED) === Seq("Training job failed: " + reason + "."))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-8 ranks that wait for ever, to be stopped - get SIGTERM, and a retry runs to its end") {
    script("""import os, signal, sys
      |sign = os.path.join(os.environ["MA_LOG_DIR"], "was-" + os.environ["VC_TASK_INDEX"])
      |if os.path.exists(sign): sys.exit(0)
      |def save(*_):
      |    print("saves a last checkpoint")
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |open(sign, "w").close()
      |while True: signal.pause()
      |""")
    val patient = stopping.withQuietPeriods(5)
    val handle = launch(patient)(job().retries(1))
    assert(end(handle) === RunState.COMPLETED)
    assert(handle.status.restarts === 1)
    val reason = "Suspected hang: no CPU time used, and nothing read or written by any process, " +
      "for 5 periods of 1.0 s: rank 0 (worker-0, device 0), rank 1 (worker-1, device 0)"
    assert(told(handle.run, Type.HUNG) === Seq(reason))
    assert(told(handle.run, Type.RESTARTED) === Seq(s"Training job restarted (1 of 1) after: $reason."))
    Seq(0, 1).foreach(node => assert(workerLog(handle.run, node).contains("saves a last checkpoint")))
    assert(told(handle.run, Type.RECOVERED) === Seq())
  }

  test("TRN-8 a job that sleeps but progresses - is not suspected, though it is to be stopped") {
    script("""import time
      |for step in range(10):
      |    time.sleep(0.5)
      |    print("step", step)
      |""")
    val handle = launch(stopping.withPeriod(Duration.ofMillis(400)).withQuietPeriods(4))(job())
    assert(end(handle) === RunState.COMPLETED)
    assert(told(handle.run, Type.HUNG) === Seq())
  }

  test("TRN-8 a machine without /proc - runs the job and says once that nothing is detected") {
    script("import sys; sys.exit(1)")
    val launcher =
      new LocalLauncher(settings.withHang(hangs), TrainingFixture.python, Clock.systemUTC(), new LinuxVitals(directory))
    val handle = launcher.launch(TrainingRun.of(job().retries(1).build()))
    assert(end(handle) === RunState.FAILED)
    assert(told(handle.run, Type.HANG_DETECTION_OFF) ===
      Seq(s"Hang detection is off: $directory/self/io cannot be read"))
  }

  private def threadsOf(run: TrainingRun): Seq[String] =
    Thread.getAllStackTraces.keySet.asScala.map(_.getName).filter(_.contains(run.displayName)).toSeq
}
