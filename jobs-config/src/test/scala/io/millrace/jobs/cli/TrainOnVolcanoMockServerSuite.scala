package io.millrace.jobs.cli

import java.nio.file.Files
import java.util.concurrent.TimeUnit
import java.util.{HashMap => JHashMap, Queue => JQueue}

import scala.jdk.OptionConverters._

import io.fabric8.kubernetes.api.model._
import io.fabric8.kubernetes.client.NamespacedKubernetesClient
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext
import io.fabric8.kubernetes.client.server.mock.{KubernetesMixedDispatcher, KubernetesMockServer}
import io.fabric8.mockwebserver.{Context, MockWebServer, ServerRequest, ServerResponse}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.RunState
import io.millrace.training.kubernetes.VolcanoJob
import io.millrace.training.watch.{RunRecord, StateFile}

/** Against fabric8's mock of an API server; the test itself plays Volcano's controller. */
class TrainOnVolcanoMockServerSuite extends AnyFunSuite with TrainRuns {
  private var server: KubernetesMockServer = _
  private var cluster: NamespacedKubernetesClient = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    val expectations = new JHashMap[ServerRequest, JQueue[ServerResponse]]()
    server = new KubernetesMockServer(
      new Context(), new MockWebServer(), expectations, new KubernetesMixedDispatcher(expectations), false)
    server.init()
    cluster = server.createClient()
    server.expectCustomResource(CustomResourceDefinitionContext.fromCustomResourceType(classOf[VolcanoJob]))
    server.expectCustomResource(
      new CustomResourceDefinitionContext.Builder()
        .withGroup("scheduling.volcano.sh").withVersion("v1beta1").withKind("PodGroup")
        .withPlural("podgroups").withScope("Namespaced").build())
    Files.writeString(
      directory.resolve("kubeconfig"),
      s"""apiVersion: v1
         |kind: Config
         |current-context: here
         |clusters: [{name: mock, cluster: {server: "${server.url("/")}"}}]
         |contexts: [{name: here, context: {cluster: mock, user: me}}]
         |users: [{name: me, user: {}}]
         |""".stripMargin)
    script("print()\n")
  }

  override protected def afterEach(): Unit = {
    server.destroy()
    super.afterEach()
  }

  test("TRN-5 attach and delete - a run on volcano whose launcher was killed - is followed to its end, and removed there") {
    val started = submit("--backend", "volcano", "--detach", "--image", "reg/x:1", "--namespace", "training",
      "--kubeconfig", directory.resolve("kubeconfig").toString, "--pod-mount", s"pvc:data=$directory")
    assert(started.exitCode === ExitCode.DONE, started.err)
    val run = record("code")
    val name = run.run.displayName
    assert(jobOf(run) != null)
    val twice = train("attach", "code")
    assert(twice.exitCode === ExitCode.FAILED && twice.err.contains(s"Cannot follow $name: process"), twice.err)
    val launcher = ProcessHandle.of(StateFile.read(run.directory.stateFile).launcher.pid).toScala.get
    launcher.destroyForcibly()
    launcher.onExit().get(30, TimeUnit.SECONDS)
    assert(train("show", "code").out.contains("goes on without it. Attach to the run to follow or stop it."))
    assert(train("delete", "code", "--yes").err.contains(s"Cannot delete $name: it is Waiting. Stop it first"))

    val attached = live("attach", "code")
    eventually(assert(attached.lines.contains(s"Attached to $name")))
    complete(run)
    assert(attached.exitCode === ExitCode.DONE, attached.lines)
    assert(attached.lines.last === s"$name Completed")
    assert(attached.lines.contains("hello"))
    assert(record("code").status.state === RunState.COMPLETED)

    val deleted = train("delete", "code", "--yes")
    assert(deleted.exitCode === ExitCode.DONE, deleted.err)
    assert(jobOf(run) == null && !Files.exists(run.directory.root))
  }

  private def jobOf(run: RunRecord): VolcanoJob =
    cluster.resources(classOf[VolcanoJob]).inNamespace("training").withName(run.run.clusterName).get()

  /** Its one pod has said hello and succeeded. */
  private def complete(run: RunRecord): Unit = {
    val pod = run.run.instanceName(0)
    val log = s"/api/v1/namespaces/training/pods/$pod/log?pretty=false&container=worker"
    val line = "2026-03-01T12:00:00.000000001Z hello\n"
    server.expect().get().withPath(s"$log&timestamps=true&follow=true").andReturn(200, line).always()
    server.expect().get().withPath(s"$log&sinceTime=2026-03-01T12:00:00.000000001Z&timestamps=true&follow=true")
      .andReturn(200, line).always()
    val end = new ContainerStateBuilder().withNewTerminated().withExitCode(0).withReason("Completed")
      .withFinishedAt("2026-03-01T12:00:00Z").endTerminated().build()
    cluster.resource(new PodBuilder().withNewMetadata().withName(pod).withNamespace("training")
      .addToLabels("volcano.sh/job-name", run.run.clusterName).endMetadata()
      .withNewSpec().withNodeName("gpu-7").endSpec().build()).create()
    cluster.pods().inNamespace("training").withName(pod).editStatus((pod: Pod) =>
      new PodBuilder(pod).withStatus(new PodStatusBuilder().withPhase("Succeeded").withContainerStatuses(
        new ContainerStatusBuilder().withName("worker").withState(end).build()).build()).build())
    val job = jobOf(run)
    job.setStatus(new VolcanoJob.Status(new VolcanoJob.State("Completed", null, null), 0))
    cluster.resource(job).updateStatus()
    ()
  }
}
