package io.millrace.training.spark

import java.nio.file.Path
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.TrainingFixture

/** What a worker finds before any agent is started. */
class AgentTaskSuite extends AnyFunSuite with TrainingFixture {

  test("TRN-4 a worker that can be a node - has no problem") {
    assert(problems(write(directory.resolve("agent.py"), ""), Seq("0", "1")) === Seq())
  }

  test("TRN-4 a worker that cannot be a node - tells all of its problems") {
    assert(problems(Path.of("/nowhere/agent.py"), Seq("0"), python = "no-such-python", isolated = Seq("here")) === Seq(
      "Spark gave a host that failed this run before, and no other was free. " +
        "Stop the worker there, add another one, or start the job anew.",
      "The job needs 2 npu a node, and Spark gave 1 (0). Give fewer devices.",
      "/nowhere/agent.py is not there. " +
        "Give a runs directory on a file system that every worker sees under the same path.",
      "There is no program no-such-python. Give the interpreter by a path that every worker has."
    ))
  }

  test("TRN-4 a worker that does not see the logs - says whose permissions they lack") {
    val script = write(directory.resolve("agent.py"), "")
    val found = problems(script, Seq("0", "1"), logs = Path.of("/nowhere/logs"))
    assert(found === Seq(
      s"/nowhere/logs cannot be written by the user ${System.getProperty("user.name")} of the executors. " +
        "Change its permissions."))
  }

  private def problems(
      script: Path,
      devices: Seq[String],
      python: String = "sh",
      isolated: Seq[String] = Nil,
      logs: Path = directory): Seq[String] =
    new AgentTask(
      python, script.toString, Array("localhost"), 1, "secret", logs.toString, isolated.toArray, "npu", 2, 0L)
      .problems("here", JList.copyOf(devices.asJava))
      .asScala
      .toSeq
}
