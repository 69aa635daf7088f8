package io.millrace.training.kubernetes

import java.nio.file.{Files, Path}
import java.time.{Clock, Duration}
import java.util.{HashMap => JHashMap, List => JList, Queue => JQueue}

import scala.jdk.CollectionConverters._

import io.fabric8.kubernetes.api.model._
import io.fabric8.kubernetes.client.{KubernetesClientBuilder, NamespacedKubernetesClient}
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext
import io.fabric8.kubernetes.client.server.mock.{KubernetesMixedDispatcher, KubernetesMockServer}
import io.fabric8.mockwebserver.{Context, MockWebServer, ServerRequest, ServerResponse}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.training._
import io.millrace.training.watch.{LauncherProcess, RunRegistry, StateFile}

/** Against fabric8's mock of an API server; the test itself plays Volcano's controller. */
class VolcanoMockServerSuite extends AnyFunSuite with TrainingFixture {
  import VolcanoMockServerSuite._

  private var server: KubernetesMockServer = _
  private var cluster: NamespacedKubernetesClient = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    val expectations = new JHashMap[ServerRequest, JQueue[ServerResponse]]()
    server = new KubernetesMockServer(
      new Context(), new MockWebServer(), expectations, new KubernetesMixedDispatcher(expectations), false)
    server.init()
    cluster = server.createClient((builder: KubernetesClientBuilder) =>
      builder.editOrNewConfig().withRequestRetryBackoffLimit(0).endConfig())
    server.expectCustomResource(CustomResourceDefinitionContext.fromCustomResourceType(classOf[VolcanoJob]))
    server.expectCustomResource(
      new CustomResourceDefinitionContext.Builder()
        .withGroup("scheduling.volcano.sh").withVersion("v1beta1").withKind("PodGroup")
        .withPlural("podgroups").withScope("Namespaced").build())
    script("print()")
    Files.createDirectories(directory.resolve("data"))
  }

  override protected def afterEach(): Unit = {
    server.destroy()
    super.afterEach()
  }

  test("TRN-4 submit - two nodes - creates the job that the manifest says, and the run waits") {
    val handle = launch()
    val job = created(handle)
    assert(job.getMetadata.getName === handle.run.clusterName)
    assert(job.getSpec === VolcanoJobManifest.of(handle.run, volcano).job.getSpec)
    assert(handle.state === RunState.WAITING)
    assert(record(handle.run).status.state === RunState.WAITING)
    assert(Files.isDirectory(out))
    finish(handle)
  }

  test("TRN-4 submit for Ascend - brings the ConfigMap of the rank table, owned by the job") {
    val handle = launch(settings = volcano.onAscend())
    val table = cluster.configMaps().inNamespace(Namespace)
      .withName("rings-config-" + handle.run.clusterName).get()
    assert(table.getData.get("jobstart_hccl.json") === "{\"status\": \"initializing\"}\n")
    assert(table.getMetadata.getLabels.get("ring-controller.cce") === "ascend-1980")
    assert(table.getMetadata.getOwnerReferences.get(0).getUid === created(handle).getMetadata.getUid)
    finish(handle)
  }

  test("TRN-5 states - pods run, log and succeed - the run is Running, then Completed") {
    val handle = launch()
    log(handle, 0, "2026-03-01T12:00:00.000000001Z one\n2026-03-01T12:00:00.5Z two\n")
    log(handle, 1, "2026-03-01T12:00:00.1Z only\n")
    pod(handle, 0, running("gpu-7"))
    pod(handle, 1, running("gpu-8"))
    phase(handle, "Running")
    eventually(assert(handle.state === RunState.RUNNING))
    pod(handle, 0, ended(0))
    pod(handle, 1, ended(0))
    phase(handle, "Completed")
    assert(end(handle) === RunState.COMPLETED)
    assert(handle.status.exitCode.getAsInt === 0)
    assert(podLog(handle, 0) === "one\ntwo\n")
    assert(podLog(handle, 1) === "only\n")
    val told = events(handle.run)
    assert(told.take(2) === Seq(
      "Training job created",
      s"Training job queued as $Namespace/${handle.run.clusterName}, waiting for resources to be allocated"))
    Seq("[worker-0] Training started on gpu-7", "[worker-1] Training ended, exit code 0",
      "Training job started to run", "Training job completed").foreach(each => assert(told.contains(each)))
    val lines = scala.collection.mutable.ArrayBuffer[String]()
    record(handle.run).followLog(0, line => lines += line)
    assert(lines.drop(1) === Seq("one", "two"))
  }

  test("TRN-1 notifications and TRN-10 metrics - of a run on Kubernetes - are posted and kept") {
    val told = new java.util.concurrent.ConcurrentLinkedQueue[String]()
    val hook = com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0)
    hook.createContext("/", exchange => {
      told.add(new String(exchange.getRequestBody.readAllBytes(), "UTF-8"))
      exchange.sendResponseHeaders(204, -1)
      exchange.close()
    })
    hook.start()
    try {
      val address = java.net.URI.create(s"http://127.0.0.1:${hook.getAddress.getPort}/hook")
      val handle = launch(job().notify(() => Notification.of(address, JList.of(NotificationEvent.values: _*))))
      phase(handle, "Running")
      eventually(assert(handle.state === RunState.RUNNING))
      write(out.resolve("metrics.json"), """[{"key": "loss", "title": "loss", "type": "float", "data": {"value": 0.5}}]""")
      finish(handle)
      assert(told.asScala.toSeq.map(_.takeWhile(_ != ',')) === Seq("{\"event\":\"started\"", "{\"event\":\"finished\""))
      assert(Files.readString(runDirectory(handle.run).metricsFile("train_url")).contains("0.5"))
    } finally hook.stop(0)
  }

  test("TRN-4 pending - pod group and pods cannot be scheduled - the reasons are shown, then gone") {
    val handle = launch()
    podGroup(handle, "0/2 tasks in gang unschedulable: pod group is not ready, 2 Pending, 2 minAvailable")
    pod(handle, 0, unschedulable("0/3 nodes are available: 3 Insufficient nvidia.com/gpu."))
    pod(handle, 1, unschedulable("0/3 nodes are available: 3 Insufficient nvidia.com/gpu."))
    val reason = "worker-0, worker-1: Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu."
    eventually(
      assert(record(handle.run).status.message.orElse("") ===
        s"0/2 tasks in gang unschedulable: pod group is not ready, 2 Pending, 2 minAvailable\n$reason")
    )
    assert(handle.state === RunState.WAITING)
    eventually(assert(events(handle.run).contains("Training job waits: " + reason)))
    phase(handle, "Running")
    eventually(assert(handle.state === RunState.RUNNING))
    assert(record(handle.run).status.message.isEmpty)
    finish(handle)
  }

  test("TRN-6 events of the cluster - of the job's pods and of others - are told once, the others not") {
    val handle = launch()
    val name = handle.run.instanceName(1)
    event("a", "Pod", name, "FailedMount", "MountVolume.SetUp failed for volume shared-0")
    event("b", "Job", handle.run.clusterName, "ExecuteAction", "Start to execute action")
    event("c", "Pod", "stranger-0", "Started", "Started container")
    eventually {
      val told = events(handle.run)
      assert(told.count(_ == "[worker-1] FailedMount: MountVolume.SetUp failed for volume shared-0") === 1)
      assert(told.contains("ExecuteAction: Start to execute action"))
      assert(!told.exists(_.contains("Started container")))
    }
    finish(handle)
  }

  test("TRN-5 a worker fails, its peer complains of it - the failing rank is named, with its exit code") {
    val handle = launch()
    Seq(0, 1).foreach(log(handle, _, ""))
    pod(handle, 0, running("gpu-7"))
    pod(handle, 1, running("gpu-8"))
    phase(handle, "Running")
    eventually(assert(handle.state === RunState.RUNNING))
    pod(handle, 0, ended(1, "RuntimeError: Connection closed by peer [10.0.0.2]"))
    pod(handle, 1, ended(9, "boom\n[ModelArts Service Log] rank 1 ended with exit code 9"))
    phase(handle, "Terminating")
    phase(handle, "Terminated")
    assert(end(handle) === RunState.FAILED)
    val status = record(handle.run).status
    assert((status.exitCode.getAsInt, status.failedRank.getAsInt) === ((9, 1)))
    assert(status.message.get ===
      s"Rank 1 (worker-1, device 0) ended with exit code 9. Its log is ${runDirectory(handle.run).workerLog(handle.run, 1)}" +
      " and ends with:\n  boom\n  [ModelArts Service Log] rank 1 ended with exit code 9")
  }

  test("TRN-9 a worker fails again after a restart - is diagnosed from what its last pod wrote") {
    val handle = launch(job(nodes = 1).retries(1))
    Seq("01" -> "KeyError: 'bndbox'", "02" -> "torch.OutOfMemoryError: CUDA out of memory.").foreach { case (second, line) =>
      val time = s"2026-03-01T12:00:${second}Z"
      server.expect().get().withPath(logPath(handle, 0)).andReturn(200, s"$time $line\n").once()
      server.expect().get().withPath(logPath(handle, 0, s"&sinceTime=$time")).andReturn(200, s"$time $line\n").always()
    }
    pod(handle, 0, ended(1))
    eventually(assert(podLog(handle, 0) === "KeyError: 'bndbox'\n"))
    phase(handle, "Restarting", retries = 1)
    eventually(assert(handle.status.restarts === 1))
    remove(handle, 0)
    pod(handle, 0, ended(1))
    eventually(assert(podLog(handle, 0).endsWith("CUDA out of memory.\n")))
    phase(handle, "Failed", retries = 2)
    assert(end(handle) === RunState.FAILED)
    val told = events(handle.run)
    assert(told.filter(_.matches("(?s)(Likely cause|Also found): .*")).map(_.takeWhile(_ != '.')) ===
      Seq("Likely cause: CUDA out of memory (worker-0, line 4)"))
    assert(handle.status.message.get.contains("\nLikely cause: CUDA out of memory (worker-0, line 4)."))
    assert(told.last.startsWith("Training job failed: Rank 0 ") && !told.last.contains("Likely cause"))
  }

  test("TRN-5 a pod without memory, evicted, or out of time - is told in the cluster's words") {
    val out = launch()
    pod(out, 0, terminated("OOMKilled", 137, ""))
    phase(out, "Failed")
    assert(end(out) === RunState.FAILED)
    assert(out.status.message.get.startsWith(
      "Rank 0 (worker-0, device 0) was killed because the pod's memory was used up (OOMKilled, exit code 137)."))
    val evicted = launch()
    pod(evicted, 1, new PodStatusBuilder().withPhase("Failed").withReason("Evicted")
      .withMessage("The node was low on resource: ephemeral-storage.").build())
    phase(evicted, "Terminated")
    assert(end(evicted) === RunState.FAILED)
    assert(evicted.status.message.get.startsWith(
      "worker-1 was ended by the cluster: Evicted: The node was low on resource: ephemeral-storage. Its log is "))
    val late = launch()
    pod(late, 0, new PodStatusBuilder().withPhase("Failed").withReason("DeadlineExceeded").build())
    phase(late, "Terminated")
    assert(end(late) === RunState.TERMINATED)
    assert(late.status.message.get === "Stopped: the time of its auto-stop was over.")
  }

  test("TRN-7 retries - Volcano restarts the job - the restart is counted and told with its reason") {
    val handle = launch(job().retries(1))
    pod(handle, 1, ended(5, "first"))
    phase(handle, "Restarting", retries = 1)
    eventually(assert(handle.status.restarts === 1))
    eventually(assert(events(handle.run).exists(_.startsWith(
      "Training job restarted (1 of 1) after: Rank 1 (worker-1, device 0) ended with exit code 5."))))
    remove(handle, 1)
    pod(handle, 1, ended(6, "second"))
    phase(handle, "Failed", retries = 2)
    assert(end(handle) === RunState.FAILED)
    assert((handle.status.restarts, handle.status.exitCode.getAsInt) === ((1, 6)))
  }

  test("TRN-6 logs - the stream breaks and gives its last second again - each line is there once") {
    val handle = launch(job(nodes = 1))
    server.expect().get().withPath(logPath(handle, 0))
      .andReturn(200, "2026-03-01T12:00:00.1Z a\n2026-03-01T12:00:00.2Z b\n2026-03-01T12:00:00.2Z b\n").once()
    server.expect().get().withPath(logPath(handle, 0, "&sinceTime=2026-03-01T12:00:00.2Z"))
      .andReturn(200, "2026-03-01T12:00:00.1Z a\n2026-03-01T12:00:00.2Z b\n2026-03-01T12:00:00.2Z b\n2026-03-01T12:00:00.3Z c\n").once()
    server.expect().get().withPath(logPath(handle, 0, "&sinceTime=2026-03-01T12:00:00.3Z"))
      .andReturn(200, "2026-03-01T12:00:00.3Z c\n").always()
    pod(handle, 0, running("gpu-7"))
    phase(handle, "Running")
    eventually(assert(podLog(handle, 0) === "a\nb\nb\nc\n"))
    pod(handle, 0, ended(0))
    phase(handle, "Completed")
    assert(end(handle) === RunState.COMPLETED)
    assert(podLog(handle, 0) === "a\nb\nb\nc\n")
  }

  test("TRN-5 stop - asked by another process - deletes the job, and the run is Terminated") {
    val handle = launch()
    pod(handle, 0, running("gpu-7"))
    log(handle, 0, "")
    phase(handle, "Running")
    eventually(assert(handle.state === RunState.RUNNING))
    record(handle.run).requestStop()
    eventually(assert(jobOf(handle) === null))
    assert(handle.state === RunState.TERMINATING)
    val deletion = requests().find(each => each.startsWith("DELETE") && each.contains("/jobs/")).get
    assert(deletion.contains("\"propagationPolicy\":\"Foreground\""))
    assert(!deletion.contains("gracePeriodSeconds\":0"))
    remove(handle, 0)
    assert(end(handle) === RunState.TERMINATED)
    assert(handle.status.message.get === "Stopped on request.")
  }

  test("TRN-5 kill - ends pods without grace") {
    val handle = launch()
    pod(handle, 0, running("gpu-7"))
    log(handle, 0, "")
    phase(handle, "Running")
    eventually(assert(handle.state === RunState.RUNNING))
    handle.kill()
    assert(end(handle) === RunState.TERMINATED)
    assert(requests().exists(each => each.startsWith("DELETE") && each.contains("/pods") && each.contains("\"gracePeriodSeconds\":0")))
    assert(jobOf(handle) === null)
  }

  test("TRN-5 job deleted by somebody else - ends the run, saying so") {
    val handle = launch()
    cluster.resources(classOf[VolcanoJob]).inNamespace(Namespace).withName(handle.run.clusterName).delete()
    assert(end(handle) === RunState.TERMINATED)
    assert(handle.status.message.get === "The job was deleted from the cluster by somebody else.")
  }

  test("TRN-5 delete - of what the cluster keeps of a run - removes the job, and a second time does nothing") {
    val handle = launch()
    pod(handle, 0, ended(0))
    log(handle, 0, "")
    phase(handle, "Completed")
    assert(end(handle) === RunState.COMPLETED)
    launcher(volcano).deleteFromCluster(handle.run)
    assert(jobOf(handle) === null)
    launcher(volcano).deleteFromCluster(handle.run)
  }

  test("TRN-5 launcher gone - the run is as it was seen last, cannot be stopped unseen, and is followed again") {
    val handle = launch(job(nodes = 1))
    pod(handle, 0, running("gpu-7"))
    log(handle, 0, "")
    phase(handle, "Running")
    eventually(assert(handle.state === RunState.RUNNING))
    finish(handle)
    val run = handle.run
    val left = abandon(run)
    val seen = record(run)
    assert(seen.status.state === RunState.RUNNING)
    assert(seen.status.message.get ===
      s"Seen last by the launcher (process ${left.launcher.pid}), which has ended; the volcano job $Namespace/${run.clusterName} goes on without it. Attach to the run to follow or stop it.")
    assert(intercept[TrainingException](seen.requestStop()).getMessage ===
      s"Cannot stop ${run.displayName}: its launcher has ended, and nobody would see the request. Attach to the run first.")
    assert(intercept[TrainingException](RunRegistry.at(runsRoot).delete(seen)).getMessage.contains("it is Running. Stop it first."))
    seen.followLog(0, _ => ())
    val again = launcher(volcano).reattach(record(run))
    assert(end(again) === RunState.COMPLETED)
    assert(record(run).status.state === RunState.COMPLETED)
    assert(intercept[TrainingException](launcher(volcano).reattach(record(run))).getMessage ===
      s"Cannot follow ${run.displayName}: it is Completed already.")
  }

  test("TRN-5 launcher gone, then the job too - the run is Abnormal, as nobody saw its end") {
    val handle = launch(job(nodes = 1))
    finish(handle)
    abandon(handle.run)
    cluster.resource(jobOf(handle)).delete()
    remove(handle, 0)
    val again = launcher(volcano).reattach(record(handle.run))
    assert(end(again) === RunState.ABNORMAL)
    assert(record(handle.run).status.message.get ===
      "The cluster does not hold the job any more: it ended while no launcher followed it, and how is not known.")
  }

  test("TRN-4 cluster refuses - no right to create jobs - is one sentence, and no run is left") {
    server.expect().post().withPath(JobsPath).andReturn(403, new StatusBuilder().withCode(403).withMessage(
      "jobs.batch.volcano.sh is forbidden: User \"eve\" cannot create resource \"jobs\" in API group \"batch.volcano.sh\" in the namespace \"training\"").build()).always()
    assert(refusal() ===
      "Cannot start training job 'cells': the cluster does not allow it: jobs.batch.volcano.sh is forbidden: User \"eve\" " +
      "cannot create resource \"jobs\" in API group \"batch.volcano.sh\" in the namespace \"training\". Ask for a role with that right.")
    assert(RunRegistry.at(runsRoot).list().isEmpty)
  }

  test("TRN-4 cluster without Volcano - is one sentence") {
    server.expect().post().withPath(JobsPath).andReturn(404, "404 page not found").always()
    assert(refusal() ===
      "Cannot start training job 'cells': the cluster does not know jobs of batch.volcano.sh/v1alpha1. Install Volcano there, or give another cluster.")
  }

  test("TRN-4 credentials out of date - is one sentence") {
    server.expect().post().withPath(JobsPath).andReturn(401, new StatusBuilder().withCode(401).withMessage("Unauthorized").build()).always()
    assert(refusal().endsWith("does not accept the credentials. Log in again or give another kubeconfig."))
  }

  test("TRN-4 no API server there, or no such kubeconfig - is one sentence") {
    val config = write(directory.resolve("config"), Kubeconfig.stripMargin)
    val access = new ClusterAccess(java.util.Optional.of(config), java.util.Optional.empty())
    val run = TrainingRun.of(job().build())
    val message = intercept[TrainingException](
      new VolcanoLauncher(volcano, access, Clock.systemUTC()).launch(run)).getMessage
    assert(message.startsWith("Cannot start training job 'cells': the Kubernetes API server http://127.0.0.1:1/ cannot be reached: "), message)
    assert(message.endsWith(". Look at the kubeconfig, its context, and the network."))
    val missing = directory.resolve("none")
    assert(intercept[TrainingException](new VolcanoLauncher(volcano,
      new ClusterAccess(java.util.Optional.of(missing), java.util.Optional.empty()), Clock.systemUTC())).getMessage ===
      s"Cannot use the cluster: the kubeconfig $missing does not exist or cannot be read. Give its path.")
  }

  test("TRN-5 cluster out of reach for a while - is told once, and the run goes on") {
    val handle = launch(job(nodes = 1))
    server.expect().get().withPath(s"$JobsPath/${handle.run.clusterName}")
      .andReturn(503, new StatusBuilder().withCode(503).withMessage("etcd is not there").build()).times(8)
    eventually(assert(events(handle.run).contains("The cluster answers again.")))
    assert(events(handle.run).count(_.contains("the cluster answers 503: etcd is not there. ")) === 1)
    finish(handle)
  }

  test("TRN-1 submit - code, input and output on no shared storage - names all, and submits nothing") {
    val elsewhere = volcano.withMounts(JList.of())
    val failure = intercept[TrainingException](launch(settings = elsewhere))
    assert(failure.problems.size === 3)
    assert(failure.problems.get(0) ===
      s"Code-dir ($code) is on no storage that pods share (no mount is given). Put it there or name its mount.")
    assert(cluster.resources(classOf[VolcanoJob]).inNamespace(Namespace).list().getItems.isEmpty)
  }

  // The launcher.

  override protected def job(nodes: Int = 2): TrainingJob.Builder =
    super.job(nodes).input(TrainingInput.of("data_url", StorageUri.of(directory.resolve("data"))))

  private def volcano: VolcanoSettings =
    VolcanoSettings.of(runsRoot, "image:1").withNamespace(Namespace)
      .withMounts(JList.of(VolcanoFixture.claim(directory))).withPoll(Duration.ofMillis(20))

  private def launcher(settings: VolcanoSettings): VolcanoLauncher =
    new VolcanoLauncher(settings, cluster, Clock.systemUTC())

  private def launch(builder: TrainingJob.Builder = job(), settings: VolcanoSettings = volcano): RunHandle =
    launcher(settings).launch(TrainingRun.of(builder.build()))

  /** Leaves the run as a launcher does that was killed: the job as it is, the state as it was. */
  private def abandon(run: TrainingRun): StateFile = {
    val file = runDirectory(run).stateFile
    val left = StateFile.read(file)
    val running = RunStatus.creating(left.status.created).running(left.status.created)
    new StateFile(running, new LauncherProcess(left.launcher.pid, java.time.Instant.EPOCH), left.clusterJob).write(file)
    left
  }

  private def refusal(): String = intercept[TrainingException](launch()).getMessage

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofSeconds(60))

  private def finish(handle: RunHandle): Unit = {
    (0 until handle.run.job.nodes).foreach { node =>
      log(handle, node, "")
      pod(handle, node, ended(0))
    }
    phase(handle, "Completed")
    assert(end(handle) === RunState.COMPLETED)
  }

  // Volcano's controller.

  private def jobOf(handle: RunHandle): VolcanoJob =
    cluster.resources(classOf[VolcanoJob]).inNamespace(Namespace).withName(handle.run.clusterName).get()

  private def created(handle: RunHandle): VolcanoJob = {
    val job = jobOf(handle)
    assert(job !== null)
    job
  }

  private def phase(handle: RunHandle, name: String, retries: Int = 0): Unit = {
    val job = created(handle)
    job.setStatus(new VolcanoJob.Status(new VolcanoJob.State(name, null, null), retries))
    cluster.resource(job).updateStatus()
  }

  private def pod(handle: RunHandle, node: Int, status: PodStatus): Unit = {
    val name = handle.run.instanceName(node)
    val pods = cluster.pods().inNamespace(Namespace)
    if (pods.withName(name).get() == null) {
      cluster.resource(new PodBuilder().withNewMetadata().withName(name).withNamespace(Namespace)
        .addToLabels("volcano.sh/job-name", handle.run.clusterName).endMetadata()
        .withNewSpec().withNodeName(machines.getOrElse(node, "gpu-0")).endSpec().build()).create()
    }
    pods.withName(name).editStatus((pod: Pod) => new PodBuilder(pod).withStatus(status).build())
  }

  private val machines = Map(0 -> "gpu-7", 1 -> "gpu-8")

  private def remove(handle: RunHandle, node: Int): Unit =
    cluster.pods().inNamespace(Namespace).withName(handle.run.instanceName(node)).delete()

  private def podGroup(handle: RunHandle, message: String): Unit = {
    val group = new GenericKubernetesResourceBuilder()
      .withApiVersion("scheduling.volcano.sh/v1beta1").withKind("PodGroup")
      .withNewMetadata().withName(s"${handle.run.clusterName}-${created(handle).getMetadata.getUid}")
      .withNamespace(Namespace).endMetadata()
      .addToAdditionalProperties("status", java.util.Map.of("conditions", JList.of(
        java.util.Map.of("type", "Unschedulable", "status", "True", "message", message))))
      .build()
    cluster.genericKubernetesResources("scheduling.volcano.sh/v1beta1", "PodGroup").inNamespace(Namespace).resource(group).create()
  }

  private def event(name: String, kind: String, about: String, reason: String, message: String): Unit =
    cluster.resource(new EventBuilder().withNewMetadata().withName(name).withNamespace(Namespace).endMetadata()
      .withNewInvolvedObject().withKind(kind).withName(about).withNamespace(Namespace).endInvolvedObject()
      .withReason(reason).withMessage(message).withType("Warning").build()).create()

  /** What the pods of a node wrote, behind the line of the launcher's that names the first. */
  private def podLog(handle: RunHandle, node: Int): String = {
    val first = s"[ModelArts Service Log]Log of the pod ${handle.run.instanceName(node)}\n"
    val text = workerLog(handle.run, node)
    assert(text.startsWith(first))
    text.stripPrefix(first)
  }

  private def logPath(handle: RunHandle, node: Int, since: String = ""): String =
    s"/api/v1/namespaces/$Namespace/pods/${handle.run.instanceName(node)}/log?pretty=false&container=worker$since&timestamps=true&follow=true"

  private def log(handle: RunHandle, node: Int, text: String): Unit = {
    server.expect().get().withPath(logPath(handle, node)).andReturn(200, text).always()
    text.linesIterator.toSeq.lastOption.foreach { line =>
      val time = line.takeWhile(_ != ' ')
      server.expect().get().withPath(logPath(handle, node, s"&sinceTime=$time")).andReturn(200, line + "\n").always()
    }
  }

  private def requests(): Seq[String] =
    Iterator.continually(server.takeRequest(0, java.util.concurrent.TimeUnit.MILLISECONDS))
      .takeWhile(_ != null).map(each => s"${each.method} ${each.getPath} ${each.getBody.readUtf8}").toSeq
}

object VolcanoMockServerSuite {
  private val Namespace = "training"
  private val JobsPath = s"/apis/batch.volcano.sh/v1alpha1/namespaces/$Namespace/jobs"

  private val Kubeconfig =
    """apiVersion: v1
      |kind: Config
      |current-context: here
      |clusters: [{name: nobody, cluster: {server: "http://127.0.0.1:1"}}]
      |contexts: [{name: here, context: {cluster: nobody, user: me}}]
      |users: [{name: me, user: {}}]
      |"""

  private def status(phase: String, state: ContainerState): PodStatus =
    new PodStatusBuilder().withPhase(phase)
      .withContainerStatuses(new ContainerStatusBuilder().withName("worker").withState(state).build()).build()

  private def running(machine: String): PodStatus =
    status("Running", new ContainerStateBuilder().withNewRunning(machine).build())

  private def ended(code: Int, lines: String = ""): PodStatus =
    terminated(if (code == 0) "Completed" else "Error", code, lines)

  private def terminated(reason: String, code: Int, lines: String): PodStatus =
    status(if (code == 0) "Succeeded" else "Failed", new ContainerStateBuilder().withNewTerminated()
      .withExitCode(code).withReason(reason).withMessage(lines).withFinishedAt("2026-03-01T12:00:00Z").endTerminated().build())

  private def unschedulable(message: String): PodStatus =
    new PodStatusBuilder().withPhase("Pending").addNewCondition().withType("PodScheduled").withStatus("False")
      .withReason("Unschedulable").withMessage(message).endCondition().build()
}
