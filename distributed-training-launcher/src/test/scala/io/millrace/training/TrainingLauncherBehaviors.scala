package io.millrace.training

import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.Optional
import java.util.concurrent.TimeUnit

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetRef, StorageUri}
import io.millrace.training.TrainingFixture.processesOf
import io.millrace.training.gang.LaunchSettings
import io.millrace.training.resource.{UtilisationLog, UtilisationSettings}
import io.millrace.training.watch.RunRegistry

/**
 * What every back end that starts its own processes has to do: real processes, tiny scripts. One
 * suite a back end mixes it in.
 */
trait TrainingLauncherBehaviors extends AnyFunSuite with TrainingFixture {
  import TrainingLauncherBehaviors._

  protected def launcher(settings: LaunchSettings): TrainingLauncher

  /** The main class of a JVM that launches a job, for the tests that end it; see LaunchTwoNodes. */
  protected def launcherProgram: String

  /** What it is given after the common arguments. */
  protected def launcherArguments: Seq[String] = Nil

  /** Classes whose jars it needs beside the common ones. */
  protected def launcherClasses: Seq[Class[_]] = Nil

  /** What comes before those on its class path. */
  protected def launcherClassPath: Seq[String] = Nil

  /** Options of that JVM. */
  protected def launcherOptions: Seq[String] = Nil

  test("TRN-2 submit - two nodes - each process gets its arguments and its own copy of the code") {
    script(s"""$Prelude
      |print("rank", a.rank, "of", a.world_size, "epochs", a.epochs, "input", sorted(os.listdir(a.data_url)))
      |print("code", open(os.path.join(os.environ["WORKSPACE"], "helper.txt")).read(), os.getcwd() == os.environ["WORKSPACE"])
      |print("stray", os.environ.get("WORLD_SIZE"), "host", os.environ["VC_WORKER_HOSTS"], "mine", os.environ["MINE"])
      |open(os.path.join(a.train_url, "rank%d.txt" % a.rank), "w").write(a.init_method)
      |""")
    write(code.resolve("helper.txt"), "helps")
    val data = Files.createDirectories(directory.resolve("data"))
    write(data.resolve("v.manifest"), "{}\n")
    val handle = launch(
      job()
        .input(TrainingInput.ofVersion("data_url", DatasetRef.parse("cells@V001"), StorageUri.of(data)))
        .parameter("epochs", "10; touch /tmp/never $(id) 'x")
        .environment("MINE", "a b")
        .environment("VC_WORKER_HOSTS", "changed")
    )
    assert(end(handle) === RunState.COMPLETED)
    val run = handle.run
    Seq(0, 1).foreach { node =>
      val log = workerLog(run, node)
      assert(log.contains(s"rank $node of 2 epochs 10; touch /tmp/never $$(id) 'x input ['v.manifest']\n"))
      assert(log.contains("code helps True\n"))
      assert(log.contains("stray None host changed mine a b\n"))
      assert(log.contains(s"[worker-$node] Training ended, exit code 0"))
      assert(
        Files.readString(runDirectory(run).logDirectory
          .resolve(s"modelarts-job-${run.id}-proc-rank-$node-device-0.txt"))
          .startsWith(s"rank $node of 2")
      )
      assert(Files.readString(out.resolve(s"rank$node.txt")).matches("tcp://127.0.0.1:[23]\\d{4}"))
    }
    val told = events(run).map(_.replaceAll("\\d+\\.\\d s", "0.0 s"))
    assert(
      told.filterNot(_.contains("worker-1")).filterNot(_.startsWith("Waiting for")) === Seq(
        "Training job created",
        "Training job queued, waiting for resources to be allocated",
        "Training job started to run",
        "[worker-0] Downloading training code",
        s"[worker-0] [duration: 0.0 s] Training code downloaded: 2 files, ${codeBytes()} bytes",
        s"[worker-0] Training input (parameter: data_url) ready: cells@V001 in ${StorageUri.of(data)}",
        "The job's environment replaces preset variables: VC_WORKER_HOSTS",
        "[worker-0] Training started",
        "[worker-0] Training ended, exit code 0",
        "Uploading training output (parameter: train_url)",
        s"[duration: 0.0 s] Training output (parameter: train_url) uploaded to ${StorageUri.of(out)}",
        "Training job completed"
      )
    )
    assert(record(run).status.exitCode.getAsInt === 0)
    assert(!Files.exists(runDirectory(run).nodesDirectory))
    assert(processesOf(run) === Seq())
  }

  test("TRN-2 submit - two devices on each of two nodes - logs are marked by rank and kept by device") {
    script("""import os
      |print("I am", os.environ["RANK"], os.environ["LOCAL_RANK"], os.environ["GROUP_RANK"])
      |""")
    val handle = launch(job().devicesPerNode(2).layout(ProcessLayout.PROCESS_PER_DEVICE))
    assert(end(handle) === RunState.COMPLETED)
    assert(workerLog(handle.run, 1).linesIterator.filter(_.contains("I am")).toSet ===
      Set("[rank 2] I am 2 0 1", "[rank 3] I am 3 1 1"))
    val process = runDirectory(handle.run).logDirectory
      .resolve(s"modelarts-job-${handle.run.id}-proc-rank-3-device-1.txt")
    assert(Files.readString(process) === "I am 3 1 1\n")
  }

  test("TRN-5 a rank exits 3 - the others get SIGTERM, the job fails, names it and has its exit code") {
    script(s"""$Prelude
      |if a.rank == 1:
      |    await_file("ready-0")
      |    print("my last words")
      |    sys.exit(3)
      |def save(*_):
      |    print("rank", a.rank, "saves a last checkpoint")
      |    open(os.path.join(a.train_url, "last.ckpt"), "w").write("saved")
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |touch("ready-0")
      |while True: signal.pause()
      |""")
    val handle = launch(job())
    assert(end(handle) === RunState.FAILED)
    val status = handle.status
    assert((status.exitCode.getAsInt, status.failedRank.getAsInt) === ((3, 1)))
    assert(status.message.get.startsWith("Rank 1 (worker-1, device 0) ended with exit code 3. Its log is /"))
    assert(status.message.get.endsWith("ends with:\n  my last words"))
    assert(workerLog(handle.run, 0).contains("rank 0 saves a last checkpoint"))
    assert(Files.readString(out.resolve("last.ckpt")) === "saved")
    assert(processesOf(handle.run) === Seq())
    assert(record(handle.run).status === status)
  }

  test("TRN-5 SIGKILL of a rank - the job fails, names the rank, exit code 137, and no process is left") {
    script(s"""$Prelude
      |import subprocess
      |subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
      |touch("pid-%d" % a.rank, str(os.getpid()))
      |signal.pause()
      |""")
    val handle = launch(job())
    val victim = awaitFile(handle.run, "pid-0").toLong
    awaitFile(handle.run, "pid-1")
    assert(processesOf(handle.run).count(isOfRank) === 6) // a supervisor, the rank and its runaway child, twice
    ProcessHandle.of(victim).get.destroyForcibly()
    assert(end(handle) === RunState.FAILED)
    val status = handle.status
    assert((status.exitCode.getAsInt, status.failedRank.getAsInt) === ((137, 0)))
    assert(status.message.get.startsWith("Rank 0 (worker-0, device 0) was killed by SIGKILL (exit code 137)."))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-5 SIGKILL of a supervisor - its rank dies with it and is named, and no process is left") {
    script(s"""$Prelude
      |import subprocess
      |subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
      |touch("parent-%d" % a.rank, str(os.getppid()))
      |signal.pause()
      |""")
    val handle = launch(job())
    val supervisor = awaitFile(handle.run, "parent-1").toLong
    awaitFile(handle.run, "parent-0")
    ProcessHandle.of(supervisor).get.destroyForcibly()
    assert(end(handle) === RunState.FAILED)
    assert((handle.status.exitCode.getAsInt, handle.status.failedRank.getAsInt) === ((137, 1)))
    eventually(assert(processesOf(handle.run) === Seq()))
  }

  test("TRN-5 a script that ignores SIGTERM - is killed after the grace") {
    script(s"""$Prelude
      |signal.signal(signal.SIGTERM, signal.SIG_IGN)
      |touch("ready-%d" % a.rank)
      |if a.rank == 1:
      |    await_file("ready-0")
      |    sys.exit(5)
      |while True: signal.pause()
      |""")
    val handle = launch(job(), settings.withGrace(Duration.ofMillis(300)))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.exitCode.getAsInt === 5)
    assert(events(handle.run).contains("[worker-0] Training ended, exit code 137"))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-9 a rank that fails - is diagnosed in the events and in the message, with the line") {
    script(s"""$Prelude
      |if a.rank == 0:
      |    print("RuntimeError: Connection closed by peer [127.0.0.1]:1")
      |    touch("casualty")
      |    sys.exit(1)
      |await_file("casualty")
      |print("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB.")
      |sys.exit(1)
      |""")
    val handle = launch(job())
    assert(end(handle) === RunState.FAILED)
    val log = workerLog(handle.run, 1).linesIterator.indexWhere(_.contains("CUDA out of memory")) + 1
    val why = s"Likely cause: CUDA out of memory (worker-1, line $log). The GPU has too little memory"
    assert(handle.status.message.get.contains("\n" + why))
    assert(handle.status.message.get.endsWith(s"\n  $log: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB."))
    val told = events(handle.run)
    assert(told.count(_.startsWith(why)) === 1)
    assert(told.count(_.startsWith("Also found: Connection to another process lost (worker-0, line ")) === 1)
    assert(told.last.startsWith("Training job failed: Rank 1 "))
    assert(record(handle.run).status === handle.status)
  }

  test("TRN-9 a rank that failed in a first attempt - is not diagnosed if the last one failed otherwise") {
    script(s"""$Prelude
      |if a.rank == 1:
      |    first = not os.path.exists("$directory/tried")
      |    open("$directory/tried", "w").close()
      |    print("CUDA out of memory" if first else "KeyError: 'bndbox'")
      |    sys.exit(1)
      |signal.pause()
      |""")
    val handle = launch(job().retries(1))
    assert(end(handle) === RunState.FAILED)
    val told = events(handle.run).filter(_.matches("(?s)(Likely cause|Also found): .*"))
    assert(told.map(_.takeWhile(_ != '(')) === Seq("Likely cause: Data set has other shapes than rectangles "))
  }

  test("TRN-5 a casualty that ends first - does not hide the culprit") {
    script(s"""$Prelude
      |if a.rank == 0:
      |    print("RuntimeError: Connection closed by peer [127.0.0.1]:1")
      |    touch("casualty")
      |    sys.exit(1)
      |await_file("casualty")
      |sys.exit(7)
      |""")
    val handle = launch(job())
    assert(end(handle) === RunState.FAILED)
    assert((handle.status.exitCode.getAsInt, handle.status.failedRank.getAsInt) === ((7, 1)))
  }

  test("TRN-5 stop - of running processes - ends as Terminated with outputs kept, asked twice or not") {
    script(s"""$Prelude
      |open(os.path.join(a.train_url, "half"), "w").write("x")
      |touch("ready-%d" % a.rank)
      |signal.pause()
      |""")
    val sampled = UtilisationSettings.DEFAULT.withPeriod(Duration.ofMillis(100))
    val handle = launch(job(), settings.withUtilisation(sampled))
    awaitFile(handle.run, "ready-0")
    awaitFile(handle.run, "ready-1")
    assert(handle.state === RunState.RUNNING)
    eventually(assert(UtilisationLog.read(runDirectory(handle.run).utilisationFile).asScala.exists(look =>
      look.machines.size == 1 && look.machines.values.asScala.forall(_.nodes.keySet.asScala == Set(0, 1))),
      "both nodes are sampled, on the one machine that they share"))
    handle.stop()
    handle.stop()
    assert(end(handle) === RunState.TERMINATED)
    assert(handle.status.message.get === "Stopped on request.")
    assert(events(handle.run).count(_ == "Training job is being stopped") === 1)
    assert(Files.exists(out.resolve("half")))
    assert(processesOf(handle.run) === Seq())
  }

  test("TRN-5 stop and kill - asked through the registry by another process - are obeyed") {
    script(s"""$Prelude
      |signal.signal(signal.SIGTERM, signal.SIG_IGN)
      |touch("ready-%d" % a.rank)
      |while True: signal.pause()
      |""")
    val handle = launch(job(nodes = 1))
    awaitFile(handle.run, "ready-0")
    record(handle.run).requestStop()
    eventually(assert(handle.state === RunState.TERMINATING))
    record(handle.run).requestKill()
    assert(end(handle) === RunState.TERMINATED)
  }

  test("TRN-5 outputs - while processes run and after a failure - are copied") {
    script(s"""$Prelude
      |path = os.path.join(a.train_url, "epoch1")
      |if a.rank == 0:
      |    open(path, "w").write("1")
      |    await_file("go")
      |    open(os.path.join(a.train_url, "epoch2"), "w").write("2")
      |    sys.exit(1)
      |signal.pause()
      |""")
    val handle = launch(job())
    eventually(assert(Files.exists(out.resolve("epoch1"))))
    assert(handle.state === RunState.RUNNING)
    touch(handle.run, "go")
    assert(end(handle) === RunState.FAILED)
    assert(Files.readString(out.resolve("epoch2")) === "2")
    val copies = Files.walk(runDirectory(handle.run).nodesDirectory)
    try assert(copies.iterator.asScala.exists(_.endsWith("epoch2")), "nodes are kept after a failure")
    finally copies.close()
  }

  test("TRN-5 outputs that cannot be written - fail a run whose processes succeeded") {
    script(s"""$Prelude
      |open(os.path.join(a.train_url, "model"), "w").write("m")
      |""")
    write(out.resolve("model/taken"), "")
    val handle = launch(job(nodes = 1))
    assert(end(handle) === RunState.FAILED)
    val message = handle.status.message.get
    assert(message.startsWith("Every process succeeded. Outputs are incomplete: Cannot copy model of worker-0 to"))
  }

  test("TRN-7 retries - a rank that fails twice - resumes on every node from the last checkpoint") {
    script(s"""$Prelude
      |path = os.path.join(a.train_url, "ckpt")
      |epoch = int(open(path).read()) if os.path.exists(path) else 0
      |print("rank", a.rank, "starts at", epoch)
      |touch("at-%d-%d" % (a.rank, epoch))
      |await_file("at-%d-%d" % (1 - a.rank, epoch))
      |if a.rank == 0:
      |    open(path, "w").write(str(epoch + 1))
      |    sys.exit(0 if epoch == 2 else 9)
      |if epoch < 2: signal.pause()
      |""")
    val handle = launch(job().retries(2))
    assert(end(handle) === RunState.COMPLETED)
    assert(handle.status.restarts === 2)
    Seq(0, 1).foreach { node =>
      val starts = workerLog(handle.run, node).linesIterator.filter(_.contains("starts at")).toSeq
      assert(starts === (0 to 2).map(epoch => s"rank $node starts at $epoch"))
    }
    assert(events(handle.run).contains(
      "Training job restarted (1 of 2) after: Rank 0 (worker-0, device 0) ended with exit code 9. Its log is " +
        s"${runDirectory(handle.run).processLog(handle.run, new Rank(0, 2, 0, 0, 1))} and ends with:"))
  }

  test("TRN-7 retries - used up - end as Failed") {
    script("import sys; sys.exit(4)")
    val handle = launch(job(nodes = 1).retries(1))
    assert(end(handle) === RunState.FAILED)
    assert((handle.status.restarts, handle.status.exitCode.getAsInt) === ((1, 4)))
    assert(handle.status.message.get.endsWith("and is empty."))
  }

  test("TRN-6 logs - followed while the run goes on - end with it") {
    script(s"""$Prelude
      |print("one")
      |await_file("go")
      |print("two")
      |""")
    val handle = launch(job(nodes = 1))
    val lines = ArrayBuffer[String]()
    record(handle.run).followLog(
      0,
      line => {
        if (!line.startsWith("[ModelArts Service Log]")) lines += line
        if (line == "one") touch(handle.run, "go")
      }
    )
    assert(lines === Seq("one", "two"))
    assert(handle.state === RunState.COMPLETED)
  }

  test("TRN-6 logs - beyond their limit - are rotated") {
    script("""for i in range(1000): print("line", i)""")
    val limits = new io.millrace.training.watch.LogLimits(2000, 2)
    val handle = launch(job(nodes = 1), settings.withLogLimits(limits))
    assert(end(handle) === RunState.COMPLETED)
    val logs = Files.list(runDirectory(handle.run).logDirectory)
    try {
      val sizes = logs.iterator.asScala.filter(_.toString.contains("worker-0")).map(Files.size(_)).toSeq
      assert(sizes.size === 3)
      assert(sizes.forall(_ <= 2000))
    } finally logs.close()
  }

  /** How often a process of a gang ends badly in the test of orphans, and how often the launcher. */
  protected def deaths: (Int, Int) = (21, 0)

  test("TRN-7 deaths at any moment, one after the other - each ends its gang, and none leaves a process") {
    val (inGangs, ofLaunchers) = deaths
    val moments = new scala.util.Random(7)
    script(s"""$Prelude
      |import subprocess
      |subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
      |touch("ready-%d" % a.rank)
      |fail, way, after = os.environ.get("DEATH", "0 - 0.01").split()
      |if a.rank == int(fail):
      |    time.sleep(float(after))
      |    touch("now")
      |    if way == "exit": sys.exit(1)
      |    if way == "kill": os.kill(os.getpid(), signal.SIGKILL)
      |    if way == "supervisor": os.kill(os.getppid(), signal.SIGKILL)
      |while True: signal.pause()
      |""")
    (0 until inGangs).foreach { i =>
      val way = Seq("exit", "kill", "supervisor")(i % 3)
      val handle = launch(job().environment("DEATH", s"${i % 2} $way ${moments.nextInt(200) / 1000.0}"))
      assert(end(handle) === RunState.FAILED, s"death $i by $way")
      assert(handle.status.failedRank.getAsInt === i % 2, handle.status)
      if (way == "supervisor") eventually(assert(processesOf(handle.run) === Seq(), s"death $i by $way"))
      else assert(processesOf(handle.run) === Seq(), s"death $i by $way")
      RunRegistry.at(runsRoot).delete(record(handle.run))
    }
    (0 until ofLaunchers).foreach { i =>
      val launcher = forkLauncher()
      val run = awaitRun()
      awaitFile(run, if (i % 2 == 0) "now" else "ready-1")
      launcher.destroyForcibly().waitFor()
      eventually(assert(processesOf(run) === Seq(), s"death $i of a launcher"))
      RunRegistry.at(runsRoot).delete(record(run))
    }
  }

  test("TRN-5 kill -9 of the launcher - leaves no process, and the run is Abnormal") {
    script(s"""$Prelude
      |import subprocess
      |signal.signal(signal.SIGTERM, signal.SIG_IGN)
      |subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
      |touch("ready-%d" % a.rank)
      |while True: signal.pause()
      |""")
    val launcher = forkLauncher()
    val run = awaitRun()
    awaitFile(run, "ready-0")
    awaitFile(run, "ready-1")
    launcher.destroyForcibly().waitFor()
    eventually(assert(processesOf(run) === Seq()))
    assert(record(run).status.state === RunState.ABNORMAL)
    RunRegistry.at(runsRoot).delete(record(run))
  }

  test("TRN-5 SIGTERM of the launcher - stops the run with its grace and ends as Terminated") {
    script(s"""$Prelude
      |def save(*_):
      |    open(os.path.join(a.train_url, "last-%d" % a.rank), "w").write("saved")
      |    sys.exit(0)
      |signal.signal(signal.SIGTERM, save)
      |touch("ready-%d" % a.rank)
      |while True: signal.pause()
      |""")
    val launcher = forkLauncher()
    val run = awaitRun()
    awaitFile(run, "ready-0")
    awaitFile(run, "ready-1")
    launcher.destroy()
    assert(launcher.waitFor(60, TimeUnit.SECONDS))
    assert(record(run).status.state === RunState.TERMINATED)
    assert(Files.exists(out.resolve("last-0")) && Files.exists(out.resolve("last-1")))
    assert(processesOf(run) === Seq())
  }

  test("TRN-1 user command - in a working directory, without code - gets the arguments and ends the job") {
    val command = new Algorithm.UserCommand(
      "pwd && echo \"first $1 $2\" && test -d \"$WORKSPACE\" && exit 3", Optional.empty(), Optional.empty())
    val handle = launch(
      TrainingJob
        .builder("cells", command)
        .framework(Framework.CUSTOM)
        .workingDirectory("/home/ma-user/work")
        .parameter("epochs", "2"))
    assert(end(handle) === RunState.FAILED)
    assert(handle.status.exitCode.getAsInt === 3)
    val log = workerLog(handle.run, 0)
    assert(log.contains(runDirectory(handle.run).nodeHome(0).resolve("work").toString))
    assert(log.contains("first --epochs 2"))
  }

  private def launch(job: TrainingJob.Builder, by: LaunchSettings = settings): RunHandle =
    launcher(by).launch(TrainingRun.of(job.build()))

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofSeconds(120))

  private def codeBytes(): Long = Seq("train.py", "helper.txt").map(f => Files.size(code.resolve(f))).sum

  private def signFile(run: TrainingRun, name: String): Path =
    runDirectory(run).logDirectory.resolve(name)

  private def touch(run: TrainingRun, name: String): Unit = Files.writeString(signFile(run, name), "")

  private def awaitFile(run: TrainingRun, name: String): String = {
    eventually(assert(Files.exists(signFile(run, name))))
    Files.readString(signFile(run, name))
  }

  private def awaitRun(): TrainingRun = {
    eventually(assert(RunRegistry.at(runsRoot).list().size === 1))
    RunRegistry.at(runsRoot).list().get(0).run
  }

  private def forkLauncher(): Process = {
    val classes = Seq[Class[_]](getClass, classOf[TrainingLauncher], classOf[StorageUri], classOf[Option[_]],
      classOf[org.slf4j.Logger], classOf[com.fasterxml.jackson.databind.ObjectMapper],
      classOf[com.fasterxml.jackson.core.JsonParser],
      classOf[com.fasterxml.jackson.annotation.JsonProperty]) ++ launcherClasses
    val paths = classes.map(c => Path.of(c.getProtectionDomain.getCodeSource.getLocation.toURI).toString)
    val command = Seq(Path.of(System.getProperty("java.home"), "bin", "java").toString) ++ launcherOptions ++ Seq(
      "-cp", (launcherClassPath ++ paths.distinct).mkString(java.io.File.pathSeparator),
      launcherProgram,
      runsRoot.toString, TrainingFixture.python.executable.toString, code.toString, out.toString
    ) ++ launcherArguments
    new ProcessBuilder(command.asJava)
      .redirectErrorStream(true)
      .redirectOutput(directory.resolve("launcher.log").toFile)
      .start()
  }
}

object TrainingLauncherBehaviors {

  /** Arguments as `a`; files below the run's logs as signs between processes and the test. */
  private val Prelude =
    """import argparse, os, signal, sys, time
      |p = argparse.ArgumentParser()
      |for name in ("init_method", "data_url", "train_url", "epochs"): p.add_argument("--" + name)
      |for name in ("rank", "world_size", "fail"): p.add_argument("--" + name, type=int)
      |a = p.parse_args()
      |def sign(name): return os.path.join(os.environ["MA_LOG_DIR"], name)
      |def touch(name, text=""):
      |    with open(sign(name) + "_", "w") as f: f.write(text)
      |    os.rename(sign(name) + "_", sign(name))
      |def await_file(name):
      |    while not os.path.exists(sign(name)): time.sleep(0.01)
      |""".stripMargin

  /** Not one of those that the back end itself runs on a node. */
  private def isOfRank(process: String): Boolean =
    !Seq("node_agent.py", "slurm", "srun").exists(process.contains)
}

/** A launcher in a JVM of its own. Arguments: runs, python, code, output, those of the back end. */
trait LaunchTwoNodes {

  def launcher(settings: LaunchSettings, python: Path, more: Seq[String]): TrainingLauncher

  def main(arguments: Array[String]): Unit = {
    val Array(runs, python, code, out) = arguments.take(4).map(Path.of(_))
    val job = TrainingJob
      .builder("cells", code, "train.py")
      .output(TrainingOutput.of("train_url", StorageUri.of(out)))
      .nodes(2)
      .build()
    launcher(LaunchSettings.of(runs), python, arguments.drop(4).toSeq).launch(TrainingRun.of(job))
  }
}
