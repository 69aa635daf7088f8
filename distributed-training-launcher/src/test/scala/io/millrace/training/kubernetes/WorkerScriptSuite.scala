package io.millrace.training.kubernetes

import java.nio.file.Files
import java.util.concurrent.TimeUnit
import java.util.{List => JList, Map => JMap}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.training._
import io.millrace.training.hccl.RankTableJson
import io.millrace.training.local.PythonFinder

/** Runs the script with a real bash, and a Python that tells what it was given. */
class WorkerScriptSuite extends AnyFunSuite with PodFixture {
  import PodFixture._

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
      (0 until nodes).foreach(check(run, volcano, _))
    }
  }

  test("TRN-3 worker script - by rank table, every node and process - gives what the contract gives") {
    installPython(Telling)
    forAll(Table(("nodes", "devices"), (1, 1), (1, 8), (3, 4))) { (nodes, devices) =>
      val run = byRankTable(nodes, devices)
      write(clusterTable, RankTableJson.write(givenBy(run)))
      (0 until nodes).foreach { node =>
        check(run, withTable(), node)
        assert(RankTableJson.read(Files.readString(ownTable)).get === givenBy(run).toServers)
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
    val script = WorkerScript.of(new NodeContract(nodes, JList.of()), marks, volcano.grace, "")
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
    write(clusterTable, """{"status": "initializing"}""")
    val run = new TrainingRun(VolcanoFixture.id, awkward(ProcessLayout.PROCESS_PER_NODE).nodes(1).build())
    val process = startNode(run, withTable(600), 0)
    eventually(assert(Files.exists(told.resolve("slept"))))
    assert(tellings().isEmpty)
    write(clusterTable, "{\n  \"status\":\"completed\"\n}")
    assert(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue === 0)
    assert(tellings().size === 1)
  }

  test("TRN-3 worker script - rank table that never comes - ends with a sentence") {
    installPython(Telling)
    val run = new TrainingRun(VolcanoFixture.id, awkward(ProcessLayout.PROCESS_PER_NODE).nodes(1).build())
    val (exit, output) = runNode(run, withTable(1), 0)
    assert(exit === 78)
    assert(output.contains("jobstart_hccl.json is not complete after 1 s. Look why the cluster gave no devices."))
  }

  test("TRN-3 worker script - rank table that is not this job's - ends with a sentence, and starts nothing") {
    installPython(Telling)
    val run = byRankTable(3, 4)
    val fewer = byRankTable(3, 2)
    val good = RankTableJson.write(givenBy(run))
    val cases = Table(
      ("table", "words"),
      (good.replace("-worker-1", "-worker-5"),
        "it has no pod modelarts-job-0a1b2c3d-worker-1 (it has modelarts-job-0a1b2c3d-worker-0, modelarts-job-0a1b2c3d-worker-2, modelarts-job-0a1b2c3d-worker-5). Look whether the cluster wrote it for this job."),
      (RankTableJson.write(givenBy(fewer)),
        "it gives node 1 2 devices (expected 4, as the job has a node). Start the job with as many devices a node as pods get."),
      (good.replace("-worker-0", "-worker-5"),
        "it gives node 1 the ranks 0 1 2 3 (expected 4 5 6 7). Look whether its order is that of the VC_TASK_INDEX of the pods."),
      ("""{"version": "1.2", "server_list": [], "status": "completed"}""",
        "Cannot read the rank table: version 1.2 is for super pods, which Millrace does not start. Give one of version 1.0."))
    forAll(cases) { (table, words) =>
      write(clusterTable, table)
      assert(runNode(run, withTable(), 1) ===
        (78 -> s"[ModelArts Service Log] Cannot use the rank table $clusterTable: $words\n"))
      assert(tellings().isEmpty)
    }
  }

  test("TRN-3 worker script - rank table without pods - is taken as it stands, the node found by its host's address") {
    installPython(Telling)
    val run = byRankTable(2, 2)
    val text = RankTableJson.write(givenBy(run).toServers).replace("\n", " ")
    write(clusterTable, text)
    (0 to 1).foreach { node =>
      check(run, withTable(), node)
      assert(Files.readString(ownTable) === text)
    }
  }

  test("TRN-3 worker script - by rank table, without the interpreter - ends with the shell's word for it") {
    Files.createDirectories(code)
    val run = byRankTable(1, 1)
    write(clusterTable, RankTableJson.write(givenBy(run)))
    val nowhere = withTable()
    val (exit, output) = runNode(run, nowhere.withContainer(nowhere.container.withPython("/nowhere/python")), 0)
    assert(exit === 78)
    assert(output.contains("/nowhere/python: No such file"))
  }

  private def threeDevices: TrainingRun =
    new TrainingRun(
      VolcanoFixture.id,
      awkward(ProcessLayout.PROCESS_PER_DEVICE).nodes(1).devicesPerNode(3).build()
    )
}
