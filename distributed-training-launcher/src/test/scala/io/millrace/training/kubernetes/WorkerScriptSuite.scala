package io.millrace.training.kubernetes

import java.net.URI
import java.nio.file.attribute.PosixFilePermissions
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit
import java.util.{List => JList, Map => JMap}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.StorageUri
import io.millrace.training._
import io.millrace.training.local.PythonFinder

/** Runs the script with a real bash, and a Python that tells what it was given. */
class WorkerScriptSuite extends AnyFunSuite with TrainingFixture {
  import WorkerScriptSuite._

  private def home: Path = directory.resolve("ma-user")
  private def bin: Path = directory.resolve("bin")
  private def told: Path = directory.resolve("told")

  test("TRN-4 worker script - every layout, node and process - gives what the contract gives") {
    val layouts = Table(
      ("layout", "nodes", "devices"),
      (ProcessLayout.PROCESS_PER_NODE, 1, 1),
      (ProcessLayout.PROCESS_PER_NODE, 3, 8),
      (ProcessLayout.PROCESS_PER_DEVICE, 1, 2),
      (ProcessLayout.PROCESS_PER_DEVICE, 3, 4),
      (ProcessLayout.PROCESS_PER_DEVICE, 12, 1),
      (ProcessLayout.TORCHRUN, 2, 4),
      (ProcessLayout.DYNAMIC_CLUSTER, 2, 2)
    )
    installPython(Telling)
    forAll(layouts) { (layout, nodes, devices) =>
      val framework = if (layout == ProcessLayout.DYNAMIC_CLUSTER) Framework.MINDSPORE else Framework.PYTORCH
      val job = awkward(layout).framework(framework).nodes(nodes).devicesPerNode(devices).build()
      val run = new TrainingRun(VolcanoFixture.id, job)
      (0 until nodes).foreach { node =>
        val (exit, _) = runNode(run, volcano, node)
        assert(exit === 0)
        val received = tellings().map(each =>
          (strings(each.path("argv")), environmentOf(each), each.path("cwd").asText))
        val expected = GangProcesses.of(run, placement(run)).asScala.filter(_.member.node == node).map { process =>
          (process.command.asScala.tail.toSeq, process.environment.asScala.toMap, process.directory.toString)
        }
        assert(received.size === expected.size)
        assert(received.toSet === expected.toSet)
      }
    }
  }

  test("TRN-4 worker script - a thousand nodes of 8 devices - is as long as one of two") {
    def length(nodes: Int) = {
      val job = awkward(ProcessLayout.PROCESS_PER_DEVICE).nodes(nodes).devicesPerNode(8).build()
      container(VolcanoJobManifest.of(new TrainingRun(VolcanoFixture.id, job), volcano))
        .getCommand.get(2).length
    }
    assert(length(1000) - length(2) < 40)
  }

  test("TRN-4 worker script - a contract that differs by no rule, or in form - is written out by node") {
    val marks = new HostMarks(VolcanoFixture.id, 3)
    def process(arguments: String*) =
      JList.of(new NodeProcess(arguments.last, (bin.resolve("python").toString +: arguments).asJava,
        code, JMap.of("PEER", marks.of(2), "SEED", arguments.head)))
    val scheduler = process("scheduler")
    val nodes = JList.of(
      (scheduler.asScala ++ process("5", "a b", marks.of(1)).asScala).asJava,
      process("9", "c'd", marks.of(0)),
      process("1", "", marks.joined)
    )
    val script = WorkerScript.of(new NodeContract(nodes, JList.of()), marks, volcano.grace, java.util.Optional.empty())
    installPython(Telling)
    val hosts = hostsOf(3)
    val received = (0 to 2).map { node =>
      val (exit, output) = bash(script.text, Map(), node, hosts)
      assert(exit === 0, output)
      tellings().map(each => (strings(each.path("argv")), each.path("env").path("PEER").asText, each.path("env").path("SEED").asText)).toSet
    }
    assert(received === Seq(
      Set((Seq("scheduler"), hosts(2), "scheduler"), (Seq("5", "a b", hosts(1)), hosts(2), "5")),
      Set((Seq("9", "c'd", hosts.head), hosts(2), "9")),
      Set((Seq("1", "", hosts.mkString(",")), hosts(2), "1"))
    ))
  }

  test("TRN-5 worker script - one of three processes fails - ends the others and has its exit code") {
    installPython(s"""$Python
      |if os.environ["RANK"] == "1":
      |    await_file("ready-0"); await_file("ready-2"); sys.exit(7)
      |def save(*_):
      |    print("saved", flush=True); sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |touch("ready-" + os.environ["RANK"])
      |while True: signal.pause()
      |""")
    val (exit, output) = runNode(threeDevices, volcano, 0)
    assert(exit === 7, output)
    assert(output.linesIterator.toSet === Set(
      "[rank 0] saved", "[rank 2] saved", "[ModelArts Service Log] rank 1 ended with exit code 7"))
  }

  test("TRN-5 worker script - a process that ignores SIGTERM - is killed after the grace") {
    installPython(s"""$Python
      |if os.environ["RANK"] == "1":
      |    await_file("ready-0"); await_file("ready-2"); sys.exit(7)
      |signal.signal(signal.SIGTERM, signal.SIG_IGN)
      |touch("ready-" + os.environ["RANK"])
      |while True: signal.pause()
      |""")
    val (exit, output) = runNode(threeDevices, volcano.withGrace(java.time.Duration.ofSeconds(1)), 0)
    assert(exit === 7, output)
    assert(output.contains("rank 0 ended with exit code 137") && output.contains("rank 2 ended with exit code 137"))
  }

  test("TRN-5 worker script - SIGTERM of the pod - reaches the process, which ends in its own way") {
    installPython(s"""$Python
      |def save(*_):
      |    print("saved", flush=True); sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |touch("ready")
      |while True: signal.pause()
      |""")
    val run = new TrainingRun(VolcanoFixture.id, awkward(ProcessLayout.PROCESS_PER_NODE).nodes(1).build())
    val process = startNode(run, volcano, 0)
    eventually(assert(Files.exists(told.resolve("ready"))))
    process.destroy()
    assert(process.waitFor(30, TimeUnit.SECONDS))
    assert(process.exitValue === 0)
    assert(output.contains("saved"))
  }

  test("TRN-5 worker script - SIGTERM of a pod with msrun - reaches its ranks, which save before it ends") {
    val mindSpore = sys.env.get("MILLRACE_TRAINING_PYTHON").map(PythonFinder.preferring)
      .getOrElse(PythonFinder.onThisMachine()).find(JList.of("mindspore"))
    if (mindSpore.found.isEmpty) cancel(mindSpore.explanation)
    Files.createDirectories(told)
    install("python", s"#!/bin/sh\nexec ${mindSpore.require().executable} \"$$@\"\n")
    write(code.resolve("train.py"), s"""$Python
      |if os.environ["MS_ROLE"] == "MS_SCHED": signal.pause()
      |def save(*_):
      |    touch("saved-" + os.environ["RANK_ID"]); sys.exit(1)
      |signal.signal(signal.SIGTERM, save)
      |touch("ready-" + os.environ["RANK_ID"])
      |while True: signal.pause()
      |""".stripMargin.replace("@TOLD@", told.toString))
    val job = awkward(ProcessLayout.MSRUN).framework(Framework.MINDSPORE).nodes(1).devicesPerNode(2).build()
    val process = startNode(new TrainingRun(VolcanoFixture.id, job), volcano, 0, Seq("localhost"))
    eventually(Seq(0, 1).foreach(rank => assert(Files.exists(told.resolve(s"ready-$rank")), output)))
    process.destroy()
    assert(process.waitFor(30, TimeUnit.SECONDS))
    assert(process.exitValue === 143, output)
    Seq(0, 1).foreach(rank => assert(Files.exists(told.resolve(s"saved-$rank"))))
  }

  test("TRN-5 worker script - a process killed by a signal - has 128 and its number as exit code") {
    installPython(s"""$Python
      |os.kill(os.getpid(), signal.SIGSEGV)
      |""")
    val run = new TrainingRun(VolcanoFixture.id, awkward(ProcessLayout.PROCESS_PER_NODE).nodes(1).build())
    val (exit, output) = runNode(run, volcano, 0)
    assert(exit === 139)
    assert(output.contains("[ModelArts Service Log] rank 0 ended with exit code 139"))
  }

  test("TRN-4 worker script - without Volcano's variables - says which, and starts nothing") {
    installPython(Telling)
    val job = awkward(ProcessLayout.PROCESS_PER_NODE).nodes(2).build()
    val manifest = VolcanoJobManifest.of(new TrainingRun(VolcanoFixture.id, job), volcano)
    val (exit, output) = bash(expanded(container(manifest).getCommand.get(2), Map()), Map(), 0, Seq("one"))
    assert(exit === 78)
    assert(output === "[ModelArts Service Log] Volcano gave the node number '0' and 1 of 2 addresses. Look whether its plugins env and svc work.\n")
    assert(tellings().isEmpty)
  }

  test("TRN-3 worker script - rank table incomplete, then complete - waits for it") {
    installPython(Telling)
    install("sleep", s"#!/bin/sh\ntouch $told/slept\nexec /bin/sleep $$1\n")
    val table = tableIn(directory.resolve("config"), 600)
    write(directory.resolve("config/jobstart_hccl.json"), """{"status": "initializing"}""")
    val run = new TrainingRun(VolcanoFixture.id, awkward(ProcessLayout.PROCESS_PER_NODE).nodes(1).build())
    val process = startNode(run, volcano.withRankTable(table), 0)
    eventually(assert(Files.exists(told.resolve("slept"))))
    assert(tellings().isEmpty)
    write(directory.resolve("config/jobstart_hccl.json"), "{\n  \"status\":\"completed\"\n}")
    assert(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue === 0)
    assert(tellings().size === 1)
  }

  test("TRN-3 worker script - rank table that never comes - ends with a sentence") {
    installPython(Telling)
    val table = tableIn(directory.resolve("config"), 1)
    val run = new TrainingRun(VolcanoFixture.id, awkward(ProcessLayout.PROCESS_PER_NODE).nodes(1).build())
    val (exit, output) = runNode(run, volcano.withRankTable(table), 0)
    assert(exit === 78)
    assert(output.contains("jobstart_hccl.json is not complete after 1 s. Look why the cluster gave no devices."))
  }

  private def tableIn(where: Path, seconds: Int) = {
    import RankTableSettings.CCE
    new RankTableSettings(CCE.plugin, CCE.pluginArguments, CCE.label, CCE.labelValue, CCE.configMapPrefix,
      CCE.provision, where, java.time.Duration.ofSeconds(seconds))
  }

  private def threeDevices: TrainingRun =
    new TrainingRun(
      VolcanoFixture.id,
      awkward(ProcessLayout.PROCESS_PER_DEVICE).nodes(1).devicesPerNode(3).build()
    )

  /** The contract's code directory in the pod. */
  override protected def code: Path = home.resolve("modelarts/user-job-dir/detector")

  /** Every text that a shell or Kubernetes might take for something else. */
  private def awkward(layout: ProcessLayout): TrainingJob.Builder =
    VolcanoFixture
      .job(directory.resolve("shared"), layout)
      .input(TrainingInput.of("DATA", StorageUri.of(directory.resolve("shared/data 2"))).withAccess(InputAccess.ENVIRONMENT))
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

  private def volcano: VolcanoSettings = VolcanoFixture
    .settings(directory.resolve("shared"))
    .withContainer(
      ContainerSettings
        .of("image:1")
        .withHome(home)
        .withEnvironment(JMap.of("NCCL_DEBUG", "INFO", "PYTHONPATH", "/site:$(X)"))
        .withObjectStore(new S3Endpoint(URI.create("https://obs.example.com"), S3Endpoint.CertificateCheck.SKIPPED))
    )

  private def hostsOf(nodes: Int): Seq[String] =
    (0 until nodes).map(node => s"modelarts-job-0a1b2c3d-worker-$node.modelarts-job-0a1b2c3d")

  private def placement(run: TrainingRun): GangPlacement = {
    val layout = new NodeLayout(home, home.resolve("modelarts/log"))
    val inputs = JMap.of("data_url", directory.resolve("shared/data"), "DATA", directory.resolve("shared/data 2"))
    val hosts = hostsOf(run.job.nodes)
    new GangPlacement(
      hosts.map(NodePlacement.of(_, layout, "python").withInputs(inputs)).asJava,
      new MasterEndpoint(hosts.head, 29500),
      JMap.of("PYTHONUNBUFFERED", "1", "NCCL_DEBUG", "INFO", "PYTHONPATH", "/site:$(X)"),
      volcano.container.objectStore
    )
  }

  private def installPython(text: String): Unit = {
    Files.createDirectories(code)
    Files.createDirectories(told)
    install("python", text.stripMargin.replace("@TOLD@", told.toString))
  }

  private def install(command: String, text: String): Unit = {
    write(bin.resolve(command), text)
    Files.setPosixFilePermissions(bin.resolve(command), PosixFilePermissions.fromString("rwxr-xr-x"))
  }

  private def tellings(): Seq[JsonNode] = {
    val files = Files.list(told)
    try
      files.iterator.asScala.toSeq.filter(_.toString.endsWith(".json")).map { file =>
        val node = new ObjectMapper().readTree(Files.readString(file))
        Files.delete(file)
        node
      }
    finally files.close()
  }

  private def container(manifest: VolcanoJobManifest) =
    manifest.job.getSpec.tasks.get(0).template.getSpec.getContainers.get(0)

  private def runNode(run: TrainingRun, volcano: VolcanoSettings, node: Int): (Int, String) =
    finish(startNode(run, volcano, node))

  private def startNode(run: TrainingRun, volcano: VolcanoSettings, node: Int): Process =
    startNode(run, volcano, node, hostsOf(run.job.nodes))

  private def startNode(run: TrainingRun, volcano: VolcanoSettings, node: Int, hosts: Seq[String]): Process = {
    val pod = container(VolcanoJobManifest.of(run, volcano))
    assert(pod.getCommand.asScala.take(2) === Seq("/bin/bash", "-c"))
    val environment = pod.getEnv.asScala.foldLeft(Map[String, String]()) { (known, each) =>
      known + (each.getName -> expanded(each.getValue, known))
    }
    start(expanded(pod.getCommand.get(2), environment), environment, node, hosts)
  }

  private def bash(script: String, environment: Map[String, String], node: Int, hosts: Seq[String]) =
    finish(start(script, environment, node, hosts))

  private def start(script: String, environment: Map[String, String], node: Int, hosts: Seq[String]): Process = {
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

  private def output: String = Files.readString(directory.resolve("output"))

  private def finish(process: Process): (Int, String) = {
    assert(process.waitFor(60, TimeUnit.SECONDS))
    (process.exitValue, output)
  }

  private def strings(array: JsonNode): Seq[String] = array.elements.asScala.map(_.asText).toSeq

  /** Without what the test and bash itself put there. */
  private def environmentOf(telling: JsonNode): Map[String, String] =
    telling.path("env").properties.asScala
      .map(each => each.getKey -> each.getValue.asText)
      .toMap -- Seq("PATH", "VK_TASK_INDEX", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE")
}

object WorkerScriptSuite {
  private val Python =
    """#!/usr/bin/python3
      |import json, os, signal, sys, time
      |def told(name): return os.path.join("@TOLD@", name)
      |def touch(name): open(told(name), "w").close()
      |def await_file(name):
      |    while not os.path.exists(told(name)): time.sleep(0.01)
      |""".stripMargin

  private val Telling = s"""$Python
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
