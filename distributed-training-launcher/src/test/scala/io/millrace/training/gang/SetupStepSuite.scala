package io.millrace.training.gang

import java.nio.file.Files
import java.time.{Clock, Duration}
import java.util.zip.{ZipEntry, ZipOutputStream}

import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training._
import io.millrace.training.gang.LaunchSettings.Packages
import io.millrace.training.local.LocalLauncher
import io.millrace.training.watch.RunEvent.Type

/** Packages and scripts that come before the processes of a job; real pip, real bash. */
class SetupStepSuite extends AnyFunSuite with TrainingFixture {

  test("TRN-6 ma-pre-start.sh - beside the boot file - runs first on each node, and its variables reach the script") {
    write(code.resolve("src/train.py"),
      "import os; print('trains with', os.environ['GLOG_v'], os.environ['MINE'], os.getcwd() == os.environ['WORKSPACE'])")
    write(code.resolve("src/ma-pre-start.sh"),
      """echo "[ma-pre-start] in $(pwd)"
        |export GLOG_v=2 MINE=overruled
        |NOT_EXPORTED=1
        |exit 0
        |""".stripMargin)
    val handle = launch(
      TrainingJob.builder("cells", code, "src/train.py").nodes(2).environment("MINE", "the job's"))
    assert(end(handle) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach { node =>
      val log = workerLog(handle.run, node)
      val jobDirectory = runDirectory(handle.run).nodeHome(node).resolve("modelarts/user-job-dir")
      assert(log.contains(s"[ma-pre-start] in $jobDirectory\n"))
      assert(log.contains("trains with 2 the job's True\n"))
    }
    assert(told(handle.run, Type.PRE_START_DONE).map(_.replaceAll("\\d+\\.\\d", "0.0")) === Seq(
      "[worker-0] [duration: 0.0 s] src/ma-pre-start.sh has run",
      "[worker-1] [duration: 0.0 s] src/ma-pre-start.sh has run"))
  }

  test("TRN-6 ma-pre-start.py - that fails - fails the job before it trains, and quotes it") {
    script("print('never')")
    write(code.resolve("ma-pre-start.py"), "print('cannot reach the driver'); raise SystemExit(4)")
    val handle = launch(job().retries(0))
    assert(end(handle) === RunState.FAILED)
    val message = handle.status.message.get
    assert(message.startsWith("Running ma-pre-start.py: The preparation of worker-"), message)
    assert(message.contains(" ended with exit code 4. Its log is "))
    assert(message.endsWith("ends with:\n  cannot reach the driver"))
    assert(told(handle.run, Type.TRAINING_STARTED) === Seq())
  }

  test("TRN-7 ma-pre-start.sh - that fails once - is tried again with the job, if there are retries") {
    script("print('trains')")
    write(code.resolve("ma-pre-start.sh"), s"test -e $directory/tried || { touch $directory/tried; exit 6; }")
    val handle = launch(job(nodes = 1).retries(1))
    assert(end(handle) === RunState.COMPLETED, handle.status)
    assert(handle.status.restarts === 1)
    assert(told(handle.run, Type.RESTARTED).head.startsWith(
      "Training job restarted (1 of 1) after: Running ma-pre-start.sh: The preparation of worker-0 ended with exit code 6."))
  }

  test("TRN-6 stop - while a pre-start script runs - ends it") {
    script("print('never')")
    write(code.resolve("ma-pre-start.sh"), s"touch $directory/ready; exec sleep 1000")
    val handle = launch(job(nodes = 1))
    eventually(assert(Files.exists(directory.resolve("ready"))))
    handle.stop()
    assert(end(handle) === RunState.TERMINATED)
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-6 requirements.txt - of a package that is not there - is installed for the run alone") {
    needPip()
    wheel("millrace_probe")
    write(code.resolve("requirements.txt"), s"--no-index\n--find-links $directory\nmillrace_probe==1.0\n")
    script("import millrace_probe; print('probe says', millrace_probe.WORD)")
    val handle = launch(job())
    assert(end(handle) === RunState.COMPLETED, handle.status)
    Seq(0, 1).foreach(node => assert(workerLog(handle.run, node).contains("probe says 42\n")))
    assert(told(handle.run, Type.DEPENDENCIES_INSTALLING).head ===
      "[worker-0] Installing Python packages, file: requirements.txt")
    val alone = launch(job(nodes = 1), settings.withPackages(Packages.LEFT_ALONE))
    assert(end(alone) === RunState.FAILED)
    assert(workerLog(alone.run, 0).contains("No module named 'millrace_probe'"))
  }

  test("TRN-6 requirements - that cannot be had - fail the job with pip's words") {
    needPip()
    write(code.resolve("pip-requirements.txt"), "--no-index\nno_such_package_of_ours==9.9\n")
    write(code.resolve("requirements.txt"), "not even looked at")
    script("print('never')")
    val handle = launch(job(nodes = 1))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.startsWith("Installing Python packages, file: pip-requirements.txt: "))
    assert(handle.status.message.get.contains("No matching distribution found for no_such_package_of_ours==9.9"))
  }

  private def needPip(): Unit = {
    val pip = new ProcessBuilder(TrainingFixture.python.executable.toString, "-m", "pip", "--version")
    val answer = ShortCommand.run(pip, Duration.ofMinutes(1))
    if (answer.exitCode != 0) cancel("this Python has no pip: " + answer.output.trim)
  }

  /** A wheel is a zip; this one holds one module. */
  private def wheel(name: String): Unit = {
    val info = s"$name-1.0.dist-info"
    val files = Seq(
      s"$name.py" -> "WORD = 42\n",
      s"$info/METADATA" -> s"Metadata-Version: 2.1\nName: $name\nVersion: 1.0\n",
      s"$info/WHEEL" -> "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      s"$info/RECORD" -> s"$name.py,,\n$info/METADATA,,\n$info/WHEEL,,\n$info/RECORD,,\n"
    )
    val file = directory.resolve(s"$name-1.0-py3-none-any.whl")
    Using.resource(new ZipOutputStream(Files.newOutputStream(file))) { zip =>
      files.foreach { case (entry, text) =>
        zip.putNextEntry(new ZipEntry(entry))
        zip.write(text.getBytes)
      }
    }
  }

  private def launch(job: TrainingJob.Builder, by: LaunchSettings = settings): RunHandle =
    new LocalLauncher(by, TrainingFixture.python, Clock.systemUTC()).launch(TrainingRun.of(job.build()))

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofMinutes(2))
}
