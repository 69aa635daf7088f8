package io.millrace.jobs.training

import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.{Map => JMap}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.{DatasetException, StorageUri}
import io.millrace.jobs.training.TrainingDraft.Place
import io.millrace.training._
import io.millrace.training.HyperparameterConstraint.{Choice, Range}

class TrainingJobFileSuite extends AnyFunSuite with BeforeAndAfterAll {
  import TrainingJobFileSuite._

  private lazy val directory = Files.createTempDirectory("job-file").toRealPath()

  override protected def afterAll(): Unit = {
    Files.walk(directory).sorted(java.util.Comparator.reverseOrder()).forEach(Files.delete(_))
    super.afterAll()
  }

  test("TRN-1 the example file - read - says every key, and is the job that it describes") {
    val file = Path.of(getClass.getResource("/jobs/train.yaml").toURI)
    val job = TrainingJobFile.read(file, versions).toJob()
    val base = file.getParent
    assert(job.name === "cells")
    assert(job.description === "Finds cells in pictures of blood")
    assert(job.experiment.get === "cells-2026")
    assert(job.bootFile.get === "train.py")
    assert(job.algorithm.image.get === "registry.example.com/torch:2.4")
    assert(job.nodeSettings.localCodeDirectory.get === "/home/ma-user/modelarts/user-job-dir")
    assert(job.nodeSettings.workingDirectory.get === ".")
    assert(job.nodeSettings.uid.getAsInt === 1000)
    assert(job.nodeSettings.mounts.asScala ===
      Seq(new Mount("192.168.0.10:/share", "/mnt/share", Mount.Access.READ_ONLY)))
    assert(job.inputs.asScala === Seq(
      versions.ofVersion("data_url", io.millrace.dataset.DatasetRef.parse("cells@V001")),
      TrainingInput
        .of("PRETRAINED", StorageUri.of(base.resolve("models/base")))
        .withAccess(DataAccess.ENVIRONMENT)
        .withDelivery(InputDelivery.DOWNLOADED)
    ))
    assert(job.outputs.asScala === Seq(
      TrainingOutput.of("train_url", StorageUri.of(base.resolve("out"))),
      TrainingOutput.of("PREDICTIONS", StorageUri.of(base.resolve("predictions"))).withAccess(DataAccess.ENVIRONMENT)
    ))
    assert(job.parameters.asScala === Seq(
      parameter("epochs", HyperparameterType.INTEGER, "10"),
      new Hyperparameter("lr", HyperparameterType.FLOAT, Some("0.01").toJava,
        Some[HyperparameterConstraint](
          new Range(new java.math.BigDecimal("0.0001"), new java.math.BigDecimal("1"))).toJava,
        Hyperparameter.Presence.REQUIRED),
      new Hyperparameter("optimizer", HyperparameterType.STRING, Some("sgd").toJava,
        Some[HyperparameterConstraint](new Choice(java.util.List.of("sgd", "adam"))).toJava,
        Hyperparameter.Presence.OPTIONAL),
      Hyperparameter.flag("augment")
    ))
    assert(job.environment === JMap.of("NCCL_DEBUG", "INFO"))
    assert(job.resources === new Resources(2, 1, DeviceType.CPU, Some("8-cores").toJava, Some("shared").toJava, 1))
    assert(job.autoStop.get === Duration.ofHours(24))
    assert(job.retries === 1)
    assert(job.logs ===
      new LogKeeping(Some(StorageUri.of(base.resolve("logs"))).toJava, LogKeeping.Retention.PERMANENT))
    assert(job.notifications.asScala.map(_.on.asScala.toSet) ===
      Seq(Set(NotificationEvent.FAILED, NotificationEvent.HUNG)))
    val keys = "(?m)^([a-z-]+):".r.findAllMatchIn(Files.readString(file)).map(_.group(1)).toSet
    assert(TrainingKeys.values.map(_.word).toSet - "user-command" -- keys === Set())
  }

  test("TRN-1 ma-cli's train.yaml with a preset image - as it stands - is a job") {
    val job = read("""
      |# pool_id: pool_xxxx
      |train-instance-type: modelarts.vm.cpu.8u
      |train-instance-count: 2
      |data-url: obs://your-bucket/mnist/dataset/MNIST/
      |code-dir: obs://your-bucket/mnist/code/
      |working-dir: /home/ma-user/modelarts/user-job-dir/code
      |framework-type: PyTorch
      |framework-version: pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64
      |boot-file: main.py
      |log-url: obs://your-bucket/mnist/logs/
      |uid: 1000
      |workspace-id: 0
      |policy: regular
      |output:
      |- name: output_dir
      |  obs_path: obs://your-bucket/mnist/output1/
      |input:
      |- name: data_url
      |  obs_path: obs://your-bucket/mnist/dataset/MNIST2/
      |parameters:
      |- epoch: 10
      |- learning_rate: 0.01
      |- pretrained:
      |env-variables:
      |- ENV1: env1
      |- ENV2=a=b
      |pool_id: pool_xxxx
      |volumes:
      |- efs:
      |    local_path: /xx/yy/zz
      |    read_only: false
      |    nfs_server_path: 192.168.0.1:/
      |- efs:
      |  local_path: /xx/yy
      |  read_only: true
      |  nfs_server_path: 192.168.0.2:/
      |""").toJob()
    assert(job.name === "code")
    assert(job.resources.flavor.get === "modelarts.vm.cpu.8u")
    assert(job.resources.pool.get === "pool_xxxx")
    assert(job.nodes === 2)
    assert(job.code.get.toString === "obs://your-bucket/mnist/code/")
    assert(job.inputs.asScala.map(input => (input.name, input.location.value, input.delivery)) ===
      Seq(("data_url", "obs://your-bucket/mnist/dataset/MNIST2/", InputDelivery.DOWNLOADED)))
    assert(job.outputs.asScala.map(_.location.value) === Seq("obs://your-bucket/mnist/output1/"))
    assert(job.logs.location.get.value === "obs://your-bucket/mnist/logs/")
    assert(job.parameters.asScala === Seq(
      parameter("epoch", HyperparameterType.INTEGER, "10"),
      parameter("learning_rate", HyperparameterType.FLOAT, "0.01"),
      Hyperparameter.flag("pretrained")
    ))
    assert(job.environment === JMap.of("ENV1", "env1", "ENV2", "a=b"))
    assert(job.nodeSettings.mounts.asScala === Seq(
      new Mount("192.168.0.1:/", "/xx/yy/zz", Mount.Access.READ_WRITE),
      new Mount("192.168.0.2:/", "/xx/yy", Mount.Access.READ_ONLY)
    ))
    assert(job.cloudSettings.asScala === Map(
      "framework-version" -> "pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64",
      "workspace-id" -> "0",
      "policy" -> "regular"
    ))
  }

  test("TRN-1 ma-cli's train.yaml with an image of one's own - as it stands - is a job") {
    val job = read("""
      |image-url: atelier/pytorch_1_8:pytorch_1.8.0
      |user-command: export A=/usr/compat:$A && cd /home/ma-user/modelarts/user-job-dir/code && python main.py
      |train-instance-type: modelarts.vm.cpu.8u
      |train-instance-count: 1
      |data-url: obs://your-bucket/data/
      |code-dir: obs://your-bucket/mnist/code/
      |log-url: obs://your-bucket/mnist/logs/
      |output: [output1=obs://your-bucket/o=1, output2=obs://your-bucket/o2]
      |parameters: --epoch 0 --pretrained --note "two words" --lr=-0.5
      |""").toJob()
    assert(job.algorithm === new Algorithm.UserCommand(
      "export A=/usr/compat:$A && cd /home/ma-user/modelarts/user-job-dir/code && python main.py",
      Some(CodeLocation.parse("obs://your-bucket/mnist/code/")).toJava,
      Some("atelier/pytorch_1_8:pytorch_1.8.0").toJava
    ))
    assert(job.outputs.asScala.map(each => each.name -> each.location.value) ===
      Seq("output1" -> "obs://your-bucket/o=1", "output2" -> "obs://your-bucket/o2"))
    assert(job.parameters.asScala === Seq(
      Hyperparameter.of("epoch", "0"),
      Hyperparameter.flag("pretrained"),
      Hyperparameter.of("note", "two words"),
      Hyperparameter.of("lr", "-0.5")
    ))
  }

  test("TRN-1 job file - everything wrong in it - is reported together, with line and column") {
    val failure = intercept[TrainingException](read(
      """name: cells
        |code-dir: code
        |boot-file: train.sh
        |prioritty: 2
        |priority: 9
        |train-instance-count: two
        |launch: ring
        |auto-stop: 1000
        |uid: 70000
        |inputs:
        |  - name: data_url
        |    uri: /d
        |    acces: env
        |  - name: other
        |  - name: bad-name
        |    uri: /e
        |    access: env
        |parameters:
        |  lr: {value: 2, type: float, range: [0, 1]}
        |  bad name: 1
        |  epochs: {type: integer, required: true}
        |mounts:
        |  - {source: /a, path: /cache}
        |notifications:
        |  - url: ftp://x/y
        |  - url: https://me:pass@x/y
        |  - url: https://x/y
        |    on: [broken]
        |env:
        |  DB_PASSWORD: x
        |retries: [1]
        |""").toJob())
    assert(failure.problems.asScala.sorted === Seq(
      "Invalid environment variable: 'DB_PASSWORD' looks like a secret, and a job is stored as plain text. " +
        "Let the script read it from a file or from the environment that the launcher itself is started in.",
      "job.yaml, line 13, column 5: Unknown key 'acces' (did you mean 'access'?).",
      "job.yaml, line 14, column 5: Invalid input other: it has no data (expected one of dataset, uri and obs_path).",
      "job.yaml, line 16, column 10: Invalid input name: 'bad-name' (expected a name without '-' for access by environment).",
      "job.yaml, line 19, column 15: Invalid value of parameter lr: '2' (expected 0 to 1).",
      "job.yaml, line 20, column 13: Invalid parameter name: 'bad name' (expected 1 to 64 of A-Z, a-z, 0-9, _ and -, no - first).",
      "job.yaml, line 21, column 11: Invalid parameter epochs: it is required and has no value (give one).",
      "job.yaml, line 23, column 24: Invalid mount: /cache is used by the launcher (give another path).",
      "job.yaml, line 25, column 10: Invalid notification: 'ftp://x/y' (expected https://HOST/PATH or http://HOST/PATH).",
      "job.yaml, line 26, column 10: Invalid notification: the address of x holds a user or password, and a job is stored as plain text (remove them).",
      "job.yaml, line 27, column 10: Invalid notification: https://x/y is told of nothing (expected started, finished, failed, stopped or hung).",
      "job.yaml, line 28, column 9: Invalid notifications: 'broken' is no event (expected started, finished, failed, stopped, hung).",
      "job.yaml, line 3, column 12: Invalid boot-file: 'train.sh' (expected a file that ends in .py).",
      "job.yaml, line 31, column 10: Invalid retries: it has parts (expected one text).",
      "job.yaml, line 4, column 1: Unknown key 'prioritty' (did you mean 'priority'?).",
      "job.yaml, line 5, column 11: Invalid priority: 9 (expected 1 to 3).",
      "job.yaml, line 6, column 23: Invalid nodes: 'two' (expected a whole number).",
      "job.yaml, line 7, column 9: Invalid launch: 'ring' (expected process-per-node, process-per-device, torchrun, rank-table, dynamic-cluster, msrun).",
      "job.yaml, line 8, column 12: Invalid auto-stop: 1000 hours (expected 1 to 720 hours).",
      "job.yaml, line 9, column 6: Invalid uid: 70000 (expected 0 to 65535)."
    ).sorted)
  }

  test("TRN-1 job file - keys that are no setting, twice or of two names - are refused") {
    val cases = Table(
      ("text", "problem"),
      ("nodez: 2", "job.yaml, line 1, column 1: Unknown key 'nodez' (did you mean 'nodes'?)."),
      ("completely-else: 2", "job.yaml, line 1, column 1: Unknown key 'completely-else'."),
      ("nodes: 1\nnodes: 2", "job.yaml, line 2, column 1: Key 'nodes' is given twice."),
      (
        "nodes: 1\ntrain-instance-count: 2",
        "job.yaml, line 2, column 23: Invalid key: 'nodes' and 'train-instance-count' mean the same (give one of them)."
      ),
      ("parameters:\n- {name: a, value: 1}\n- a: 2", "job.yaml, line 3, column 3: Invalid parameters: 'a' is given twice."),
      ("code-dir: https://h/code", "job.yaml, line 1, column 11: Invalid code-dir: 'https://h/code' is no directory (expected a local one, or one of s3://, s3a://, obs:// or hdfs://)."),
      ("code-dir: obs://b/code\nboot-file: /b/other/x.py", "job.yaml, line 2, column 12: Invalid boot-file: '/b/other/x.py' does not lie inside code-dir. Give its path relative to code-dir."),
      ("outputs:\n- {name: a-b, uri: /o, access: env}", "job.yaml, line 2, column 20: Invalid output name: 'a-b' (expected a name without '-' for access by environment)."),
      ("outputs:\n- {name: a, uri: /o, access: file}", "job.yaml, line 2, column 30: Invalid access: 'file' (expected argument or env)."),
      ("keep-logs: maybe", "job.yaml, line 1, column 12: Invalid keep-logs: 'maybe' (expected true or false)."),
      ("framework: jax", "job.yaml, line 1, column 12: Invalid framework: 'jax' (expected pytorch, mindspore, custom; custom is for any other)."),
      ("- a", "job.yaml, line 1, column 1: Invalid value: expected pairs, KEY: VALUE."),
      ("user-command: true\nboot-file: a.py", "job.yaml, line 2, column 12: Invalid boot-file: the job has a user-command too (give one of them).")
    )
    forAll(cases) { (text, problem) =>
      assert(intercept[TrainingException](read(text).toJob()).problems.asScala.toSeq.contains(problem))
    }
  }

  test("TRN-1 job file - no YAML, empty - is refused with the place") {
    val broken = intercept[DatasetException](read("name: [cells\nnodes: 2"))
    assert(broken.getMessage.matches("(?s)Cannot read .*job.yaml, line 2, column \\d+: .*"))
    assert(intercept[DatasetException](read("# nothing")).getMessage.endsWith("job.yaml: it is empty"))
  }

  test("TRN-1 types of values - as YAML has them - are kept, and texts as they are written") {
    val job = read("""
      |user-command: "true"
      |parameters: {a: 010, b: "10", c: 1e-3, d: yes, e: True, f: 0x1F, g: 1_000, h: on, i: .5}
      |""").toJob()
    assert(job.parameters.asScala.map(each => (each.name, each.`type`, each.value.get)) === Seq(
      ("a", HyperparameterType.INTEGER, "010"),
      ("b", HyperparameterType.STRING, "10"),
      ("c", HyperparameterType.FLOAT, "1e-3"),
      ("d", HyperparameterType.STRING, "yes"),
      ("e", HyperparameterType.BOOLEAN, "True"),
      ("f", HyperparameterType.STRING, "0x1F"),
      ("g", HyperparameterType.STRING, "1_000"),
      ("h", HyperparameterType.STRING, "on"),
      ("i", HyperparameterType.FLOAT, ".5")
    ))
  }

  test("TRN-1 locations on a store - full paths, access by env, delivery - mean what they say, also when said again") {
    val job = read("""
      |code-dir: obs://bucket/mnist/code/
      |boot-file: /bucket/mnist/code/src/main.py
      |inputs:
      |- {name: a, uri: s3://bucket/a}
      |- {name: b, uri: s3://bucket/b, delivery: linked}
      |- {name: c, uri: /c}
      |outputs:
      |- {name: RESULT, obs_path: obs://bucket/o, access: env}
      |- {name: train_url, uri: obs://bucket/t}
      |""").toJob()
    assert(job.bootFile.get === "src/main.py")
    assert(job.inputs.asScala.map(_.delivery) ===
      Seq(InputDelivery.DOWNLOADED, InputDelivery.LINKED, InputDelivery.LINKED))
    assert(job.outputs.asScala.map(_.access) === Seq(DataAccess.ENVIRONMENT, DataAccess.ARGUMENT))
    assert(TrainingDraft.of(job).toJob() === job)
  }

  test("TRN-1 command line - over a file - replaces what it names and no more") {
    val draft = read("""
      |code-dir: code
      |boot-file: train.py
      |nodes: 0
      |parameters: {epochs: 10, lr: 0.1}
      |inputs: {data_url: /a, other: /b}
      |""")
    draft.say(TrainingKeys.NODES, "3", Place.COMMAND_LINE)
    draft.parameter("epochs", () => Hyperparameter.of("epochs", "1"), Place.COMMAND_LINE)
    draft.input("data_url", () => TrainingInput.of("data_url", StorageUri.parse("file:///c")), Place.COMMAND_LINE)
    val job = draft.toJob()
    assert(job.nodes === 3)
    assert(job.parameters.asScala.map(each => each.name -> each.value.get) === Seq("epochs" -> "1", "lr" -> "0.1"))
    assert(job.inputs.asScala.map(_.location.value) === Seq("file:///c", "file:///b"))
  }

  private def read(text: String): TrainingDraft =
    TrainingJobFile.read(Files.writeString(directory.resolve("job.yaml"), text.stripMargin), versions)
}

object TrainingJobFileSuite {
  private val versions: InputSource =
    (name, version) => TrainingInput.ofVersion(name, version, StorageUri.parse("/datasets/" + version.dataset.value))

  private def parameter(name: String, kind: HyperparameterType, value: String): Hyperparameter =
    new Hyperparameter(name, kind, Some(value).toJava, None.toJava, Hyperparameter.Presence.OPTIONAL)
}
