package io.millrace.training.kubernetes

import java.net.URI
import java.nio.file.attribute.PosixFilePermissions
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit
import java.util.{List => JList, Map => JMap}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import org.scalatest.Suite

import io.millrace.dataset.StorageUri
import io.millrace.training._
import io.millrace.training.hccl.HcclDevice
import io.millrace.training.hccl.InstanceRankTable
import io.millrace.training.hccl.InstanceRankTable.{Group, Instance}

/** Starts the script of a pod with a real bash, with what a kubelet and Volcano would give to it. */
trait PodFixture extends TrainingFixture { this: Suite =>
  import PodFixture._

  protected def home: Path = directory.resolve("ma-user")
  protected def bin: Path = directory.resolve("bin")
  protected def told: Path = directory.resolve("told")

  protected def clusterTable: Path = directory.resolve("config/jobstart_hccl.json")
  protected def ownTable: Path = home.resolve("modelarts/rank_table/jobstart_hccl.json")

  /** Pods find the cluster's rank table in this test's directory. */
  protected def withTable(seconds: Int = 30): VolcanoSettings = {
    import RankTableSettings.CCE
    volcano.withRankTable(
      new RankTableSettings(CCE.plugin, CCE.pluginArguments, CCE.label, CCE.labelValue, CCE.configMapPrefix,
        CCE.provision, clusterTable.getParent, java.time.Duration.ofSeconds(seconds)))
  }

  /** A job of MindSpore that reads its rank table. */
  protected def byRankTable(nodes: Int, devices: Int): TrainingRun =
    new TrainingRun(
      VolcanoFixture.id,
      awkward(ProcessLayout.RANK_TABLE)
        .framework(Framework.MINDSPORE)
        .deviceType(DeviceType.NPU)
        .logLocation(StorageUri.of(directory.resolve("kept-logs")))
        .nodes(nodes)
        .devicesPerNode(devices)
        .build()
    )

  /** What a cluster may give to a run: pods and devices in no order, and numbers that do not begin with 0. */
  protected def givenBy(run: TrainingRun): InstanceRankTable =
    new InstanceRankTable(JList.of(new Group(
      "worker",
      (0 until run.job.nodes).reverse.map { node =>
        val numbers = (0 until run.job.devicesPerNode).map(place => node % 3 + 2 + place * 3)
        val devices = numbers.reverse.map(id => new HcclDevice(id, s"192.168.$node.$id"))
        new Instance(run.instanceName(node), hostIp(node), devices.asJava)
      }.asJava
    )))

  protected def hostIp(node: Int): String = s"10.0.0.$node"

  /** The contract's code directory in the pod. */
  override protected def code: Path = home.resolve("modelarts/user-job-dir/detector")

  /** Every text that a shell or Kubernetes might take for something else. */
  protected def awkward(layout: ProcessLayout): TrainingJob.Builder =
    VolcanoFixture
      .job(directory.resolve("shared"), layout)
      .input(TrainingInput.of("DATA", StorageUri.of(directory.resolve("shared/data 2"))).withAccess(DataAccess.ENVIRONMENT))
      .output(TrainingOutput.of("RESULT", StorageUri.of(directory.resolve("shared/result"))).withAccess(DataAccess.ENVIRONMENT))
      .parameter("text", "a 'b' \"c\" $(HOME) $$ $$(HOME) `id` ; & | > \\ 100%")
      .parameter("lines", "one\ntwo 3\n")
      .parameter("empty", "")
      .parameter("flag", "--x")
      .parameter("unicode", "样本 7")
      .environment("MINE_TOO", "$(MA_HOME) $$ 'x' \"y\"\nz")
      .environment("node", "mine")
      .environment("hosts", "mine too")
      .environment("SECONDS", "5")
      .environment("VC_WORKER_NUM", "77")

  protected def volcano: VolcanoSettings = VolcanoFixture
    .settings(directory.resolve("shared"))
    .withContainer(
      ContainerSettings
        .of("image:1")
        .withHome(home)
        .withEnvironment(JMap.of("NCCL_DEBUG", "INFO", "PYTHONPATH", "/site:$(X)"))
        .withObjectStore(new S3Endpoint(URI.create("https://obs.example.com"), S3Endpoint.CertificateCheck.SKIPPED))
    )

  protected def hostsOf(nodes: Int): Seq[String] =
    (0 until nodes).map(node => s"modelarts-job-0a1b2c3d-worker-$node.modelarts-job-0a1b2c3d")

  protected def placement(run: TrainingRun): GangPlacement = {
    val layout = new NodeLayout(home, home.resolve("modelarts/log"))
    val inputs = JMap.of("data_url", directory.resolve("shared/data"), "DATA", directory.resolve("shared/data 2"))
    val hosts = hostsOf(run.job.nodes)
    val nodes = hosts.map { host =>
      val node = NodePlacement.of(host, layout, "python").withInputs(inputs)
      if (run.job.layout == ProcessLayout.RANK_TABLE) node.withRankTable(ownTable) else node
    }
    new GangPlacement(
      nodes.asJava,
      new MasterEndpoint(hosts.head, 29500),
      JMap.of("PYTHONUNBUFFERED", "1", "NCCL_DEBUG", "INFO", "PYTHONPATH", "/site:$(X)"),
      volcano.container.objectStore
    )
  }

  protected def installPython(text: String): Unit = {
    Files.createDirectories(code)
    Files.createDirectories(told)
    install("python", text.stripMargin.replace("@TOLD@", told.toString))
  }

  protected def install(command: String, text: String): Unit = {
    write(bin.resolve(command), text)
    Files.setPosixFilePermissions(bin.resolve(command), PosixFilePermissions.fromString("rwxr-xr-x"))
  }

  /** Each process of a node gets exactly what the contract gives to it. */
  protected def check(run: TrainingRun, volcano: VolcanoSettings, node: Int): Unit = {
    val (exit, output) = runNode(run, volcano, node)
    assert(exit === 0, output)
    val received = tellings().map(each =>
      (strings(each.path("argv")), environmentOf(each), each.path("cwd").asText))
    val expected = GangProcesses.of(run, placement(run)).asScala.filter(_.member.node == node).map { process =>
      (process.command.asScala.tail.toSeq, process.environment.asScala.toMap, process.directory.toString)
    }
    assert(received.size === expected.size)
    assert(received.toSet === expected.toSet)
  }

  protected def tellings(): Seq[JsonNode] = {
    val files = Files.list(told)
    try
      files.iterator.asScala.toSeq.filter(_.toString.endsWith(".json")).map { file =>
        val node = new ObjectMapper().readTree(Files.readString(file))
        Files.delete(file)
        node
      }
    finally files.close()
  }

  protected def container(manifest: VolcanoJobManifest) =
    manifest.job.getSpec.tasks.get(0).template.getSpec.getContainers.get(0)

  protected def runNode(run: TrainingRun, volcano: VolcanoSettings, node: Int): (Int, String) =
    finish(startNode(run, volcano, node))

  protected def startNode(run: TrainingRun, volcano: VolcanoSettings, node: Int): Process =
    startNode(run, volcano, node, hostsOf(run.job.nodes))

  protected def startNode(run: TrainingRun, volcano: VolcanoSettings, node: Int, hosts: Seq[String]): Process = {
    val pod = container(VolcanoJobManifest.of(run, volcano))
    assert(pod.getCommand.asScala.take(2) === Seq("/bin/bash", "-c"))
    val environment = pod.getEnv.asScala.foldLeft(Map[String, String]()) { (known, each) =>
      val value = Option(each.getValueFrom).map(_.getFieldRef.getFieldPath) match {
        case Some("status.hostIP") => hostIp(node)
        case _ => expanded(each.getValue, known)
      }
      known + (each.getName -> value)
    }
    start(expanded(pod.getCommand.get(2), environment), environment, node, hosts)
  }

  protected def bash(script: String, environment: Map[String, String], node: Int, hosts: Seq[String]) =
    finish(start(script, environment, node, hosts))

  protected def start(script: String, environment: Map[String, String], node: Int, hosts: Seq[String]): Process = {
    val builder = new ProcessBuilder("/bin/bash", "-c", script)
    builder.environment.clear()
    builder.environment.putAll(environment.asJava)
    builder.environment.put("PATH", s"$bin:/usr/bin:/bin")
    // As an image may have it.
    builder.environment.put("RANK", "99")
    builder.environment.put("VC_TASK_INDEX", node.toString)
    builder.environment.put("VK_TASK_INDEX", node.toString)
    builder.environment.put("VC_WORKER_HOSTS", hosts.mkString(","))
    builder.environment.put("VC_WORKER_NUM", hosts.size.toString)
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile).start()
  }

  protected def output: String = Files.readString(directory.resolve("output"))

  protected def finish(process: Process): (Int, String) = {
    assert(process.waitFor(60, TimeUnit.SECONDS))
    (process.exitValue, output)
  }

  protected def strings(array: JsonNode): Seq[String] = array.elements.asScala.map(_.asText).toSeq

  /** Without what the test and bash itself put there. */
  protected def environmentOf(telling: JsonNode): Map[String, String] =
    telling.path("env").properties.asScala
      .map(each => each.getKey -> each.getValue.asText)
      .toMap -- Seq("PATH", "VK_TASK_INDEX", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE")
}

object PodFixture {
  val Python =
    """#!/usr/bin/python3
      |import json, os, signal, sys, time
      |if sys.argv[1:3] == ["-I", "-S"]: os.execv("/usr/bin/python3", ["python3"] + sys.argv[1:])
      |def told(name): return os.path.join("@TOLD@", name)
      |def touch(name): open(told(name), "w").close()
      |def await_file(name):
      |    while not os.path.exists(told(name)): time.sleep(0.01)
      |""".stripMargin

  val Telling = s"""$Python
    |with open(told("%d.json" % os.getpid()), "w") as f:
    |    json.dump({"argv": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()}, f)
    |"""

  /** As the kubelet reads commands and variables: `$(NAME)` of a known name, `$$` for a dollar sign. */
  def expanded(text: String, known: Map[String, String]): String = {
    val result = new StringBuilder
    var i = 0
    while (i < text.length) {
      val close = text.indexOf(')', i)
      if (text.startsWith("$$", i)) { result += '$'; i += 2 }
      else if (text.startsWith("$(", i) && close > 0) {
        val name = text.substring(i + 2, close)
        result ++= known.getOrElse(name, text.substring(i, close + 1))
        i = close + 1
      } else { result += text.charAt(i); i += 1 }
    }
    result.toString
  }
}
