package io.millrace.training

import java.nio.file.Path

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.{DatasetException, DatasetRef, StorageUri}

class TrainingJobSuite extends AnyFunSuite {

  test("TRN-1 job - every bad value - has a sentence of its own") {
    val cases = Table(
      ("change", "sentence"),
      (
        (b: TrainingJob.Builder) => b.nodes(0),
        "Invalid nodes: 0 (expected 1 to 1000)."
      ),
      (
        (b: TrainingJob.Builder) => b.devicesPerNode(65),
        "Invalid devices: 65 (expected 1 to 64 a node)."
      ),
      (
        (b: TrainingJob.Builder) => b.retries(4),
        "Invalid retries: 4 (expected 0 to 3)."
      ),
      (
        (b: TrainingJob.Builder) => b.description("x" * 257),
        "Invalid description: 257 characters (expected at most 256)."
      ),
      (
        (b: TrainingJob.Builder) => b.parameter("bad name", "1"),
        "Invalid parameter name: 'bad name' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first)."
      ),
      (
        (b: TrainingJob.Builder) => b.parameter("epochs", "1").parameter("epochs", "2"),
        "Invalid arguments: 'epochs' is given twice (expected each input, output and parameter once)."
      ),
      (
        (b: TrainingJob.Builder) => b.parameter("rank", "0"),
        "Invalid arguments: 'rank' is set by the launcher (remove it)."
      ),
      (
        (b: TrainingJob.Builder) => b.environment("1X", "0"),
        "Invalid environment variable: '1X' (expected a name of A-Z, a-z, 0-9 and _, no digit first)."
      ),
      (
        (b: TrainingJob.Builder) =>
          b.input(() =>
            TrainingInput
              .of("data-url", StorageUri.parse("/d"))
              .withAccess(InputAccess.ENVIRONMENT)
          ),
        "Invalid input name: 'data-url' (expected a name without '-' for access by environment)."
      )
    )
    forAll(cases) { (change, sentence) =>
      val failure = intercept[TrainingException](change(builder()).build())
      assert(failure.problems.asScala === Seq(sentence))
      assert(failure.getMessage === s"Cannot start training job 'cells': $sentence")
    }
  }

  test("TRN-1 job - boot file outside the code directory or no Python - is refused") {
    val cases = Table(
      ("boot file", "sentence"),
      ("train.sh", "Invalid boot-file: 'train.sh' (expected a file that ends in .py)."),
      (
        "../train.py",
        "Invalid boot-file: '../train.py' does not lie inside code-dir. Give its path relative to code-dir."
      ),
      (
        "/elsewhere/train.py",
        "Invalid boot-file: '/elsewhere/train.py' does not lie inside code-dir. Give its path relative to code-dir."
      )
    )
    forAll(cases) { (bootFile, sentence) =>
      val failure =
        intercept[TrainingException](TrainingJob.builder("cells", Path.of("/c"), bootFile).build())
      assert(failure.problems.asScala === Seq(sentence))
    }
  }

  test("TRN-1 job - boot file given by its whole path - is taken relative to the code directory") {
    assert(TrainingJob.builder("cells", Path.of("/c"), "/c/a/train.py").build().bootFile.get === "a/train.py")
  }

  test("TRN-1 job - several bad values - are reported all together") {
    val failure = intercept[TrainingException](
      TrainingJob
        .builder("no name", Path.of("/c"), "train.sh")
        .input(() => throw new DatasetException("Cannot find pets@V009: there is none"))
        .parameter("é", "1")
        .nodes(0)
        .retries(9)
        .build()
    )
    assert(
      failure.problems.asScala === Seq(
        "Cannot find pets@V009: there is none.",
        "Invalid parameter name: 'é' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first).",
        "Invalid name: 'no name' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first).",
        "Invalid boot-file: 'train.sh' (expected a file that ends in .py).",
        "Invalid retries: 9 (expected 0 to 3).",
        "Invalid nodes: 0 (expected 1 to 1000)."
      )
    )
    assert(failure.getMessage.startsWith("Cannot start training job 'no name': 6 problems"))
  }

  test("TRN-1 job - a setting that looks like a secret - is refused") {
    val cases = Table(
      ("name", "value", "secret"),
      ("password", "x", true),
      ("DB_PASSWORD", "x", true),
      ("AWS_SECRET_ACCESS_KEY", "x", true),
      ("api-key", "x", true),
      ("HF_TOKEN", "x", true),
      ("note", "AKIA" + "ABCDEFGHIJKLMNOP", true),
      ("note", "-----BEGIN RSA PRIVATE KEY-----", true),
      ("tokenizer", "bpe", false),
      ("max_tokens", "512", false),
      ("pad_token", "<pad>", false),
      ("keypoints", "17", false),
      ("api_key", "", false)
    )
    forAll(cases) { (name, value, secret) =>
      def make(): TrainingJob = builder().parameter(name, value).build()
      if (secret) assert(intercept[TrainingException](make()).getMessage.contains("looks like a secret"))
      else assert(make().parameters.get(0).value.get === value)
    }
    val inEnvironment = intercept[TrainingException](builder().environment("MY_SECRET", "x").build())
    assert(inEnvironment.getMessage.contains("environment variable: 'MY_SECRET'"))
  }

  test("ranks - any nodes and devices - are 0 to n-1 once each, node by node") {
    val cases = Table(
      ("layout", "world", "third"),
      (ProcessLayout.PROCESS_PER_NODE, 3, new Rank(2, 3, 2, 0, 1)),
      (ProcessLayout.PROCESS_PER_DEVICE, 12, new Rank(2, 12, 0, 2, 4))
    )
    forAll(cases) { (layout, world, third) =>
      val ranks = Rank.of(builder().nodes(3).devicesPerNode(4).layout(layout).build()).asScala
      assert(ranks.map(_.value) === (0 until world))
      assert(ranks(2) === third)
    }
  }

  test("job file - written and read - is the same run") {
    val run = TrainingRun.of(
      builder()
        .description("first \"try\"")
        .input(
          TrainingInput.ofVersion("data_url", DatasetRef.parse("cells@V001"), StorageUri.parse("/d"))
        )
        .input(TrainingInput.of("extra", StorageUri.parse("/e f")).withAccess(InputAccess.ENVIRONMENT))
        .output(
          TrainingOutput
            .of("train_url", StorageUri.parse("file:///o%20p"))
            .withPreparation(OutputPreparation.DOWNLOADED)
        )
        .parameter("lr", "-0.5")
        .parameter("note", "ä\n")
        .environment("B", "2")
        .environment("A", "1")
        .nodes(2)
        .devicesPerNode(4)
        .layout(ProcessLayout.PROCESS_PER_DEVICE)
        .retries(3)
        .build()
    )
    assert(TrainingJobJson.decode(TrainingJobJson.encode(run)) === run)
    val bare = TrainingRun.of(builder().build())
    assert(TrainingJobJson.decode(TrainingJobJson.encode(bare)) === bare)
  }

  test("job file - a field missing or wrong - is named") {
    val text = TrainingJobJson.encode(TrainingRun.of(builder().build()))
    val missing = intercept[DatasetException](TrainingJobJson.decode(text.replace("boot-file", "x")))
    assert(missing.getMessage === "Cannot read a training job: its field 'boot-file' is missing. Submit it again.")
    val wrong =
      intercept[DatasetException](TrainingJobJson.decode(text.replace("process-per-node", "ring")))
    assert(wrong.getMessage === "Cannot read a training job: its field 'layout' is 'ring', which is unknown.")
    assert(intercept[DatasetException](TrainingJobJson.decode("{")).getMessage.startsWith("Cannot read"))
  }

  test("run state - Completed, Failed, Abnormal and Terminated - are terminal") {
    val terminal = RunState.values.filter(_.isTerminal).map(_.displayName).toSet
    assert(terminal === Set("Completed", "Failed", "Abnormal", "Terminated"))
  }

  private def builder(): TrainingJob.Builder = TrainingJob.builder("cells", Path.of("/c"), "train.py")
}
