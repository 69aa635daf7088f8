package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.RunState
import io.millrace.training.slurm.SlurmCluster

/** A real Slurm with two nodes on this machine. Cancelled where its daemons are missing. */
class TrainOnSlurmSuite extends AnyFunSuite with TrainRuns with BeforeAndAfterAll {
  private lazy val cluster = SlurmCluster.start()

  override protected def afterAll(): Unit =
    try if (SlurmCluster.problem.isEmpty) cluster.stop()
    finally super.afterAll()

  test("TRN-4 submit --backend slurm - two nodes with two GPUs each - get them by the job's pool and device-type") {
    SlurmCluster.problem.foreach(problem => cancel(problem))
    script("import os\nprint('node', os.environ['VC_TASK_INDEX'], 'gpus', os.environ.get('CUDA_VISIBLE_DEVICES'))\n")
    // The command finds Slurm by its environment, so it needs a process of its own.
    val executable = Path.of(System.getProperty("java.home"), "bin", "java").toString
    val command = Seq(executable, "-cp", System.getProperty("java.class.path"), "io.millrace.jobs.Millrace", "train",
      "submit", "--backend", "slurm", "--pool", "p", "--device-type", "gpu", "--devices", "2", "--nodes", "2",
      "--priority", "2", "--runs", runs.toString, "--code-dir", directory.resolve("code").toString) ++ submitted
    val log = directory.resolve("command.log")
    val builder = new ProcessBuilder(command: _*).redirectErrorStream(true).redirectOutput(log.toFile)
    cluster.environment.foreach { case (name, value) => builder.environment.put(name, value) }
    assert(builder.start().waitFor() === ExitCode.DONE, Files.readString(log))
    assert(Files.readString(log).contains("Kept, but without meaning on Slurm: priority 2"))
    assert(record("code").status.state === RunState.COMPLETED)
    assert(train("logs", "code", "--all", "--grep", "^node").out.linesIterator.toSeq ===
      Seq("worker-0 | node 0 gpus 0,1", "worker-1 | node 1 gpus 0,1"))
    assert(train("show", "code").out.contains("back end    slurm --grace=5"))
  }
}
