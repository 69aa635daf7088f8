package io.millrace.training.gang

import java.net.{InetSocketAddress, URI}
import java.nio.file.{Files, Path}
import java.time.{Clock, Duration, Instant, ZoneId, ZoneOffset}
import java.util.concurrent.{ConcurrentLinkedQueue, Executors}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import com.sun.net.httpserver.{HttpExchange, HttpServer}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException
import io.millrace.training._
import io.millrace.training.local.{LocalLauncher, PythonInterpreter}
import io.millrace.training.watch.RunEvent.Type

/** What a job may say of the life of its runs: how long, as whom, where, and who hears of it. */
class RunLifeSuite extends AnyFunSuite with TrainingFixture {

  private val notices = new ConcurrentLinkedQueue[String]()
  private var refusals = 0
  private var server: HttpServer = _

  override protected def beforeEach(): Unit = {
    super.beforeEach()
    notices.clear()
    refusals = 0
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0)
    server.setExecutor(Executors.newSingleThreadExecutor())
    server.createContext("/", (exchange: HttpExchange) => {
      notices.add(new String(exchange.getRequestBody.readAllBytes()))
      val status = if (notices.size <= refusals) 503 else 204
      exchange.sendResponseHeaders(status, -1)
      exchange.close()
    })
    server.start()
  }

  override protected def afterEach(): Unit = {
    server.stop(0)
    server.getExecutor.asInstanceOf[java.util.concurrent.ExecutorService].shutdown()
    super.afterEach()
  }

  test("TRN-1 auto-stop - once the job has run that long - ends it with its grace, outputs kept") {
    script(s"""import os, signal, sys
      |out = sys.argv[sys.argv.index("--train_url") + 1]
      |def save(*_):
      |    open(os.path.join(out, "last"), "w").write("saved")
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |open("$directory/ready", "w").close()
      |while True: signal.pause()
      |""")
    val clock = new HandClock
    val launcher = new LocalLauncher(settings, TrainingFixture.python, clock)
    val handle = launcher.launch(TrainingRun.of(job(nodes = 1).autoStop(Duration.ofHours(3)).build()))
    eventually(assert(Files.exists(directory.resolve("ready"))))
    clock.now = clock.now.plus(Duration.ofMinutes(179))
    assert(handle.awaitTerminal(Duration.ofMillis(600)) === RunState.RUNNING)
    clock.now = clock.now.plus(Duration.ofMinutes(1))
    assert(end(handle) === RunState.TERMINATED)
    assert(handle.status.message.get === "Stopped after its maximum running time of 3 h.")
    assert(told(handle.run, Type.TIME_IS_UP) === Seq("Training job is being stopped (maximum running time: 3 h)"))
    assert(Files.readString(out.resolve("last")) === "saved")
  }

  test("TRN-1 notifications - of what was asked for - are posted as JSON, once each") {
    script("print('trains')")
    val handle = launch(job().notify(() => notification(NotificationEvent.values.toSeq: _*)))
    assert(end(handle) === RunState.COMPLETED)
    val bodies = notices.asScala.toSeq.map(new ObjectMapper().readTree(_))
    assert(bodies.map(_.path("event").asText) === Seq("started", "finished"))
    assert(bodies.forall(_.path("run").asText == handle.run.displayName))
    assert(bodies.forall(_.path("id").asText == handle.run.id.value))
    assert(bodies.last.path("message").asText === "Training job completed")
    assert(Instant.parse(bodies.head.path("time").asText).isBefore(Instant.now))
  }

  test("TRN-1 notifications - of a failure, with restarts - come once, when it is final") {
    script("raise SystemExit(3)")
    val handle = launch(
      job(nodes = 1).retries(1).notify(() => notification(NotificationEvent.STARTED, NotificationEvent.FAILED)))
    assert(end(handle) === RunState.FAILED)
    val bodies = notices.asScala.toSeq.map(new ObjectMapper().readTree(_))
    assert(bodies.map(_.path("event").asText) === Seq("started", "failed"))
    assert(bodies.last.path("message").asText.startsWith("Training job failed: Rank 0 (worker-0, device 0) ended with exit code 3."))
  }

  test("TRN-1 notifications - refused twice - are tried a third time; refused for good - are an event and no more") {
    script("print('trains')")
    refusals = 2
    val mended = launch(job(nodes = 1).notify(() => notification(NotificationEvent.FINISHED)))
    assert(end(mended) === RunState.COMPLETED)
    assert(notices.size === 3)
    assert(told(mended.run, Type.NOTIFICATION_FAILED) === Seq())
    notices.clear()
    refusals = 9
    val lost = launch(job(nodes = 1).notify(() => notification(NotificationEvent.FINISHED)))
    assert(end(lost) === RunState.COMPLETED)
    assert(told(lost.run, Type.NOTIFICATION_FAILED) ===
      Seq("Cannot tell 127.0.0.1 that the job has finished: it answered with status 503"))
  }

  test("TRN-1 mounts - below the node's home - lead to the directory; elsewhere or read-only - are refused") {
    write(directory.resolve("shared/words.txt"), "shared words")
    script("import os; print(open(os.path.join(os.environ['MA_HOME'], 'work/shared/words.txt')).read())")
    val source = directory.resolve("shared").toString
    def mount(path: String, access: Mount.Access = Mount.Access.READ_WRITE): java.util.function.Supplier[Mount] =
      () => new Mount(source, path, access)
    val handle = launch(job(nodes = 1).mount(mount("/home/ma-user/work/shared")))
    assert(end(handle) === RunState.COMPLETED, handle.status)
    assert(workerLog(handle.run, 0).contains("shared words\n"))
    val thrown = intercept[TrainingException] {
      launch(job().mount(mount("/data/shared", Mount.Access.READ_ONLY)))
    }
    assert(thrown.problems.asScala === Seq(
      s"Mount $source cannot be at /data/shared: processes without a container see the node's own directories. Give a path below /home/ma-user.",
      s"Mount $source cannot be read-only: processes without a container write wherever their user may. Give read-write, or mount it read-only on the nodes."
    ))
  }

  test("TRN-1 uid - of another user - is that of the processes, which may write their outputs") {
    if (System.getProperty("user.name") != "root") cancel("only root can choose the user of processes")
    val python = Path.of("/usr/bin/python3")
    if (!Files.isExecutable(python)) cancel("needs a Python that every user may run: " + python)
    // Every directory above the run has to be open to that user.
    val open = Files.createTempDirectory(Path.of("/var/tmp"), "millrace-uid")
    assert(open.toFile.setExecutable(true, false) && open.toFile.setReadable(true, false))
    try {
      script("""import os, signal, sys
        |out = sys.argv[sys.argv.index("--train_url") + 1]
        |open(os.path.join(out, "who"), "w").write("%d %d" % (os.getuid(), os.getgid()))
        |""")
      val by = LaunchSettings.of(open.resolve("runs")).withSyncPeriod(Duration.ofMillis(50))
      val handle = new LocalLauncher(by, new PythonInterpreter(python, ""), Clock.systemUTC())
        .launch(TrainingRun.of(job(nodes = 1).uid(65534).build()))
      assert(end(handle) === RunState.COMPLETED, handle.status)
      assert(Files.readString(out.resolve("who")) === "65534 65534")
    } finally FileTree.delete(open)
  }

  test("TRN-9 a catalogue of one's own - comes before the shipped one") {
    script("print('sensor 7 lost'); raise SystemExit(1)")
    val own = io.millrace.training.diagnosis.DiagnosisCatalogue.read(write(directory.resolve("own.json"),
      """[{"id": "sensor-lost", "title": "Sensor lost", "kind": "cause", "patterns": ["sensor \\d+ lost"],
        |  "cause": "A sensor is gone.", "advice": "Plug it in.", "source": "house", "sample": ["sensor 7 lost"]}]""".stripMargin))
    val by = settings.withCatalogue(
      io.millrace.training.diagnosis.DiagnosisCatalogue.shipped().precededBy(own))
    val handle = launch(job(nodes = 1), by)
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.message.get.contains("Likely cause: Sensor lost (worker-0, line "), handle.status)
  }

  private def notification(on: NotificationEvent*): Notification =
    Notification.of(URI.create(s"http://127.0.0.1:${server.getAddress.getPort}/hook"), JList.of(on: _*))

  private def launch(job: TrainingJob.Builder, by: LaunchSettings = settings): RunHandle =
    new LocalLauncher(by, TrainingFixture.python, Clock.systemUTC()).launch(TrainingRun.of(job.build()))

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofMinutes(2))

  /** Goes when it is told to. */
  private class HandClock extends Clock {
    @volatile var now: Instant = Instant.parse("2026-01-02T03:04:05Z")
    override def instant(): Instant = now
    override def getZone: ZoneId = ZoneOffset.UTC
    override def withZone(zone: ZoneId): Clock = this
  }
}
