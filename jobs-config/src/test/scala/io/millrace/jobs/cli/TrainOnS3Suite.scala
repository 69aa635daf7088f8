package io.millrace.jobs.cli

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}

import scala.concurrent.duration._
import scala.concurrent.{Await, ExecutionContext, Future}
import scala.jdk.CollectionConverters._

import org.scalatest.BeforeAndAfterEach
import org.scalatest.concurrent.Eventually
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.time.{Millis, Seconds, Span}

import io.millrace.dataset.StorageUri
import io.millrace.dataset.delta.spark.{S3Session, SharedSparkSession}
import io.millrace.dataset.storage.{ObjectStore, ObjectStores, S3Server, StoredObject}
import io.millrace.training.FileTree
import io.millrace.training.local.PythonFinder
import io.millrace.training.watch.{RunRecord, RunRegistry}

/** Jobs of two nodes whose data, results and logs lie on a real S3 server. */
class TrainOnS3Suite extends AnyFunSuite with SharedSparkSession with S3Session with BeforeAndAfterEach with Eventually {
  implicit override def patienceConfig: PatienceConfig =
    PatienceConfig(timeout = Span(60, Seconds), interval = Span(50, Millis))

  private var directory: Path = _
  private var bucket: String = _

  /** Every directory above it is open to all users. */
  private var open: Path = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    directory = Files.createTempDirectory("train-s3").toRealPath()
    open = Files.createTempDirectory(Path.of("/var/tmp"), "train-s3")
    assert(open.toFile.setExecutable(true, false) && open.toFile.setReadable(true, false))
    bucket = S3Server.freshBucket()
    Keys.foreach { case (name, value) => System.setProperty(name, value) }
  }

  override protected def afterEach(): Unit = {
    Keys.keys.foreach(System.clearProperty)
    Seq(directory, open).foreach(FileTree.delete)
    super.afterEach()
  }

  test("TRN-5 outputs on S3 - two nodes that write checkpoints - are uploaded while they run, only what changed again") {
    script("""
      |open(os.path.join(out, "fixed-%s" % rank), "w").write("stays")
      |open(os.path.join(out, "ckpt-%s" % rank), "w").write("epoch 1")
      |wait("second")
      |open(os.path.join(out, "ckpt-%s" % rank), "w").write("epoch 2!")
      |wait("end")
      |open(os.path.join(out, "last-%s" % rank), "w").write("done")
      |""")
    val run = submitted("--output", s"train_url=s3://$bucket/out")
    eventually(assert(names("out") === Set("fixed-0", "fixed-1", "ckpt-0", "ckpt-1")))
    val first = objects("out")
    sign("second")
    eventually(assert(Seq("ckpt-0", "ckpt-1").forall(name => text(s"out/$name") == "epoch 2!")))
    assert(!run.isCompleted)
    sign("end")
    val ended = Await.result(run, 60.seconds)
    assert(ended.exitCode === 0, ended.err)
    val last = objects("out")
    assert(last.keySet === Set("fixed-0", "fixed-1", "ckpt-0", "ckpt-1", "last-0", "last-1"))
    Seq("fixed-0", "fixed-1").foreach { name =>
      assert((last(name).etag, last(name).modifiedAt) === ((first(name).etag, first(name).modifiedAt)))
    }
    assert(last("ckpt-0").etag !== first("ckpt-0").etag)
  }

  test("TRN-5 outputs on S3 - a rank that fails - are uploaded once more, with what the other one saved at the end") {
    script("""
      |if rank == "1":
      |    wait("fail")
      |    open(os.path.join(out, "of-1"), "w").write("last words")
      |    sys.exit(3)
      |def save(*_):
      |    open(os.path.join(out, "saved-by-0"), "w").write("checkpoint")
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |open(os.path.join(os.environ["SIGNS"], "fail"), "w").close()
      |while True: signal.pause()
      |""")
    val run = submit("--output", s"train_url=s3://$bucket/out", "--sync-period", "3600")
    assert(run.exitCode === 1)
    assert(names("out") === Set("of-1", "saved-by-0"))
    assert((text("out/of-1"), text("out/saved-by-0")) === (("last words", "checkpoint")))
  }

  test("TRN-5 outputs on S3 - SIGTERM of the command - what a script saves within its grace is uploaded") {
    script("""
      |def save(*_):
      |    time.sleep(1)
      |    open(os.path.join(out, "saved-by-" + rank), "w").write("checkpoint")
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |open(os.path.join(os.environ["SIGNS"], "ready-" + rank), "w").close()
      |while True: signal.pause()
      |""")
    val runtime = Path.of(System.getProperty("java.home"), "bin", "java").toString
    val builder = new ProcessBuilder(
      (Seq(runtime, "-cp", System.getProperty("java.class.path"), "io.millrace.jobs.Millrace") ++
        arguments("--output", s"train_url=s3://$bucket/out", "--log-url", s"s3://$bucket/logs", "--s3-endpoint",
          S3Server.endpoint)).asJava)
    builder.environment().putAll(java.util.Map.of(
      "AWS_ACCESS_KEY_ID", S3Server.AccessKey, "AWS_SECRET_ACCESS_KEY", S3Server.SecretKey))
    val log = directory.resolve("command.log")
    val process = builder.redirectErrorStream(true).redirectOutput(log.toFile).start()
    Seq(0, 1).foreach(node => eventually(assert(Files.exists(directory.resolve(s"signs/ready-$node")))))
    process.destroy()
    assert(process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS))
    assert(names("out") === Set("saved-by-0", "saved-by-1"), Files.readString(log))
    assert(record(0).status.state.displayName === "Terminated")
    assert(names("logs").size === 4)
  }

  test("TRN-5 outputs on S3 - a restarted job - finds its checkpoint on every node; a new one does with --resume") {
    script("""
      |found = sorted(os.listdir(out))
      |print("rank", rank, "found", found)
      |if not os.path.exists(os.path.join(out, "ckpt-%s" % rank)):
      |    open(os.path.join(out, "ckpt-%s" % rank), "w").write("7")
      |    open(os.path.join(os.environ["SIGNS"], "wrote-%s" % rank), "w").close()
      |    wait("wrote-0")
      |    wait("wrote-1")
      |    sys.exit(4 if rank == "0" else 0)
      |""")
    val job = Seq("--output", s"train_url=s3://$bucket/out", "--sync-period", "3600")
    val first = submit(job ++ Seq("--retries", "1"): _*)
    assert(first.exitCode === 0, first.err)
    Seq(0, 1).foreach { node =>
      val log = Files.readString(record(0).directory.workerLog(record(0).run, node))
      assert(log.contains(s"rank $node found []"))
      assert(log.contains(s"rank $node found ['ckpt-0', 'ckpt-1']"))
      assert(log.contains("Training output (parameter: train_url) downloaded: 2 files"))
    }
    val etags = objects("out").view.mapValues(_.etag).toMap
    val second = submit(job :+ "--resume": _*)
    assert(second.exitCode === 0, second.err)
    assert(second.out.contains("rank 0 found ['ckpt-0', 'ckpt-1']"))
    assert(objects("out").view.mapValues(_.etag).toMap === etags)
  }

  test("TRN-5 inputs on S3 - downloaded - reach both nodes; logs are copied to log-url and go with their run") {
    (1 to 20).foreach(i => put(s"data/d/$i.txt", s"number $i"))
    script("""
      |data = options["--data_url"]
      |print("sum", sum(int(open(os.path.join(data, "d", f)).read().split()[1]) for f in os.listdir(data + "/d")))
      |""")
    val run = submit("--input", s"data_url=s3://$bucket/data", "--download", "data_url",
      "--log-url", s"s3://$bucket/logs")
    assert(run.exitCode === 0, run.err)
    val kept = record(0)
    assert(names("logs") === kept.directory.logDirectory.toFile.list().toSet.map(kept.run.displayName + "/" + _))
    Seq(0, 1).foreach { node =>
      val log = text(s"logs/${kept.run.displayName}/modelarts-job-${kept.run.id}-worker-$node.log")
      assert(log === Files.readString(kept.directory.workerLog(kept.run, node)))
      assert(log.contains("sum 210\n") && log.contains("Training input (parameter: data_url) downloaded: 20 files"))
    }
    RunRegistry.at(runs).delete(kept, store)
    assert(names("logs") === Set())
    assert(!Files.exists(kept.directory.root))

    val permanent = submit("--input", s"data_url=s3://$bucket/data", "--download", "data_url",
      "--log-url", s"s3://$bucket/logs", "--keep-logs")
    assert(permanent.exitCode === 0, permanent.err)
    RunRegistry.at(runs).delete(record(0), store)
    assert(names("logs").size === 4)
  }

  test("TRN-1 a dataset version on S3 - downloaded - is read from the nodes' own copies") {
    inS3 { // with the engine that commands join
      (1 to 3).foreach { i =>
        val image = new java.awt.image.BufferedImage(i, 3, java.awt.image.BufferedImage.TYPE_INT_RGB)
        store.write(at(s"in/$i.png"), out => { javax.imageio.ImageIO.write(image, "png", out); () })
      }
      put("in/pets.manifest", (1 to 3).map { i =>
        s"""{"source":"s3://$bucket/in/$i.png","annotation":[{"type":"modelarts/image_classification","name":"cat"}]}"""
      }.mkString("\n"))
      val datasets = Seq("--datasets", s"s3://$bucket/sets", "--s3-endpoint", S3Server.endpoint)
      Seq(
        Seq("dataset", "create", "pets", "--type", "image_classification"),
        Seq("dataset", "import", "pets", s"s3://$bucket/in/pets.manifest"),
        Seq("version", "publish", "pets")
      ).foreach { command =>
        val run = CommandLineRun.of(command ++ datasets: _*)
        assert(run.exitCode === 0, run.err)
      }
      script("""
        |data = options["--data_url"]
        |for line in open(os.path.join(data, "V001.manifest")):
        |    source = json.loads(line)["source"]
        |    print("sample", source.startswith(data + "/"), open(source, "rb").read()[16:20].hex())
        |""")
      val run = submit("--input", "data_url=pets@V001", "--download", "data_url", "--datasets", s"s3://$bucket/sets")
      assert(run.exitCode === 0, run.err)
      assert(run.out.linesIterator.filter(_.startsWith("sample ")).toSeq.sorted ===
        (1 to 3).map(width => s"sample True 0000000$width"))
    }
  }

  test("TRN-1 code, inputs and outputs on S3 - wrong ones - are refused together before anything starts") {
    put("data/a", "x")
    put("code/main.py", "")
    val file = Files.writeString(directory.resolve("bad.yaml"),
      s"""code-dir: s3://$bucket/code
        |boot-file: train.py
        |framework: custom
        |inputs:
        |- {name: data_url, uri: "s3://$bucket/data", delivery: linked}
        |- {name: more, uri: "s3://$bucket/none"}
        |- {name: also, uri: "s3://no-such-bucket-here/in"}
        |outputs: {train_url: "s3://no-such-bucket-here/out"}
        |""".stripMargin)
    val run = CommandLineRun.of("train", "submit", "--runs", runs.toString, "--file", file.toString,
      "--s3-endpoint", S3Server.endpoint)
    assert(run.exitCode === 1)
    Seq(
      s"Input data_url (s3://$bucket/data) is no directory of this machine, so scripts cannot read it where it is. Let it be downloaded",
      s"Boot-file train.py does not exist in code-dir s3://$bucket/code. Give the path of the script below code-dir.",
      s"Input more (s3://$bucket/none) does not exist.",
      "Input also (s3://no-such-bucket-here/in) cannot be read: Cannot look up s3://no-such-bucket-here/in: there is no such bucket.",
      "Output train_url (s3://no-such-bucket-here/out) cannot be written: Cannot look up s3://no-such-bucket-here/out: there is no such bucket."
    ).foreach(problem => assert(run.err.contains(problem), run.err))
    assert(!Files.exists(runs))
  }

  test("TRN-1 ma-cli's train.yaml - code, data, result and logs on the store - is submitted as it stands, and rebuilt from the code there is then") {
    put("mnist/code/main.py", """import argparse, os
      |from net.words import word
      |options = argparse.ArgumentParser()
      |for name in ("data_url", "output_dir", "epoch", "learning_rate", "init_method", "world_size", "rank"):
      |    options.add_argument("--" + name)
      |options.add_argument("--pretrained", action="store_true")
      |a = options.parse_args()
      |images = sum(int(open(os.path.join(a.data_url, f)).read()) for f in os.listdir(a.data_url))
      |place = (os.getcwd() == os.environ["WORKSPACE"], os.path.basename(os.getcwd()), os.getuid())
      |out = a.output_dir or os.environ["RESULT"]
      |open(os.path.join(out, "model.txt"), "w").write(" ".join(map(str, (word, images, a.epoch, a.learning_rate, a.pretrained) + place)))
      |""".stripMargin)
    put("mnist/code/net/words.py", "word = 'first'")
    put("mnist/code/.git/config", "of git")
    Seq(1, 2).foreach(i => put(s"mnist/dataset/MNIST/$i.txt", s"$i"))
    val file = Files.writeString(directory.resolve("train.yaml"), MaCliFile)

    val submitted = atHome("submit", "--file", file.toString)
    assert(submitted.exitCode === 0, submitted.out + submitted.err)
    assert(text("mnist/output1/model.txt") === s"first 3 10 0.01 True True code $user")
    val kept = RunRegistry.at(open.resolve("runs")).list().get(0)
    val log = text(s"mnist/logs/${kept.run.displayName}/modelarts-job-${kept.run.id}-worker-0.log")
    assert(log.matches("(?s).*\\[duration: \\d+\\.\\d s\\] Training code downloaded: 2 files, \\d+ bytes\n.*"), log)
    assert(log.contains("Training input (parameter: data_url) downloaded: 2 files, 2 bytes\n"))
    val code = s"obs://$bucket/mnist/code/"
    assert(atHome("show", "code").out.linesIterator.exists(_.matches(s"code +$code")))
    assert(Files.readString(kept.directory.specFile).contains(s""""code-dir" : "$code""""))

    put("mnist/code/net/words.py", "word = 'second'")
    val rebuilt = atHome("rebuild", "code", "--boot-file", s"${code}main.py", "--without", "output_dir",
      "--output", s"RESULT=obs://$bucket/mnist/output2", "--output-env", "RESULT")
    assert(rebuilt.exitCode === 0, rebuilt.out + rebuilt.err)
    assert(text("mnist/output2/model.txt") === s"second 3 10 0.01 True True code $user")
  }

  test("TRN-5 train submit - local directories alone - loads no class of Hadoop or Spark") {
    script("""open(os.path.join(out, "x"), "w").write("x")""")
    Files.writeString(Files.createDirectories(directory.resolve("data")).resolve("a"), "x")
    val loaded = LoadedClasses.of(arguments("--output", s"train_url=$directory/out", "--input",
      s"data_url=$directory/data", "--download", "data_url", "--log-url", s"$directory/logs"))
    assert(Files.readString(directory.resolve("out/x")) === "x")
    assert(loaded.exists(_.contains("io.millrace.training.gang.StoreTarget")) === false)
    // The command line itself names this one, to tell a full disk.
    val engines = loaded.filter(line => line.contains(" org.apache.hadoop.") || line.contains(" org.apache.spark."))
    assert(engines.filterNot(_.contains("org.apache.hadoop.fs.FSError ")) === Nil)
  }

  /** ModelArts' own sample, with the bucket of the test. */
  private def MaCliFile: String = s"""# .ma/train.yaml
    |# pool_id: pool_xxxx
    |train-instance-type: modelarts.vm.cpu.8u
    |train-instance-count: 1
    |data-url: obs://$bucket/mnist/dataset/MNIST/
    |code-dir: obs://$bucket/mnist/code/
    |working-dir: /home/ma-user/modelarts/user-job-dir/code
    |framework-type: PyTorch
    |framework-version: pytorch_1.8.0-cuda_10.2-py_3.7-ubuntu_18.04-x86_64
    |boot-file: main.py
    |log-url: obs://$bucket/mnist/logs/
    |
    |uid: $user
    |
    |output:
    |  - name: output_dir
    |    obs_path: obs://$bucket/mnist/output1/
    |
    |input:
    |  - name: data_url
    |    obs_path: obs://$bucket/mnist/dataset/MNIST/
    |
    |parameters:
    |  - epoch: 10
    |  - learning_rate: 0.01
    |  - pretrained:
    |
    |pool_id: pool_xxxx
    |""".stripMargin

  /** A Python that every user may run. */
  private val SystemPython = Path.of("/usr/bin/python3")

  /** Whom the sample's processes run as: only root can choose another one. */
  private lazy val user: Int = {
    val own = Files.getAttribute(Path.of("/proc/self"), "unix:uid").asInstanceOf[Int]
    if (own == 0 && Files.isExecutable(SystemPython)) 1000 else own
  }

  /** Runs a command where processes of any user see the runs; without torch here the framework is none. */
  private def atHome(command: String, more: String*): CommandLineRun = {
    val torch = PythonFinder.onThisMachine().find(java.util.List.of("torch")).found.isPresent
    val options =
      if (command == "show") Nil
      else (if (torch) Nil else Seq("--framework", "custom")) ++
        (if (user == 1000) Seq("--python", SystemPython.toString) else Nil)
    CommandLineRun.of(Seq("train", command, "--runs", open.resolve("runs").toString) ++ more ++ options ++
      Seq("--obs-endpoint", S3Server.endpoint): _*)
  }

  private val Keys = Map("aws.accessKeyId" -> S3Server.AccessKey, "aws.secretAccessKey" -> S3Server.SecretKey)

  private lazy val store: ObjectStore =
    ObjectStores.of(StorageUri.parse("s3://any/x"), S3Server.settings)

  private def at(key: String): StorageUri = StorageUri.parse(s"s3://$bucket/$key")

  private def put(key: String, content: String): Unit = store.write(at(key), out => out.write(content.getBytes(UTF_8)))

  private def text(key: String): String = {
    val in = store.open(at(key))
    try new String(in.readAllBytes(), UTF_8)
    finally in.close()
  }

  private def objects(key: String): Map[String, StoredObject] = {
    val listed = store.list(at(key))
    try listed.iterator.asScala.map(o => o.uri.path.stripPrefix(s"/$key/") -> o).toMap
    finally listed.close()
  }

  private def names(key: String): Set[String] = objects(key).keySet

  private def runs: Path = directory.resolve("runs")

  /** The runs so far, the latest first. */
  private def record(index: Int): RunRecord = RunRegistry.at(runs).list().get(index)

  private def sign(name: String): Unit = Files.writeString(directory.resolve(s"signs/$name"), "")

  private def script(body: String): Unit = {
    Files.createDirectories(directory.resolve("signs"))
    Files.writeString(
      Files.createDirectories(directory.resolve("code")).resolve("train.py"),
      """import json, os, signal, sys, time
        |options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
        |rank = os.environ["VC_TASK_INDEX"]
        |out = options.get("--train_url")
        |def wait(name):
        |    while not os.path.exists(os.path.join(os.environ["SIGNS"], name)): time.sleep(0.02)
        |""".stripMargin + body.stripMargin)
  }

  private def arguments(options: String*): Seq[String] =
    Seq("train", "submit", "--runs", runs.toString, "--name", "cells", "--nodes", "2", "--framework", "custom",
      "--code-dir", directory.resolve("code").toString, "--boot-file", "train.py", "--env", s"SIGNS=$directory/signs",
      "--grace", "10") ++
      (if (options.contains("--sync-period")) Nil else Seq("--sync-period", "1")) ++ options

  private def submit(options: String*): CommandLineRun =
    CommandLineRun.of(arguments(options: _*) ++ Seq("--s3-endpoint", S3Server.endpoint): _*)

  private def submitted(options: String*): Future[CommandLineRun] =
    Future(submit(options: _*))(ExecutionContext.global)
}
