package io.millrace.training

import java.net.URI
import java.nio.file.Path
import java.time.Duration
import java.util.{List => JList, Optional}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

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
              .withAccess(DataAccess.ENVIRONMENT)
          ),
        "Invalid input name: 'data-url' (expected a name without '-' for access by environment)."
      ),
      (
        (b: TrainingJob.Builder) =>
          b.output(() =>
            TrainingOutput
              .of("train-url", StorageUri.parse("/d"))
              .withAccess(DataAccess.ENVIRONMENT)
          ),
        "Invalid output name: 'train-url' (expected a name without '-' for access by environment)."
      ),
      (
        (b: TrainingJob.Builder) => b.experiment("a b"),
        "Invalid experiment: 'a b' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first)."
      ),
      ((b: TrainingJob.Builder) => b.priority(0), "Invalid priority: 0 (expected 1 to 3)."),
      ((b: TrainingJob.Builder) => b.priority(4), "Invalid priority: 4 (expected 1 to 3)."),
      (
        (b: TrainingJob.Builder) => b.autoStop(Duration.ofMinutes(59)),
        "Invalid auto-stop: 3540 seconds (expected 1 to 720 hours)."
      ),
      (
        (b: TrainingJob.Builder) => b.autoStop(Duration.ofHours(721)),
        "Invalid auto-stop: 721 hours (expected 1 to 720 hours)."
      ),
      ((b: TrainingJob.Builder) => b.uid(65536), "Invalid uid: 65536 (expected 0 to 65535)."),
      ((b: TrainingJob.Builder) => b.flavor(" "), "Invalid flavor: it is empty (give a name or leave it out)."),
      ((b: TrainingJob.Builder) => b.pool(""), "Invalid pool: it is empty (give a name or leave it out)."),
      (
        (b: TrainingJob.Builder) => b.localCodeDirectory("code"),
        "Invalid local-code-dir: 'code' (expected an absolute path)."
      ),
      (
        (b: TrainingJob.Builder) => b.workingDirectory(""),
        "Invalid working-dir: it is empty (give a path or leave it out)."
      ),
      (
        (b: TrainingJob.Builder) => b.deviceType(DeviceType.NPU),
        "Invalid log-url: it is missing (a job on NPUs needs one)."
      ),
      (
        (b: TrainingJob.Builder) => b.logRetention(LogKeeping.Retention.PERMANENT),
        "Invalid keep-logs: there is no log-url to keep the logs in (give one)."
      ),
      (
        (b: TrainingJob.Builder) => b.mode(TrainingMode.DIAGNOSIS),
        "Invalid mode: diagnosis is for MindSpore on NPUs only (use normal)."
      ),
      (
        (b: TrainingJob.Builder) => b.mode(TrainingMode.PERFORMANCE).framework(Framework.MINDSPORE),
        "Invalid mode: performance is for MindSpore on NPUs only (use normal)."
      ),
      (
        (b: TrainingJob.Builder) => (1 to 9).foldLeft(b)((each, i) => each.mount(() => mount(s"/m$i"))),
        "Invalid mounts: there are 9 (expected at most 8)."
      ),
      (
        (b: TrainingJob.Builder) =>
          b.mount(() => mount("/m")).mount(() => new Mount("other", "/x/../m/", Mount.Access.READ_ONLY)),
        "Invalid mounts: /m is mounted twice (give each a path of its own)."
      ),
      (
        (b: TrainingJob.Builder) =>
          b.mount(() => mount("/m")).mount(() => new Mount("s:/m", "/n", Mount.Access.READ_ONLY)),
        "Invalid mounts: s:/m is given twice (mount it once)."
      ),
      (
        (b: TrainingJob.Builder) => b.mount(() => mount("/")),
        "Invalid mount: / is used by the launcher (give another path)."
      ),
      (
        (b: TrainingJob.Builder) => b.mount(() => mount("/home/ma-user/./modelarts/")),
        "Invalid mount: /home/ma-user/modelarts is used by the launcher (give another path)."
      ),
      (
        (b: TrainingJob.Builder) => b.mount(() => mount("relative")),
        "Invalid mount: 'relative' is no absolute path."
      ),
      (
        (b: TrainingJob.Builder) => b.notify(() => Notification.of(URI.create("https://h/"), JList.of())),
        "Invalid notification: https://h/ is told of nothing (expected started, finished, failed, stopped or hung)."
      ),
      (
        (b: TrainingJob.Builder) => b.notify(() => told("ftp://u:p@h/x")),
        "Invalid notification: 'ftp://h/x' (expected https://HOST/PATH or http://HOST/PATH)."
      ),
      (
        (b: TrainingJob.Builder) => b.notify(() => told("https://u:p@h/x")),
        "Invalid notification: the address of h holds a user or password, and a job is stored as plain text (remove them)."
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

  test("TRN-1 hyperparameters - values that do not fit type, constraint or presence - are refused") {
    val range = new HyperparameterConstraint.Range(new java.math.BigDecimal("0.1"), java.math.BigDecimal.TEN)
    val choice = new HyperparameterConstraint.Choice(JList.of("sgd", "adam"))
    val cases = Table(
      ("type", "value", "constraint", "problem"),
      (HyperparameterType.INTEGER, "-3", None, ""),
      (HyperparameterType.INTEGER, "99999999999999999999", None, ""),
      (HyperparameterType.INTEGER, "1.5", None, "'1.5' (expected a whole number)"),
      (HyperparameterType.FLOAT, "1e-3", None, ""),
      (HyperparameterType.FLOAT, "one", None, "'one' (expected a number)"),
      (HyperparameterType.BOOLEAN, "True", None, ""),
      (HyperparameterType.BOOLEAN, "1", None, "'1' (expected true or false)"),
      (HyperparameterType.FLOAT, "0.1", Some(range), ""),
      (HyperparameterType.INTEGER, "10", Some(range), ""),
      (HyperparameterType.FLOAT, "0.09", Some(range), "'0.09' (expected 0.1 to 10)"),
      (HyperparameterType.FLOAT, "10.01", Some(range), "'10.01' (expected 0.1 to 10)"),
      (HyperparameterType.STRING, "adam", Some(choice), ""),
      (HyperparameterType.STRING, "lion", Some(choice), "'lion' (expected sgd, adam)"),
      (HyperparameterType.STRING, "a\u0000", None, "it holds a NUL")
    )
    def make(kind: HyperparameterType, value: Option[String], constraint: Option[HyperparameterConstraint],
        presence: Hyperparameter.Presence = Hyperparameter.Presence.OPTIONAL) =
      new Hyperparameter("p", kind, value.toJava, constraint.toJava, presence)
    forAll(cases) { (kind, value, constraint, problem) =>
      if (problem.isEmpty) assert(make(kind, Some(value), constraint).value.get === value)
      else {
        val failure = intercept[DatasetException](make(kind, Some(value), constraint))
        assert(failure.getMessage === s"Invalid value of parameter p: $problem")
      }
    }
    assert(intercept[DatasetException](
      make(HyperparameterType.STRING, None, None, Hyperparameter.Presence.REQUIRED)).getMessage ===
      "Invalid parameter p: it is required and has no value (give one)")
    assert(intercept[DatasetException](make(HyperparameterType.STRING, Some("5"), Some(range))).getMessage ===
      "Invalid parameter p: it has a range and is a text (give it the type integer or float)")
    assert(intercept[DatasetException](
      new HyperparameterConstraint.Range(java.math.BigDecimal.TEN, java.math.BigDecimal.ONE)).getMessage ===
      "Invalid range: 10 to 1 (expected the smaller number first)")
  }

  test("TRN-2 launch - combinations that make no sense - are refused in a sentence") {
    val cases = Table(
      ("framework", "device", "layout", "sentence"),
      (Framework.MINDSPORE, DeviceType.CPU, ProcessLayout.TORCHRUN,
        "Invalid launch: torchrun is PyTorch's, and the framework is MindSpore (use dynamic-cluster, msrun or, on NPUs, rank-table)."),
      (Framework.MINDSPORE, DeviceType.CPU, ProcessLayout.PROCESS_PER_DEVICE,
        "Invalid launch: process-per-device is PyTorch's, and the framework is MindSpore (use dynamic-cluster, msrun or, on NPUs, rank-table)."),
      (Framework.PYTORCH, DeviceType.NPU, ProcessLayout.RANK_TABLE,
        "Invalid launch: rank-table is MindSpore's, and the framework is PyTorch (use process-per-node, process-per-device or torchrun)."),
      (Framework.PYTORCH, DeviceType.CPU, ProcessLayout.DYNAMIC_CLUSTER,
        "Invalid launch: dynamic-cluster is MindSpore's, and the framework is PyTorch (use process-per-node, process-per-device or torchrun)."),
      (Framework.PYTORCH, DeviceType.CPU, ProcessLayout.MSRUN,
        "Invalid launch: msrun is MindSpore's, and the framework is PyTorch (use process-per-node, process-per-device or torchrun)."),
      (Framework.MINDSPORE, DeviceType.GPU, ProcessLayout.RANK_TABLE,
        "Invalid launch: a rank table lists Ascend devices, and the device type is gpu (use dynamic-cluster or msrun).")
    )
    forAll(cases) { (framework, device, layout, sentence) =>
      val made = builder().framework(framework).deviceType(device).layout(layout).logLocation(StorageUri.parse("/l"))
      assert(intercept[TrainingException](made.build()).problems.asScala === Seq(sentence))
    }
    val command = new Algorithm.UserCommand("true", Optional.empty(), Optional.empty())
    assert(intercept[TrainingException](
      TrainingJob.builder("cells", command).layout(ProcessLayout.TORCHRUN).build()).problems.asScala === Seq(
      "Invalid launch: torchrun starts a boot file, and the job has a user-command (use process-per-node and start torchrun in the command)."))
  }

  test("TRN-1 user command - empty, or with a key in it - is refused") {
    def problems(command: String) = intercept[TrainingException](TrainingJob
      .builder("cells", new Algorithm.UserCommand(command, Optional.empty(), Optional.of(" "))).build()).problems.asScala
    assert(problems(" ") === Seq("Invalid image: it is empty (give a name or leave it out).",
      "Invalid user-command: it is empty (expected a command of the shell)."))
    assert(problems("export K=AKIA" + "ABCDEFGHIJKLMNOP").last.startsWith(
      "Invalid user-command: it holds what looks like a secret"))
  }

  test("TRN-1 job file - every field - is read as it was written") {
    val command = new Algorithm.UserCommand("python \"$@\"", Optional.of(CodeLocation.parse("/c")), Optional.of("image:1"))
    val job = TrainingJob
      .builder("cells", command)
      .experiment("first")
      .framework(Framework.MINDSPORE)
      .deviceType(DeviceType.NPU)
      .flavor("big")
      .pool("p")
      .priority(3)
      .layout(ProcessLayout.DYNAMIC_CLUSTER)
      .mode(TrainingMode.DIAGNOSIS)
      .localCodeDirectory("/opt")
      .workingDirectory("sub")
      .uid(0)
      .mount(() => mount("/m"))
      .logLocation(StorageUri.parse("file:///l"))
      .logRetention(LogKeeping.Retention.PERMANENT)
      .notify(() => told("https://h/x?a=b"))
      .autoStop(Duration.ofHours(720))
      .input(TrainingInput.of("d", StorageUri.parse("file:///d")).withDelivery(InputDelivery.DOWNLOADED))
      .parameter(() => Hyperparameter.flag("f"))
      .parameter(() => new Hyperparameter("lr", HyperparameterType.FLOAT, Optional.of("0.10"),
        Optional.of[HyperparameterConstraint](new HyperparameterConstraint.Range(
          new java.math.BigDecimal("0.10"), new java.math.BigDecimal("1"))), Hyperparameter.Presence.REQUIRED))
      .parameter(() => new Hyperparameter("o", HyperparameterType.STRING, Optional.of("a"),
        Optional.of[HyperparameterConstraint](new HyperparameterConstraint.Choice(JList.of("a", "b"))),
        Hyperparameter.Presence.OPTIONAL))
      .cloudSetting("policy", "regular")
      .build()
    val run = TrainingRun.of(job)
    assert(TrainingJobJson.decode(TrainingJobJson.encode(run)) === run)
  }

  test("TRN-1 job file - of an older release - is read with what it meant") {
    val old =
      """{"id": "0a1b2c3d", "name": "cells", "description": "", "code-dir": "/c", "boot-file": "train.py",
        |"inputs": [{"name": "data_url", "location": "file:///d", "access": "argument"}],
        |"parameters": [{"name": "epochs", "value": "10"}], "environment": {"A": "1"},
        |"nodes": 2, "devices-per-node": 1, "layout": "process-per-node", "retries": 1}""".stripMargin
    val expected = builder()
      .input(TrainingInput.of("data_url", StorageUri.parse("file:///d")))
      .parameter("epochs", "10")
      .environment("A", "1")
      .nodes(2)
      .retries(1)
      .build()
    assert(TrainingJobJson.decode(old) === new TrainingRun(new RunId("0a1b2c3d"), expected))
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
        .input(TrainingInput.of("extra", StorageUri.parse("/e f")).withAccess(DataAccess.ENVIRONMENT))
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

  test("TRN-1 job file - code on a store, output by environment - are written as they were given; older files mean the argument") {
    val run = TrainingRun.of(TrainingJob
      .builder("cells", CodeLocation.parse("obs://b/mnist/code/"), "obs://b/mnist/code/a/main.py")
      .output(TrainingOutput.of("RESULT", StorageUri.parse("s3://b/o")).withAccess(DataAccess.ENVIRONMENT))
      .build())
    val text = TrainingJobJson.encode(run)
    assert(text.contains("\"code-dir\" : \"obs://b/mnist/code/\"") && text.contains("\"boot-file\" : \"a/main.py\""))
    assert(TrainingJobJson.decode(text) === run)
    val older = TrainingJobJson.decode(text.replace("\"access\" : \"environment\",", ""))
    assert(older.job.outputs.get(0).access === DataAccess.ARGUMENT)
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

  private def mount(path: String): Mount = new Mount("s:" + path, path, Mount.Access.READ_WRITE)

  private def told(url: String): Notification =
    Notification.of(URI.create(url), JList.of(NotificationEvent.FAILED, NotificationEvent.HUNG))

  private def builder(): TrainingJob.Builder = TrainingJob.builder("cells", Path.of("/c"), "train.py")
}
