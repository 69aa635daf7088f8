package io.millrace.inference.model

import java.nio.file.Path

import org.scalatest.funsuite.AnyFunSuite

class OnnxRuntimeSuite extends AnyFunSuite {

  test("environment - a command line of 100,000 characters - starts all the same") {
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString
    val longArgument = "directory/library.jar:" * 4545
    val process = new ProcessBuilder(
      java,
      "-cp",
      System.getProperty("java.class.path"),
      "io.millrace.inference.model.OnnxRuntimeStart",
      longArgument
    ).redirectErrorStream(true).start()
    val output = new String(process.getInputStream.readAllBytes())
    assert(process.waitFor() === 0, output)
    assert(output.contains("started"))
  }
}

/** Starts ONNX Runtime in a process of its own. */
object OnnxRuntimeStart {
  def main(arguments: Array[String]): Unit = {
    OnnxRuntime.environment().close()
    println("started")
  }
}
