package io.millrace.training.metrics

import java.nio.file.Files

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.training.{RunOnDisk, TrainingJob, TrainingOutput}

class RunMetricsSuite extends AnyFunSuite with RunOnDisk {
  import MetricsSamples.value

  test("TRN-10 metrics of a run - one output has some - have their keys as names, and their last values") {
    val run = written(twoOutputs)
    writeAt(directory.resolve("a/metrics.json"), MetricsSamples.all, noon.plusSeconds(9))
    val metrics = RunMetrics.of(run)
    assert(metrics.problems.isEmpty)
    assert(metrics.named.asScala.map(_.name) ===
      Seq("loss", "accuracy", "curve", "bars", "confusion_matrix", "Application Evaluation Results"))
    assert(metrics.finalValues.asScala.toMap === Map("accuracy" -> 1.6, "curve" -> 0.3, "loss" -> 1.2))
  }

  test("TRN-10 metrics of a run - several outputs have some - are told apart by the output's name") {
    val run = written(twoOutputs)
    for ((output, loss) <- Seq("a" -> 1.0, "b" -> 2.0)) {
      writeAt(directory.resolve(s"$output/metrics.json"), s"[${value("loss", loss)}]", noon.plusSeconds(9))
    }
    assert(RunMetrics.of(run).finalValues.asScala.toMap === Map("train_url/loss" -> 1.0, "log_url/loss" -> 2.0))
  }

  test("TRN-10 a line chart of several curves - has a last value for each, by title or number") {
    val run = written(twoOutputs)
    def chart(key: String, titles: String*) =
      s"""{"key": "$key", "type": "line chart", "data": {"x_axis": [{"value": [1, 2]}], "y_axis": [""" +
        titles.zipWithIndex.map { case (title, i) => s"""{"title": "$title", "value": [9, $i]}""" }.mkString(",") + "]}}"
    writeAt(directory.resolve("a/metrics.json"), s"[${chart("loss", "train", "eval")}, ${chart("x", "v", "v")}]", noon)
    assert(RunMetrics.of(run).finalValues.asScala.toMap ===
      Map("loss/train" -> 0.0, "loss/eval" -> 1.0, "x/0" -> 0.0, "x/1" -> 1.0))
  }

  test("TRN-10 a damaged metrics.json - is a sentence with its path, and the other output's are there") {
    val run = written(twoOutputs)
    writeAt(directory.resolve("a/metrics.json"), "[{\"key\": ", noon)
    writeAt(directory.resolve("b/metrics.json"), s"[${value("loss", 1)}, {}]", noon)
    val metrics = RunMetrics.of(run)
    assert(metrics.finalValues.asScala.toMap === Map("loss" -> 1.0))
    assert(metrics.problems.get(0).startsWith(s"Cannot read the metrics in $directory/a/metrics.json: it is no JSON: line 1"))
    assert(metrics.problems.get(1) ===
      s"Cannot read some of the metrics in $directory/b/metrics.json: [1].key: it is missing.")
    Files.write(directory.resolve("a/metrics.json"), Array(0x5b.toByte, 0xff.toByte))
    assert(RunMetrics.keep(run.run, run.directory, noon).get(0).contains("it is no UTF-8 text"))
  }

  test("TRN-10 a metrics.json of another run at the same location - is left out, and said") {
    val run = written(twoOutputs)
    writeAt(directory.resolve("a/metrics.json"), s"[${value("loss", 1)}]", noon.minusSeconds(10))
    writeAt(directory.resolve("b/metrics.json"), s"[${value("loss", 1)}]", noon.plusSeconds(70))
    val metrics = RunMetrics.of(run)
    assert(metrics.named.isEmpty)
    assert(metrics.problems.get(0).endsWith("a/metrics.json is older than the run."))
    assert(metrics.problems.get(1).contains("was written after the run had ended, by another run"))
  }

  test("TRN-10 metrics kept at the end of a run - stay, whatever a later run writes to the same location") {
    val run = written(twoOutputs)
    writeAt(directory.resolve("a/metrics.json"), s"[${value("loss", 1)}]", noon.plusSeconds(9))
    assert(RunMetrics.keep(run.run, run.directory, noon).isEmpty)
    writeAt(directory.resolve("a/metrics.json"), s"[${value("loss", 2)}]", noon.plusSeconds(90))
    assert(RunMetrics.of(run).finalValues.asScala.toMap === Map("loss" -> 1.0))
    assert(RunMetrics.of(run).problems.isEmpty)
  }

  private def twoOutputs: TrainingJob = {
    script("print()")
    TrainingJob
      .builder("cells", code, "train.py")
      .output(TrainingOutput.of("train_url", StorageUri.of(directory.resolve("a"))))
      .output(TrainingOutput.of("log_url", StorageUri.of(directory.resolve("b"))))
      .build()
  }
}
