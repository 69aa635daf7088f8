package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import org.scalatest.BeforeAndAfterEach
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.watch.RunRegistry

/** Jobs without any framework, so that a plain Python is enough. */
class TrainSubmitSuite extends AnyFunSuite with BeforeAndAfterEach {
  private var directory: Path = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    directory = Files.createTempDirectory("submit").toRealPath()
    Files.createDirectories(directory.resolve("code"))
    Files.writeString(
      directory.resolve("code/train.py"),
      "import os, sys\nprint('got', ' '.join(sys.argv[1:]), os.environ.get('NOTE'))\n")
  }

  override protected def afterEach(): Unit = {
    Files.walk(directory).sorted(java.util.Comparator.reverseOrder()).forEach(Files.delete(_))
    super.afterEach()
  }

  test("TRN-1 submit - a file and options - runs the job of both, and tells what has no meaning here") {
    val file = Files.writeString(
      directory.resolve("job.yaml"),
      """name: cells
        |code-dir: code
        |boot-file: train.py
        |framework: custom
        |framework-version: any_1.0
        |parameters: {epochs: 10, lr: 0.1}
        |env: {NOTE: from-file}
        |priority: 3
        |""".stripMargin)
    val run = submit("--file", file.toString, "--param", "epochs=2", "--experiment", "first")
    assert(run.exitCode === 0, run.err)
    assert(run.out.contains("got --epochs 2 --lr 0.1 from-file"), run.out)
    assert(run.out.contains("Kept, but without meaning on this machine: priority 3, framework-version any_1.0"))
    val kept = RunRegistry.at(directory.resolve("runs")).list().get(0).run.job
    assert(kept.experiment.get === "first")
    assert(kept.cloudSettings.get("framework-version") === "any_1.0")
  }

  test("TRN-1 submit - options alone - are a job, named by its code directory") {
    val run = submit(
      "--code-dir", directory.resolve("code").toString, "--boot-file", "train.py", "--framework", "custom",
      "--flag", "fast", "--env", "NOTE=x", "--priority", "2", "--pool", "shared")
    assert(run.exitCode === 0, run.err)
    assert(run.out.contains("Started code-"))
    assert(run.out.contains("got --fast x"), run.out)
  }

  test("TRN-1 submit - several bad options and keys - are reported together, and nothing is started") {
    val file = Files.writeString(directory.resolve("job.yaml"), "nodes: 0\nretry: 1\n")
    val run = submit("--file", file.toString, "--priority", "7", "--notify", "https://u:p@h/", "--launch", "ring",
      "--output", "a-b=/o", "--output-env", "a-b", "--output-env", "RESULT", "--download", "DATA")
    assert(run.exitCode === 1)
    Seq(
      "job.yaml, line 1, column 8: Invalid nodes: 0 (expected 1 to 1000).",
      "job.yaml, line 2, column 1: Unknown key 'retry' (did you mean 'retries'?).",
      "  - Invalid priority: 7 (expected 1 to 3).",
      "  - Invalid notification: the address of h holds a user or password",
      "  - Invalid launch: 'ring' (expected process-per-node,",
      "  - Invalid output name: 'a-b' (expected a name without '-' for access by environment).",
      "  - Invalid options: --output-env RESULT without --output RESULT=DIR (give it too).",
      "  - Invalid options: --download DATA without --input DATA=DATA (give it too).",
      "  - Invalid code-dir: it is missing (give --code-dir or the key code-dir of a job file).",
      "  - Invalid boot-file: it is missing"
    ).foreach(problem => assert(run.err.contains(problem), run.err))
    assert(!Files.exists(directory.resolve("runs")))
  }

  test("TRN-1 submit --help - groups the options") {
    val help = CommandLineRun.of("train", "submit", "--help").out
    Seq("What to run:", "Data and settings of the script:", "Nodes and processes:", "Life of the run:")
      .foreach(heading => assert(help.contains(heading), help))
    Seq("--experiment", "--framework", "--device-type", "--launch", "--priority", "--auto-stop", "--log-url",
      "--notify", "--mount", "--file", "--user-command").foreach(option => assert(help.contains(option)))
  }

  private def submit(options: String*): CommandLineRun =
    CommandLineRun.of(
      Seq("train", "submit", "--runs", directory.resolve("runs").toString, "--grace", "5") ++ options: _*)
}
