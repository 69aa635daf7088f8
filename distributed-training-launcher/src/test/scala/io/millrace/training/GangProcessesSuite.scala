package io.millrace.training

import java.net.URI
import java.nio.file.{Files, Path}
import java.util.{List => JList, Map => JMap, Optional}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.{DatasetException, StorageUri}
import io.millrace.training.hccl.HcclDevice
import io.millrace.training.gang.LaunchSettings

class GangProcessesSuite extends AnyFunSuite {
  import GangProcessesSuite._

  test("TRN-2 every job - each variable of the second node's process - has its value") {
    val variables = Table(
      ("name", "value"),
      ("MA_HOME", "/r/worker-1"),
      ("MA_MOUNT_PATH", "/r/worker-1/modelarts"),
      ("MA_JOB_DIR", "/r/worker-1/modelarts/user-job-dir"),
      ("MA_LOG_DIR", "/r/logs"),
      ("WORKSPACE", "/r/worker-1/modelarts/user-job-dir/detector"),
      ("PYTHONPATH", "/r/worker-1/modelarts/user-job-dir/detector:/site"),
      ("MA_CURRENT_IP", "10.0.0.2"),
      ("MA_CURRENT_HOST_IP", "10.0.0.2"),
      ("MA_NUM_GPUS", "4"),
      ("MA_TASK_NAME", "worker"),
      ("MA_NUM_HOSTS", "2"),
      ("MA_CURRENT_INSTANCE_NAME", "modelarts-job-0a1b2c3d-worker-1"),
      ("MA_VJ_NAME", "modelarts-job-0a1b2c3d"),
      ("VC_TASK_INDEX", "1"),
      ("VC_WORKER_NUM", "2"),
      ("VC_WORKER_HOSTS", "10.0.0.1,10.0.0.2"),
      ("S3_ENDPOINT", "https://obs.example.com"),
      ("S3_USE_HTTPS", "1"),
      ("S3_VERIFY_SSL", "0"),
      ("NCCL_DEBUG", "INFO"),
      ("DATA", "/data/b"),
      ("RESULT", "/r/worker-1/modelarts/outputs/RESULT_1")
    )
    val environment = process(perNode, 1).environment
    forAll(variables)((name, value) => assert(environment.get(name) === value))
    assert(environment.keySet.asScala === variables.map(_._1).toSet)
  }

  test("TRN-2 one process a node - command - is ModelArts': parameters, inputs, outputs and its three") {
    val second = process(perNode, 1)
    assert(second.command.asScala === Seq("/usr/bin/python3", script(1)) ++ arguments(1) ++ initMethod)
    assert(second.directory === Path.of("/r/worker-1/modelarts/user-job-dir/detector"))
    assert(second.member === new Rank(1, 2, 1, 0, 1))
  }

  test("TRN-2 one process a node, no PyTorch - command - has no more than the job's own arguments") {
    Seq(Framework.MINDSPORE, Framework.CUSTOM).foreach { framework =>
      assert(process(perNode, 1, _.framework(framework)).command.asScala ===
        Seq("/usr/bin/python3", script(1)) ++ arguments(1))
    }
  }

  test("TRN-2 one process a device - rank 6 of 8 - has PyTorch's variables, and no argument more") {
    val seventh = process(ProcessLayout.PROCESS_PER_DEVICE, 6)
    check(
      seventh,
      "MASTER_ADDR" -> "10.0.0.1",
      "MASTER_PORT" -> "23456",
      "WORLD_SIZE" -> "8",
      "RANK" -> "6",
      "LOCAL_RANK" -> "2",
      "LOCAL_WORLD_SIZE" -> "4",
      "GROUP_RANK" -> "1"
    )
    assert(seventh.command.asScala === Seq("/usr/bin/python3", script(1)) ++ arguments(1))
  }

  test("TRN-2 torchrun - one a node - counts ranks as the nodes are counted") {
    val both = processes(ProcessLayout.TORCHRUN)
    assert(both.map(_.member) === Seq(new Rank(0, 2, 0, 0, 1), new Rank(1, 2, 1, 0, 1)))
    check(both(1))
    val command = both(1).command.asScala
    assert(command.take(2) === Seq("/usr/bin/python3", "-c"))
    assert(command(2).contains("from torch.distributed import run"))
    assert(command.drop(3) === Seq(
      "--nnodes=2", "--nproc_per_node=4", "--node_rank=1", "--rdzv_backend=static",
      "--rdzv_id=0a1b2c3d", "--master_addr=10.0.0.1", "--master_port=23456", "--max_restarts=0", "--monitor_interval=1",
      script(1)
    ) ++ arguments(1))
  }

  test("TRN-2 rank table - rank 6 of 8 on Ascend - has MindSpore's variables, its device by the system's number") {
    val devices = JList.of("4", "5", "6", "7")
    val placed = withNodes(_.withDevices(devices).withRankTable(Path.of("/r/hccl.json")))
    val ranks = processes(ProcessLayout.RANK_TABLE, onNpu, placed)
    assert(ranks.size === 8)
    check(
      ranks(6),
      "JOB_ID" -> "0a1b2c3d",
      "RANK_TABLE_FILE" -> "/r/hccl.json",
      "RANK_SIZE" -> "8",
      "RANK_ID" -> "6",
      "DEVICE_ID" -> "6",
      "ASCEND_DEVICE_ID" -> "6",
      "HCCL_CONNECT_TIMEOUT" -> "1800",
      "ASCEND_PROCESS_LOG_PATH" -> "/r/logs/ascend/process_log/rank_6",
      "GLOG_v" -> "1"
    )
    assert(ranks(6).command.asScala === Seq("/usr/bin/python3", script(1)) ++ arguments(1))
    val untold = processes(ProcessLayout.RANK_TABLE, onNpu, withNodes(_.withRankTable(Path.of("/r/hccl.json"))))
    assert(untold(6).environment.get("DEVICE_ID") === "2")
  }

  test("TRN-2 rank table - no file - is refused") {
    val missing = intercept[TrainingException](processes(ProcessLayout.RANK_TABLE, onNpu))
    assert(missing.getMessage === "Cannot start rank 0 (worker-0, device 0): node 10.0.0.1 has no rank table")
  }

  test("TRN-2 rank table of a placement - devices with addresses - have the ranks of their processes") {
    def devices(ids: Int*) = ids.map(id => new HcclDevice(id, s"192.168.100.$id")).asJava
    val placed = withNodes(_.withDevices(JList.of("4", "5", "6", "7")))
    val table = GangRankTable.of(placed, JList.of(devices(4, 5, 6, 7), devices(4, 5, 6, 7)))
    assert(table.servers.asScala.map(_.id) === Seq("10.0.0.1", "10.0.0.2"))
    val ranks = processes(ProcessLayout.RANK_TABLE, onNpu, withNodes(
      _.withDevices(JList.of("4", "5", "6", "7")).withRankTable(Path.of("/t"))))
    ranks.foreach { each =>
      val rank = each.member.asInstanceOf[Rank]
      val owner = table.servers.get(rank.node).devices.asScala.find(_.rank == rank.value).get
      assert(each.environment.get("DEVICE_ID") === owner.device.id.toString)
    }
    val other = intercept[DatasetException](
      GangRankTable.of(placed, JList.of(devices(4, 5, 6, 7), devices(0, 1, 2, 3))))
    assert(other.getMessage ===
      "Invalid devices of node 10.0.0.2: [0, 1, 2, 3] (expected [4, 5, 6, 7], as placed)")
  }

  test("TRN-2 dynamic cluster - 8 ranks - have one scheduler beside them, which runs no training") {
    val all = processes(ProcessLayout.DYNAMIC_CLUSTER, _.framework(Framework.MINDSPORE))
    assert(all.map(_.member.toString).take(2) === Seq("the scheduler (worker-0)", "rank 0 (worker-0, device 0)"))
    assert(all.count(_.member.isInstanceOf[ClusterScheduler]) === 1)
    assert(all.size === 9)
    val cluster = Seq("MS_WORKER_NUM" -> "8", "MS_SCHED_HOST" -> "10.0.0.1", "MS_SCHED_PORT" -> "23456")
    assert(all.head.command.asScala ===
      Seq("/usr/bin/python3", "-c", "from mindspore.communication import init; init()"))
    (cluster :+ ("MS_ROLE" -> "MS_SCHED")).foreach { case (name, value) =>
      assert(all.head.environment.get(name) === value)
    }
    assert(!all.head.environment.containsKey("MS_NODE_ID"))
    check(
      all(7),
      cluster ++ Seq("MS_ROLE" -> "MS_WORKER", "MS_NODE_ID" -> "6", "MS_WORKER_IP" -> "10.0.0.2"): _*)
    assert(all(7).command.asScala === Seq("/usr/bin/python3", script(1)) ++ arguments(1))
  }

  test("TRN-2 dynamic cluster - on Ascend - shows each node its devices, of which a rank has the one at its place") {
    val placed = withNodes(_.withDevices(JList.of("4", "5", "6", "7")))
    check(
      processes(ProcessLayout.DYNAMIC_CLUSTER, onNpu, placed)(7),
      "MS_ROLE" -> "MS_WORKER",
      "MS_WORKER_NUM" -> "8",
      "MS_SCHED_HOST" -> "10.0.0.1",
      "MS_SCHED_PORT" -> "23456",
      "MS_NODE_ID" -> "6",
      "MS_WORKER_IP" -> "10.0.0.2",
      "DEVICE_ID" -> "2",
      "ASCEND_RT_VISIBLE_DEVICES" -> "4,5,6,7",
      "HCCL_CONNECT_TIMEOUT" -> "1800",
      "ASCEND_PROCESS_LOG_PATH" -> "/r/logs/ascend/process_log/rank_6",
      "GLOG_v" -> "1"
    )
  }

  test("TRN-2 msrun - one a node - finds its own interpreter on the search path") {
    val both = processes(ProcessLayout.MSRUN, _.framework(Framework.MINDSPORE))
    check(both(1))
    val words = Seq(
      "--worker_num=8", "--local_worker_num=4", "--master_addr=10.0.0.1", "--master_port=23456", "--node_rank=1",
      "--log_dir=/r/logs/mindspore/worker_1", "--join=True", "--cluster_time_out=1800", "python3",
      script(1)) ++ arguments(1)
    assert(both(1).command.asScala.take(2) === Seq("/bin/sh", "-c"))
    assert(both(1).command.get(2).startsWith("PATH="))
    assert(both(1).command.asScala.slice(3, 6) === Seq("/usr/bin", "/usr/bin/python3", "-c"))
    assert(both(1).command.get(6).contains("mindspore.parallel.cluster.run"))
    assert(both(1).command.asScala.drop(7) === words)
    val onPath = withNodes(node => NodePlacement.of(node.address, node.layout, "python3").withInputs(node.inputs))
    val plain = processes(ProcessLayout.MSRUN, _.framework(Framework.MINDSPORE), onPath)
    assert(plain(1).command.asScala === Seq("python3", "-c", both(1).command.get(6)) ++ words)
  }

  test("TRN-2 user command - each process - runs it in a shell, with the arguments as its parameters") {
    val command = "cd sub && python \"$@\""
    val algorithm = new Algorithm.UserCommand(command, Optional.of(CodeLocation.parse("/src/detector")), Optional.empty())
    val built = fill(TrainingJob.builder("cells", algorithm), perNode).build()
    val second = GangProcesses.of(new TrainingRun(id, built), placement).get(1)
    assert(second.command.asScala === Seq("/bin/bash", "-c", command, "cells") ++ arguments(1) ++ initMethod)
    val bare = new Algorithm.UserCommand("true", Optional.empty(), Optional.empty())
    val alone = TrainingJob.builder("cells", bare).nodes(2).framework(Framework.CUSTOM).build()
    assert(GangProcesses.of(new TrainingRun(id, alone), placement).get(0).environment.get("WORKSPACE") ===
      "/r/worker-0/modelarts/user-job-dir/code")
  }

  test("TRN-2 devices of a node - GPU, NPU and CPU - are shown by the vendor's variable, a back end's own goes first") {
    val placed = withNodes(_.withDevices(JList.of("4", "5", "6", "7")))
    def second(change: TrainingJob.Builder => TrainingJob.Builder, where: GangPlacement = placed) =
      processes(ProcessLayout.PROCESS_PER_DEVICE, change, where)(5)
    val place = Seq("MASTER_ADDR" -> "10.0.0.1", "MASTER_PORT" -> "23456", "WORLD_SIZE" -> "8", "RANK" -> "5",
      "LOCAL_RANK" -> "1", "LOCAL_WORLD_SIZE" -> "4", "GROUP_RANK" -> "1")
    check(second(_.deviceType(DeviceType.GPU)), place :+ ("CUDA_VISIBLE_DEVICES" -> "4,5,6,7"): _*)
    check(second(_.deviceType(DeviceType.CPU)), place: _*)
    check(
      second(_.deviceType(DeviceType.NPU).logLocation(StorageUri.parse("/l"))),
      place ++ Seq("ASCEND_RT_VISIBLE_DEVICES" -> "4,5,6,7", "HCCL_CONNECT_TIMEOUT" -> "1800",
        "ASCEND_PROCESS_LOG_PATH" -> "/r/logs/ascend/process_log/rank_5"): _*)
    val configured = new GangPlacement(placed.nodes, placed.master, JMap.of("HCCL_CONNECT_TIMEOUT", "60"), Optional.empty())
    assert(second(_.deviceType(DeviceType.NPU).logLocation(StorageUri.parse("/l")), configured)
      .environment.get("HCCL_CONNECT_TIMEOUT") === "60")
    val few = withNodes(_.withDevices(JList.of("0")))
    assert(intercept[DatasetException](second(_.deviceType(DeviceType.GPU), few)).getMessage ===
      "Invalid placement: node 10.0.0.1 has the devices [0] (expected 4, as the job wants)")
  }

  test("TRN-2 modes of MindSpore on Ascend - set how much is logged") {
    val cases = Table(
      ("mode", "GLOG_v", "MS_RDR_ENABLE"),
      (TrainingMode.NORMAL, "1", None),
      (TrainingMode.PERFORMANCE, "3", None),
      (TrainingMode.DIAGNOSIS, "1", Some("1"))
    )
    forAll(cases) { (mode, level, recorded) =>
      val environment =
        processes(ProcessLayout.DYNAMIC_CLUSTER, builder => onNpu(builder).mode(mode))(1).environment
      assert(environment.get("GLOG_v") === level)
      assert(Option(environment.get("MS_RDR_ENABLE")) === recorded)
    }
  }

  test("TRN-2 directories - working-dir and local-code-dir of ModelArts' container - lie in the node's home") {
    val cases = Table(
      ("local-code-dir", "working-dir", "job dir", "starts in"),
      (None, Some("sub"), "/r/worker-1/modelarts/user-job-dir", "/r/worker-1/modelarts/user-job-dir/detector/sub"),
      (
        None,
        Some("/home/ma-user/modelarts/user-job-dir/detector"),
        "/r/worker-1/modelarts/user-job-dir",
        "/r/worker-1/modelarts/user-job-dir/detector"
      ),
      (Some("/home/ma-user/mine"), None, "/r/worker-1/mine", "/r/worker-1/mine/detector"),
      (Some("/opt/code"), Some("/tmp"), "/opt/code", "/tmp")
    )
    forAll(cases) { (code, working, jobDirectory, start) =>
      val second = process(perNode, 1, { builder =>
        code.foreach(builder.localCodeDirectory)
        working.foreach(builder.workingDirectory)
        builder
      })
      assert(second.environment.get("MA_JOB_DIR") === jobDirectory)
      assert(second.environment.get("WORKSPACE") === jobDirectory + "/detector")
      assert(second.directory === Path.of(start))
      assert(second.command.get(1) === jobDirectory + "/detector/train.py")
    }
  }

  test("TRN-2 the job's own environment - same name as a preset variable - replaces it and is named") {
    val first = process(perNode, 0, _.environment("VC_WORKER_NUM", "7").environment("MINE", "1"))
    assert(first.environment.get("VC_WORKER_NUM") === "7")
    assert(first.environment.get("MINE") === "1")
    assert(first.overridden.asScala === Seq("VC_WORKER_NUM"))
    val timeout = processes(ProcessLayout.DYNAMIC_CLUSTER, b => onNpu(b).environment("HCCL_CONNECT_TIMEOUT", "9"))(1)
    assert(timeout.environment.get("HCCL_CONNECT_TIMEOUT") === "9")
    assert(timeout.overridden.asScala === Seq("HCCL_CONNECT_TIMEOUT"))
  }

  test("TRN-2 a placement that does not fit the job - is refused") {
    val one = new GangPlacement(placement.nodes.subList(0, 1), placement.master, JMap.of(), Optional.empty())
    assert(intercept[DatasetException](processes(perNode, identity, one)).getMessage ===
      "Invalid placement: 1 nodes (expected 2, as the job has)")
    val without = withNodes(_.withInputs(JMap.of("data_url", Path.of("/d"))))
    assert(intercept[DatasetException](processes(perNode, identity, without)).getMessage ===
      "Invalid placement: node 10.0.0.1 has no directory of input DATA")
  }

  test("TRN-2 object store over plain http, certificate verified - has its values") {
    val store = new S3Endpoint(URI.create("http://localhost:9000"), S3Endpoint.CertificateCheck.VERIFIED)
    val other = new GangPlacement(placement.nodes, placement.master, JMap.of(), Optional.of(store))
    val inputs = other.nodes.asScala.map(_.withInputs(placement.nodes.get(0).inputs)).asJava
    val environment = processes(perNode, identity, new GangPlacement(
      inputs, other.master, JMap.of(), other.objectStore))(0).environment
    assert(environment.get("S3_ENDPOINT") === "http://localhost:9000")
    assert(environment.get("S3_USE_HTTPS") === "0")
    assert(environment.get("S3_VERIFY_SSL") === "1")
  }

  test("README - its table of variables - names exactly those that processes get") {
    val readme = Files.readString(Path.of(System.getProperty("user.dir")).resolve("README.md"))
    val section = readme.split("## What a process gets")(1).split("\n## ")(0)
    val documented = "(?m)^\\| `([A-Z0-9_]+v?)` ".r.findAllMatchIn(section).map(_.group(1)).toSet
    val devices = withNodes(_.withDevices(JList.of("0", "1", "2", "3")).withRankTable(Path.of("/t")))
    val received = (processes(ProcessLayout.PROCESS_PER_DEVICE, _.deviceType(DeviceType.GPU), devices) ++
      processes(ProcessLayout.RANK_TABLE, onNpu, devices) ++
      processes(ProcessLayout.DYNAMIC_CLUSTER, b => onNpu(b).mode(TrainingMode.DIAGNOSIS), devices))
      .flatMap(_.environment.keySet.asScala)
      .toSet
      .filterNot(Set("NCCL_DEBUG", "DATA", "RESULT"))
    val local = io.millrace.training.local.LocalEnvironmentNames.all
    assert(documented === received ++ local)
  }

  test("README - its table of settings - gives the defaults that hold") {
    val defaults = LaunchSettings.of(Path.of("/r"))
    val readme = Files.readString(Path.of(System.getProperty("user.dir")).resolve("README.md"))
    Seq(
      s"| `grace` | ${defaults.grace.toSeconds} s |",
      s"| `syncPeriod` | ${defaults.syncPeriod.toSeconds} s |",
      s"| `logLimits.maxBytes` | ${defaults.logLimits.maxBytes >> 20} MiB |",
      s"| `logLimits.olderFiles` | ${defaults.logLimits.olderFiles} |",
      s"| `hang.period` | ${defaults.hang.period.toMinutes} min |",
      s"| `hang.quietPeriods` | ${defaults.hang.quietPeriods} |",
      s"| `hang.window` | ${defaults.hang.window} |",
      s"| `hang.idleCpuPercent` | ${defaults.hang.idleCpuPercent.toInt} |",
      s"| `hang.idleMainPercent` | ${defaults.hang.idleMainPercent} |",
      s"| `hang.medianTolerance` | ${defaults.hang.medianTolerance.toInt} |",
      s"| `hang.varianceTolerance` | ${defaults.hang.varianceTolerance.toInt} |",
      s"| `hang.action` | ${defaults.hang.action} |"
    ).foreach(row => assert(readme.contains(row)))
  }

  private def check(seen: GangProcess, more: (String, String)*): Unit = {
    val table = Table(("name", "value"), more: _*)
    forAll(table)((name, value) => assert(seen.environment.get(name) === value))
    val shared = process(perNode, 1).environment.keySet.asScala
    assert(seen.environment.keySet.asScala === shared ++ more.map(_._1))
  }
}

object GangProcessesSuite {
  private val perNode = ProcessLayout.PROCESS_PER_NODE
  private val id = new RunId("0a1b2c3d")

  private def script(node: Int): String = s"/r/worker-$node/modelarts/user-job-dir/detector/train.py"

  private def arguments(node: Int): Seq[String] = Seq(
    "--epochs", "10", "--lr", "-0.5", "--flag=--x", "--pretrained",
    "--data_url", "/data/a",
    "--train_url", s"/r/worker-$node/modelarts/outputs/train_url_0"
  )

  private val initMethod =
    Seq("--init_method", "tcp://10.0.0.1:23456", "--world_size", "2", "--rank", "1")

  private def fill(builder: TrainingJob.Builder, layout: ProcessLayout): TrainingJob.Builder =
    builder
      .input(TrainingInput.of("data_url", StorageUri.parse("/data/a")))
      .input(TrainingInput.of("DATA", StorageUri.parse("/data/b")).withAccess(DataAccess.ENVIRONMENT))
      .output(TrainingOutput.of("train_url", StorageUri.parse("/out")))
      .output(TrainingOutput.of("RESULT", StorageUri.parse("/result")).withAccess(DataAccess.ENVIRONMENT))
      .parameter("epochs", "10")
      .parameter("lr", "-0.5")
      .parameter("flag", "--x")
      .parameter(() => Hyperparameter.flag("pretrained"))
      .nodes(2)
      .devicesPerNode(4)
      .layout(layout)

  private def onNpu(builder: TrainingJob.Builder): TrainingJob.Builder =
    builder
      .framework(Framework.MINDSPORE)
      .deviceType(DeviceType.NPU)
      .logLocation(StorageUri.parse("/l"))

  private def processes(
      layout: ProcessLayout,
      change: TrainingJob.Builder => TrainingJob.Builder = identity,
      where: GangPlacement = placement): Seq[GangProcess] = {
    val builder = TrainingJob.builder("cells", Path.of("/src/detector"), "train.py")
    val built = change(fill(builder, layout)).build()
    GangProcesses.of(new TrainingRun(id, built), where).asScala.toSeq
  }

  private def process(
      layout: ProcessLayout,
      rank: Int,
      change: TrainingJob.Builder => TrainingJob.Builder = identity): GangProcess =
    processes(layout, change)(rank)

  private def withNodes(change: NodePlacement => NodePlacement): GangPlacement =
    new GangPlacement(
      placement.nodes.asScala.map(change).asJava,
      placement.master,
      placement.backendEnvironment,
      placement.objectStore
    )

  private lazy val placement: GangPlacement = {
    val inputs = JMap.of("data_url", Path.of("/data/a"), "DATA", Path.of("/data/b"))
    def node(index: Int) = NodePlacement
      .of(
        s"10.0.0.${index + 1}",
        new NodeLayout(Path.of(s"/r/worker-$index"), Path.of("/r/logs")),
        "/usr/bin/python3"
      )
      .withInputs(inputs)
    new GangPlacement(
      JList.of(node(0), node(1)),
      new MasterEndpoint("10.0.0.1", 23456),
      JMap.of("PYTHONPATH", "/site", "NCCL_DEBUG", "INFO"),
      Optional.of(
        new S3Endpoint(URI.create("https://obs.example.com"), S3Endpoint.CertificateCheck.SKIPPED)
      )
    )
  }
}
