package io.millrace.jobs.demo

import java.io.{PrintWriter, StringWriter}
import java.nio.file.{Files, Path}
import java.util.Optional

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import io.millrace.dataset.delta.spark.SharedSparkSession
import io.millrace.jobs.cli.{Console, ExitCode, OutputFormat}
import org.scalatest.funsuite.AnyFunSuite

/** The whole loop, small: real Spark, real torch processes, real ONNX Runtime. */
class DemoIntegrationSuite extends AnyFunSuite with SharedSparkSession {
  private lazy val out: Path = temporaryDirectory().resolve("demo")

  test("demo - 60 drawn pictures - every step's figures agree with those of the step before") {
    requireTorch()
    val summary = run(config())
    assert(summary.get("seen").asInt === 60)
    assert(summary.get("imported").asInt === 56)
    val rejected = summary.get("rejected")
    assert(total(rejected) === DemoData.FAULTS)
    assert(rejected.get("box-outside-image").asInt === 1)
    assert(summary.get("version").asText === "V001")
    val parts = summary.get("parts")
    assert(parts.get("TRAIN").asInt + parts.get("EVAL").asInt === 56)
    assert(summary.get("metrics").size === 14)
    assert(total(summary.get("groups")) === 56)
    assert(summary.get("training").get("ranks").asInt === 2)
    assert(summary.get("training").get("exit_code").asInt === 0)
    val batch = summary.get("batch")
    assert(batch.get("inputs").asInt === parts.get("EVAL").asInt)
    assert(batch.get("inputs").asInt === batch.get("successful").asInt)
    assert(batch.get("failed").asInt === 0)
    assert(summary.get("evaluation").get("images").asInt === batch.get("inputs").asInt)
    for (file <- Seq("report.html", "analysis.json", "model/model.onnx", "model/metrics.json"))
      assert(Files.size(out.resolve(file)) > 0, file)
  }

  test("demo - again on the same directory - imports nothing new and publishes the next version") {
    requireTorch()
    val summary = run(config())
    assert(summary.get("imported").asInt === 0)
    assert(summary.get("unchanged").asInt === 56)
    assert(summary.get("version").asText === "V002")
  }

  private def config(): DemoConfig =
    new DemoConfig(out, Optional.empty(), 60, 1, 10, Optional.empty(), 2)

  private def total(counts: JsonNode): Int =
    counts.properties.asScala.toSeq.map(_.getValue.asInt).sum

  private def requireTorch(): Unit = {
    val search = DemoTraining.findPython(config())
    if (search.found.isEmpty) cancel(search.explanation)
  }

  private def run(config: DemoConfig): JsonNode = {
    spark // The session that the demo joins.
    val text = new StringWriter()
    val console = new Console(new PrintWriter(text), OutputFormat.TEXT)
    val exitCode = new Demo(config, Path.of("..", "examples").toAbsolutePath.normalize(), console).run()
    assert(exitCode === ExitCode.DONE, text)
    new ObjectMapper().readTree(out.resolve("summary.json").toFile)
  }
}
