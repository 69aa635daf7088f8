package io.millrace.training.gang

import java.nio.file.Files
import java.time.{Clock, Duration}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException
import io.millrace.training._
import io.millrace.training.agent.StartedAgents
import io.millrace.training.gang.NodeChecks.When
import io.millrace.training.local.LocalLauncher
import io.millrace.training.watch.RunEvent.Type

/** Checks that run on real nodes, before jobs that may be restarted. */
class NodeChecksSuite extends AnyFunSuite with TrainingFixture {

  private val lenient =
    NodeChecks.DEFAULT.withFreeBytes("root", 1).withFreeBytes("shm", 1).withFreeBytes("cache", 1)
  private val impossible = lenient.withFreeBytes("root", Long.MaxValue)

  test("TRN-7 thresholds - by default - are those of ModelArts") {
    val gib = 1L << 30
    assert(NodeChecks.DEFAULT.when === When.WITH_RETRIES)
    assert(NodeChecks.DEFAULT.freeBytes === java.util.Map.of("root", 32 * gib, "shm", gib, "cache", 32 * gib))
    assert(NodeChecks.DEFAULT.limits.get("open_files") === 1000000)
    val thrown = intercept[DatasetException](NodeChecks.DEFAULT.withFreeBytes("boot", 1))
    assert(thrown.getMessage ===
      "Invalid check of free space: boot=1 (expected root, shm or cache, and at least 0 bytes)")
  }

  test("TRN-7 retries - turn the checks on - and each item that passes is in the node's log") {
    script("print('trains')")
    val handle = launch(lenient, _.retries(1))
    assert(end(handle) === RunState.COMPLETED, handle.status)
    val log = workerLog(handle.run, 0)
    Seq("dns", "disk-size root", "disk-size shm").foreach { item =>
      assert(log.contains(s"[ModelArts Service Log][INFO][task][detect] code: 0, message: ok, item: $item\n"))
    }
    assert(log.indexOf("item: dns") < log.indexOf("Downloading training code"))
    assert(events(handle.run).exists(_.matches("\\[worker-1\\] \\[duration: \\d+\\.\\d s\\] Node checked")))
  }

  test("TRN-7 no retries - no checks, however bad the node; unless they are always wanted") {
    script("print('trains')")
    val unchecked = launch(impossible, identity)
    assert(end(unchecked) === RunState.COMPLETED)
    assert(!workerLog(unchecked.run, 0).contains("[detect]"))
    val checked = launch(impossible.withWhen(When.ALWAYS), identity)
    assert(end(checked) === RunState.FAILED)
    assert(launch(impossible.withWhen(When.NEVER), _.retries(1)).awaitTerminal(Duration.ofMinutes(1)) ===
      RunState.COMPLETED)
  }

  test("TRN-7 an unfit machine - with no other - fails the job without running it, and says what is wrong") {
    script("open('never', 'w')")
    val handle = launch(impossible, _.retries(2))
    assert(end(handle) === RunState.FAILED)
    val message = handle.status.message.get
    assert(message.matches(
      "(?s)worker-0 \\(localhost\\) is unfit: disk-size root: the disk space of the path \"/\" is \\d+, which is less " +
        "than 9223372036854775807\\. worker-1 .* Mend the node, or change the thresholds of the checks\\.\n" +
        "It could not be started again: The local back end has no machine but this one\\."), message)
    assert(workerLog(handle.run, 0).contains("[ERROR][task][detect] code: 13, message: the disk space of the path"))
    assert(told(handle.run, Type.TRAINING_STARTED) === Seq())
  }

  test("TRN-7 an unfit node of several - is isolated, and the job runs on others") {
    script("print('trains on', __import__('os').environ['VC_TASK_INDEX'])")
    // Devices are looked for by nvidia-smi, which here is there on the second try only: "other" hosts.
    val bin = Files.createDirectories(directory.resolve("bin"))
    val smi = write(bin.resolve("nvidia-smi"),
      s"""#!/bin/sh
         |case "$$MILLRACE_AGENT_HOST" in other-*) echo 'GPU 0: made up';; *) echo none;; esac
         |""".stripMargin)
    assert(smi.toFile.setExecutable(true))
    val nodes = new StartedAgents(TrainingFixture.python.executable, Map("PATH" -> s"$bin:/usr/bin:/bin"))
    val launcher = new GangLauncher(
      settings.withChecks(lenient), nodes, _ => java.util.List.of(), Clock.systemUTC())
    val handle = launcher.launch(TrainingRun.of(job().deviceType(DeviceType.GPU).retries(1).build()))
    assert(end(handle) === RunState.COMPLETED, handle.status)
    assert(told(handle.run, Type.NODE_ISOLATED) === Seq(
      "[worker-0] Node host-0 is isolated for this run", "[worker-1] Node host-1 is isolated for this run"))
    assert(told(handle.run, Type.NODE_UNFIT).head.endsWith(
      "Check failed. Faults found: gpu-check: 1 devices are wanted, and 0 are there"))
    assert(handle.status.restarts === 1)
  }

  private def launch(checks: NodeChecks, change: TrainingJob.Builder => TrainingJob.Builder): RunHandle =
    new LocalLauncher(settings.withChecks(checks), TrainingFixture.python, Clock.systemUTC())
      .launch(TrainingRun.of(change(job()).build()))

  private def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofMinutes(1))
}
