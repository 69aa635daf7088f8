package io.millrace.training

import java.net.URI
import java.nio.file.{Files, Path}
import java.util.{List => JList, Map => JMap, Optional}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.StorageUri
import io.millrace.training.gang.LaunchSettings

class RankEnvironmentSuite extends AnyFunSuite {
  import RankEnvironmentSuite._

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
      ("DATA", "/data/b")
    )
    val environment = process(perNode, 1).environment
    forAll(variables)((name, value) => assert(environment.get(name) === value))
    assert(environment.keySet.asScala === variables.map(_._1).toSet)
  }

  test("TRN-2 one process a node - arguments - are parameters, inputs, outputs and ModelArts' three") {
    assert(
      process(perNode, 1).arguments.asScala === Seq(
        "--epochs", "10", "--lr", "-0.5", "--flag=--x",
        "--data_url", "/data/a",
        "--train_url", "/r/worker-1/modelarts/outputs/train_url_0",
        "--init_method", "tcp://10.0.0.1:23456", "--world_size", "2", "--rank", "1"
      )
    )
  }

  test("TRN-2 one process a device - variables of rank 6 - are PyTorch's") {
    val variables = Table(
      ("name", "value"),
      ("MASTER_ADDR", "10.0.0.1"),
      ("MASTER_PORT", "23456"),
      ("WORLD_SIZE", "8"),
      ("RANK", "6"),
      ("LOCAL_RANK", "2"),
      ("LOCAL_WORLD_SIZE", "4"),
      ("GROUP_RANK", "1")
    )
    val perDevice = process(ProcessLayout.PROCESS_PER_DEVICE, 6)
    forAll(variables)((name, value) => assert(perDevice.environment.get(name) === value))
    val shared = process(perNode, 1).environment
    assert(perDevice.environment.keySet.asScala === shared.keySet.asScala ++ variables.map(_._1))
    assert(!perDevice.arguments.asScala.exists(Set("--init_method", "--world_size", "--rank")))
  }

  test("TRN-2 the job's own environment - same name as a preset variable - replaces it and is named") {
    val overriding = job(perNode).environment("VC_WORKER_NUM", "7").environment("MINE", "1").build()
    val process = RankEnvironment.of(new TrainingRun(id, overriding), placement, Rank.of(overriding).get(0))
    assert(process.environment.get("VC_WORKER_NUM") === "7")
    assert(process.environment.get("MINE") === "1")
    assert(process.overridden.asScala === Seq("VC_WORKER_NUM"))
  }

  test("TRN-2 object store over plain http, certificate verified - has its values") {
    val store = new S3Endpoint(URI.create("http://localhost:9000"), S3Endpoint.CertificateCheck.VERIFIED)
    val other = new GangPlacement(placement.nodes, placement.master, JMap.of(), Optional.of(store))
    val built = job(perNode).build()
    val environment = RankEnvironment.of(new TrainingRun(id, built), other, Rank.of(built).get(0)).environment
    assert(environment.get("S3_ENDPOINT") === "http://localhost:9000")
    assert(environment.get("S3_USE_HTTPS") === "0")
    assert(environment.get("S3_VERIFY_SSL") === "1")
  }

  test("README - its table of variables - names exactly those that processes get") {
    val readme = Files.readString(Path.of(System.getProperty("user.dir")).resolve("README.md"))
    val section = readme.split("## What a process gets")(1).split("\n## ")(0)
    val documented = "(?m)^\\| `([A-Z0-9_]+)` ".r.findAllMatchIn(section).map(_.group(1)).toSet
    val received = process(ProcessLayout.PROCESS_PER_DEVICE, 6).environment.keySet.asScala
      .filterNot(Set("NCCL_DEBUG", "DATA"))
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

  private def process(layout: ProcessLayout, rank: Int): RankProcess = {
    val built = job(layout).build()
    RankEnvironment.of(new TrainingRun(id, built), placement, Rank.of(built).get(rank))
  }
}

object RankEnvironmentSuite {
  private val perNode = ProcessLayout.PROCESS_PER_NODE
  private val id = new RunId("0a1b2c3d")

  private def job(layout: ProcessLayout): TrainingJob.Builder =
    TrainingJob
      .builder("cells", Path.of("/src/detector"), "train.py")
      .input(TrainingInput.of("data_url", StorageUri.parse("/data/a")))
      .input(TrainingInput.of("DATA", StorageUri.parse("/data/b")).withAccess(InputAccess.ENVIRONMENT))
      .output(TrainingOutput.of("train_url", StorageUri.parse("/out")))
      .parameter("epochs", "10")
      .parameter("lr", "-0.5")
      .parameter("flag", "--x")
      .nodes(2)
      .devicesPerNode(4)
      .layout(layout)

  private val placement: GangPlacement = {
    val inputs = JMap.of("data_url", Path.of("/data/a"), "DATA", Path.of("/data/b"))
    def node(index: Int) = new NodePlacement(
      s"10.0.0.${index + 1}",
      new NodeLayout(Path.of(s"/r/worker-$index"), Path.of("/r/logs")),
      inputs
    )
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
