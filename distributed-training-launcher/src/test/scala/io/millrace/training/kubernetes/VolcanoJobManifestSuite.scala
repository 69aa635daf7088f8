package io.millrace.training.kubernetes

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.{Collection => JCollection, List => JList, Map => JMap}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory
import io.fabric8.kubernetes.api.model.{ConfigMap, KubernetesResource}
import io.fabric8.kubernetes.client.utils.Serialization
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.{DatasetException, StorageUri}
import io.millrace.training._

class VolcanoJobManifestSuite extends AnyFunSuite {
  import VolcanoJobManifestSuite._

  test("TRN-4 manifest - of each golden job - is its file, line by line") {
    forAll(golden)((name, manifest) => assert(manifest().yaml === resource(name)))
  }

  test("TRN-4 manifest - read back - is the same objects, and no field is unknown to Kubernetes' model") {
    forAll(golden) { (name, manifest) =>
      val documents = resource(name).split("(?m)^---$").filter(_.nonEmpty)
      val objects = documents.map(text => Serialization.unmarshal(text, classOf[KubernetesResource]))
      val job = Serialization.unmarshal(documents.last, classOf[VolcanoJob])
      assert(job.getSpec === manifest().job.getSpec)
      assert(job.getMetadata === manifest().job.getMetadata)
      assert(objects.collect { case table: ConfigMap => table }.toSeq === manifest().rankTable.map[Seq[ConfigMap]](Seq(_)).orElse(Seq()))
      assert(unknown(job.getSpec.tasks.get(0).template) === Seq())
    }
  }

  test("TRN-4 manifest - its fields - are those of Volcano's resource, with its types") {
    forAll(golden) { (name, _) =>
      val text = resource(name).split("(?m)^---$").last
      val job = new ObjectMapper(new YAMLFactory()).readTree(text)
      assert((job.path("apiVersion").asText, job.path("kind").asText) === (("batch.volcano.sh/v1alpha1", "Job")))
      check(job.path("spec"), VolcanoSpec)
      job.path("spec").path("policies").forEach(check(_, VolcanoPolicy))
      job.path("spec").path("tasks").forEach(check(_, VolcanoTask))
      job.path("spec").path("plugins").forEach(each => assert(each.isArray && each.elements.asScala.forall(_.isTextual)))
    }
  }

  test("TRN-7 retries - none, or some - end the job for good, or restart it as often") {
    def spec(retries: Int) = manifest(VolcanoFixture.job(storage).retries(retries), settings).job.getSpec
    def policies(retries: Int) = spec(retries).policies.asScala.map(each => (each.event, each.action)).toMap
    assert(policies(0) === Map("PodFailed" -> "TerminateJob", "PodEvicted" -> "TerminateJob", "TaskCompleted" -> "CompleteJob"))
    assert(policies(2) === Map("PodFailed" -> "RestartJob", "PodEvicted" -> "RestartJob", "TaskCompleted" -> "CompleteJob"))
    // Volcano counts the first failure too.
    assert((spec(0).maxRetry, spec(2).maxRetry) === ((1, 3)))
  }

  test("TRN-4 labels - of any job name - are values that Kubernetes takes, the name itself an annotation") {
    val valid = "([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?".r
    Seq("_cells-", "a" * 64, "__", "cells_2", "a" * 62 + "-b").foreach { name =>
      val job = TrainingJob.builder(name, storage.resolve("code"), "train.py").build()
      val metadata = VolcanoJobManifest.of(new TrainingRun(VolcanoFixture.id, job), settings).job.getMetadata
      assert(valid.matches(metadata.getLabels.get("millrace.io/job")))
      assert(metadata.getAnnotations.get("millrace.io/job-name") === name)
      assert(metadata.getLabels.get("millrace.io/run-id") === "0a1b2c3d")
    }
    assert(VolcanoJobManifest.labelValue("_cells-") === "cells")
  }

  test("TRN-4 names of pods - with the longest run id - are host names and the contract's instance names") {
    val run = new TrainingRun(new RunId("0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"), VolcanoFixture.job(storage).nodes(1000).build())
    assert(VolcanoJobManifest.of(run, settings).job.getMetadata.getName + "-worker-999" === run.instanceName(999))
    assert(run.instanceName(999).length <= 63)
  }

  test("TRN-4 resource names - of the settings - are the only ones") {
    val names = Table("device", "nvidia.com/gpu", "huawei.com/ascend-1980", "huawei.com/Ascend910", "amd.com/gpu")
    forAll(names) { device =>
      val yaml = manifest(VolcanoFixture.job(storage).devicesPerNode(8), settings.withResources(NodeResources.of(device))).yaml
      assert(s"(?m)^ *${java.util.regex.Pattern.quote(device)}: \"8\"$$".r.findAllIn(yaml).size === 2)
      assert(Seq("nvidia.com", "huawei.com", "amd.com").filter(yaml.contains) === Seq(device.takeWhile(_ != '/')))
    }
    assert(!manifest(VolcanoFixture.job(storage), settings.withResources(NodeResources.cpuOnly())).yaml.contains("resources"))
  }

  test("TRN-4 rank table made by the cluster - is awaited, and neither brought nor mounted") {
    val table = RankTableSettings.CCE.withProvision(RankTableSettings.Provision.BY_CLUSTER)
      .withPluginArguments(JList.of("--rank-table-version=v2"))
    val made = manifest(VolcanoFixture.job(storage), settings.onAscend().withRankTable(table))
    assert(made.rankTable.isEmpty)
    assert(!made.yaml.contains("mountPath: /user/config"))
    assert(made.yaml.contains("/user/config/jobstart_hccl.json"))
    assert(made.job.getSpec.plugins.get("configmap1980").asScala === Seq("--rank-table-version=v2"))
  }

  test("TRN-3 launch by rank-table - without a rank table of the cluster - is refused") {
    assert(intercept[TrainingException](manifest(onNpu.layout(ProcessLayout.RANK_TABLE), settings)).problems.asScala === Seq(
      "A launch by rank-table takes the devices from the cluster's rank table, and the settings name none. " +
        "Use those for Ascend, or dynamic-cluster or msrun."))
  }

  test("TRN-1 secrets - by name - are referred to, and one in the settings' environment is refused") {
    val container = settings.container.withSecrets(JList.of("obs-login"), JList.of("registry-login"))
    val yaml = manifest(VolcanoFixture.job(storage), settings.withContainer(container)).yaml
    assert(yaml.contains("secretRef:\n              name: \"obs-login\""))
    assert(yaml.contains("imagePullSecrets:\n        - name: \"registry-login\""))
    val leaking = settings.withContainer(settings.container.withEnvironment(JMap.of("AWS_SECRET_ACCESS_KEY", "hush")))
    val refusal = intercept[TrainingException](manifest(VolcanoFixture.job(storage), leaking))
    assert(refusal.getMessage.contains("Invalid environment variable: 'AWS_SECRET_ACCESS_KEY' looks like a secret"))
    assert(!refusal.getMessage.contains("hush"))
  }

  test("TRN-4 mounts - the innermost of several - serves, and every problem is reported together") {
    val inner = new SharedMount(new SharedMount.HostPath(Path.of("/nfs/out")), storage.resolve("out"), Path.of("/results"))
    val pod = manifest(VolcanoFixture.job(storage), settings.withMounts(JList.of(VolcanoFixture.claim(storage), inner)))
      .job.getSpec.tasks.get(0).template.getSpec
    val output = pod.getContainers.get(0).getVolumeMounts.asScala.find(_.getMountPath.endsWith("train_url_0")).get
    assert((output.getName, output.getSubPath) === (("shared-1", "cells")))
    val bad = new SharedMount(new SharedMount.Claim("x"), Path.of("/elsewhere"), Path.of("/home/ma-user/modelarts/x"))
    val job = VolcanoFixture.job(storage).output(TrainingOutput.of("log_url", StorageUri.parse("s3://bucket/logs")))
    assert(intercept[TrainingException](manifest(job, settings.withMounts(JList.of(bad)))).problems.asScala === Seq(
      "Code-dir (/mnt/data/code/detector) is on no storage that pods share (/elsewhere). Put it there or name its mount.",
      "Input data_url (file:///mnt/data/data) is on no storage that pods share (/elsewhere). Put it there or name its mount.",
      "Output train_url (file:///mnt/data/out/cells) is on no storage that pods share (/elsewhere). Put it there or name its mount.",
      "Output log_url (s3://bucket/logs) is on a storage that pods can neither read nor write by themselves. Mount it, or copy it, at a directory that all pods share (--pod-mount), and give that directory.",
      "Invalid mount in pods: /home/ma-user/modelarts/x (expected a path outside /home/ma-user/modelarts and /cache, which the job has itself)."
    ))
  }

  test("TRN-4 code on a store - that no pod can fetch - is refused, and says what to do") {
    val job = TrainingJob.builder("cells", CodeLocation.parse("obs://bucket/code/"), "train.py")
    assert(intercept[TrainingException](manifest(job, settings)).problems.asScala === Seq(
      "Code-dir (obs://bucket/code/) is on a storage that pods can neither read nor write by themselves. Mount it, or copy it, at a directory that all pods share (--pod-mount), and give that directory."))
  }

  test("TRN-4 script - too long for a command of Linux - is refused with its length") {
    val job = VolcanoFixture.job(storage).parameter("text", "x" * 200000)
    assert(intercept[TrainingException](manifest(job, settings)).getMessage.matches(
      "Cannot start training job 'cells': The script that starts the processes of a node would have 20\\d{4} bytes, " +
        "and Linux takes 131071. Pass long values in a file below code-dir."))
  }

  test("README - its lines of YAML - are lines of the golden file, in order") {
    val readme = Files.readString(Path.of(System.getProperty("user.dir")).resolve("README.md"))
    val shown = readme.split("\n## Volcano\n")(1).split("```yaml\n")(1).split("```")(0).linesIterator.toSeq
    val rest = shown.foldLeft(resource("gpu-job.yaml").linesIterator.toSeq) { (lines, line) =>
      val found = lines.dropWhile(_ != line)
      assert(found.nonEmpty, s"no such line, or not behind those before: $line")
      found.tail
    }
    assert(rest.nonEmpty)
  }

  test("TRN-4 settings - their defaults - are those that the README tells") {
    val defaults = VolcanoSettings.of(Path.of("/runs"), "image:1")
    val readme = Files.readString(Path.of(System.getProperty("user.dir")).resolve("README.md"))
    val table = RankTableSettings.CCE
    Seq(
      s"| `namespace` | `${defaults.namespace}` |",
      s"| `scheduling.queue` | `${defaults.scheduling.queue}` |",
      s"| `scheduling.scheduler` | `${defaults.scheduling.scheduler}` |",
      s"| `scheduling.priority` | ${defaults.scheduling.priority} |",
      s"| `resources.device` | `${defaults.resources.device.get}` |",
      s"| `container.shell` | `${defaults.container.shell}` |",
      s"| `container.python` | `${defaults.container.python}` |",
      s"| `container.home` | `${defaults.container.home}` |",
      s"| `container.masterPort` | ${defaults.container.masterPort} |",
      s"| `rankTable.configMapPrefix` | `${table.configMapPrefix}` |",
      s"| `rankTable.directory` | `${table.directory}` |",
      s"| `rankTable.timeout` | ${table.timeout.toMinutes} min |",
      s"| `grace` | ${defaults.grace.toSeconds} s |",
      s"| `keep` | ${defaults.keep.toDays} d |",
      s"| `poll` | ${defaults.poll.toSeconds} s |"
    ).foreach(row => assert(readme.contains(row)))
    assert(defaults.mounts.isEmpty && defaults.rankTable.isEmpty && defaults.autoStop.isEmpty)
    assert(defaults.onAscend().resources.device.get === "huawei.com/ascend-1980")
    assert((table.plugin, table.label, table.labelValue, table.provision) ===
      (("configmap1980", "ring-controller.cce", "ascend-1980", RankTableSettings.Provision.BY_JOB)))
  }

  test("TRN-4 settings - that cannot be - are refused, each with what is expected") {
    val cases = Table[() => Any, String](
      ("settings", "message"),
      (() => settings.withNamespace("Training"), "Invalid namespace: 'Training' (expected 1 to 63 of a-z, 0-9 and -, no - at either end)"),
      (() => settings.withGrace(Duration.ofHours(2)), "Invalid grace: PT2H (expected 0 s to 1 h)"),
      (() => settings.withAutoStop(Duration.ofHours(721)), "Invalid auto-stop: PT721H (expected 1 s to 720 h)"),
      (() => settings.withMounts(JList.of(VolcanoFixture.claim(storage), VolcanoFixture.claim(storage))),
        "Invalid mounts: two have the same path in pods, [/mnt/data, /mnt/data] (expected one each)"),
      (() => Scheduling.DEFAULT.withPriority(3, JMap.of()),
        "Invalid priority: 3 (no priority class of the cluster is named for it; name one)"),
      (() => Scheduling.DEFAULT.withPriority(4, JMap.of()), "Invalid priority: 4 (expected 1 to 3)"),
      (() => NodeResources.of("gpu"), "Invalid device resource: 'gpu' (expected DOMAIN/NAME such as nvidia.com/gpu)"),
      (() => NodeResources.cpuOnly().withMemory("64 GB"), "Invalid quantity: '64 GB' (expected a number with a unit such as 500m or 64Gi)"),
      (() => ContainerSettings.of(" "), "Invalid image: ' ' (expected REGISTRY/NAME:TAG)"),
      (() => SharedMount.parse("data"),
        "Invalid mount: 'data' (expected pvc:CLAIM=DIRECTORY or host:PATH=DIRECTORY, with :DIRECTORY_IN_PODS behind it where that is another)"),
      (() => SharedMount.parse("nfs:a=/b"), "Invalid mount: 'nfs:a=/b' (expected pvc: or host:)"),
      (() => SharedMount.parse("pvc:a=b"), "Invalid mount: 'b' (expected an absolute path)")
    )
    forAll(cases)((settings, message) => assert(intercept[DatasetException](settings()).getMessage === message))
  }

  test("TRN-4 mounts - as text - are read") {
    assert(SharedMount.parse("pvc:data=/mnt/data") ===
      new SharedMount(new SharedMount.Claim("data"), Path.of("/mnt/data"), Path.of("/mnt/data")))
    assert(SharedMount.parse("host:/nfs=/mnt/data:/data") ===
      new SharedMount(new SharedMount.HostPath(Path.of("/nfs")), Path.of("/mnt/data"), Path.of("/data")))
  }

  private def resource(name: String): String = {
    val stream = getClass.getResourceAsStream(name)
    try new String(stream.readAllBytes(), UTF_8)
    finally stream.close()
  }

  private def check(node: JsonNode, fields: Map[String, JsonNode => Boolean]): Unit =
    node.properties.forEach { each =>
      assert(fields.contains(each.getKey), s"Volcano has no field ${each.getKey}")
      assert(fields(each.getKey)(each.getValue), s"${each.getKey}: ${each.getValue}")
    }

  /** Fields that no class of the model has; the model keeps them apart. */
  private def unknown(value: Any): Seq[String] = value match {
    case resource: KubernetesResource =>
      resource.getClass.getMethods.toSeq
        .filter(method => method.getName.startsWith("get") && method.getParameterCount == 0)
        .flatMap { method =>
          val found = method.invoke(resource)
          if (method.getName == "getAdditionalProperties") found.asInstanceOf[JMap[String, _]].keySet.asScala.toSeq
          else unknown(found)
        }
    case many: JCollection[_] => many.asScala.toSeq.flatMap(unknown)
    case _ => Seq()
  }
}

object VolcanoJobManifestSuite {
  private val storage = Path.of("/mnt/data")
  private def settings: VolcanoSettings = VolcanoFixture.settings(storage)

  private def manifest(job: TrainingJob.Builder, by: VolcanoSettings): VolcanoJobManifest =
    VolcanoJobManifest.of(new TrainingRun(VolcanoFixture.id, job.build()), by)

  def gpu(): VolcanoJobManifest =
    manifest(
      VolcanoFixture.job(storage, ProcessLayout.PROCESS_PER_DEVICE).devicesPerNode(8).retries(2).environment("TEXT_MODE", "a $(B) 'c'"),
      settings
        .withNamespace("training")
        .withResources(NodeResources.of(NodeResources.NVIDIA_GPU).withCpu("64").withMemory("512Gi").withSharedMemory("64Gi"))
        .withScheduling(Scheduling.DEFAULT.withQueue("research").withPriority(3, JMap.of(1, "low", 2, "medium", 3, "high"))
          .withNodeSelector(JMap.of("accelerator", "a100")))
        .withContainer(settings.container.withEnvironment(JMap.of("NCCL_DEBUG", "INFO", "NCCL_SOCKET_IFNAME", "eth0"))
          .withSecrets(JList.of("obs-login"), JList.of("registry-login")))
        .withAutoStop(Duration.ofHours(24))
    )

  def ascend(): VolcanoJobManifest =
    manifest(VolcanoFixture.job(storage).devicesPerNode(8), settings.withNamespace("training").onAscend())

  def mindSpore(): VolcanoJobManifest =
    manifest(
      onNpu.layout(ProcessLayout.RANK_TABLE),
      settings.withNamespace("training").withContainer(ContainerSettings.of("registry.example.com/mindspore:2.4")).onAscend()
    )

  private def onNpu: TrainingJob.Builder =
    VolcanoFixture.job(storage).devicesPerNode(8).framework(Framework.MINDSPORE).deviceType(DeviceType.NPU)
      .logLocation(StorageUri.parse("s3://bucket/logs"))

  def cpu(): VolcanoJobManifest =
    manifest(
      VolcanoFixture.job(storage).nodes(1),
      settings.withResources(NodeResources.cpuOnly().withCpu("500m").withMemory("2Gi")).withMounts(
        JList.of(new SharedMount(new SharedMount.HostPath(Path.of("/nfs/data")), storage, Path.of("/data"))))
    )

  private val golden = Table[String, () => VolcanoJobManifest](
    ("file", "manifest"),
    ("gpu-job.yaml", () => gpu()),
    ("ascend-job.yaml", () => ascend()),
    ("ascend-rank-table-job.yaml", () => mindSpore()),
    ("cpu-job.yaml", () => cpu())
  )

  // Volcano's JobSpec, LifecyclePolicy and TaskSpec of v1alpha1, as its API has them.
  private val text = (node: JsonNode) => node.isTextual
  private val number = (node: JsonNode) => node.isInt
  private val list = (node: JsonNode) => node.isArray
  private val form = (node: JsonNode) => node.isObject

  private val VolcanoSpec = Map(
    "schedulerName" -> text, "minAvailable" -> number, "volumes" -> list, "tasks" -> list, "policies" -> list,
    "plugins" -> form, "runningEstimate" -> text, "queue" -> text, "maxRetry" -> number,
    "ttlSecondsAfterFinished" -> number, "priorityClassName" -> text, "minSuccess" -> number)

  private val VolcanoPolicy = Map(
    "action" -> text, "event" -> text, "events" -> list, "exitCode" -> number, "timeout" -> text)

  private val VolcanoTask = Map(
    "name" -> text, "replicas" -> number, "minAvailable" -> number, "template" -> form, "policies" -> list,
    "topologyPolicy" -> text, "maxRetry" -> number, "dependsOn" -> form)
}
