package io.millrace.training.local

import java.io.IOException
import java.nio.file.Files
import java.time.{Clock, Duration}

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.dataset.storage.{InMemoryObjectStore, InMemoryStorage, PendingObject}
import io.millrace.training._
import io.millrace.training.watch.RunRegistry

/** Runs whose data lie on a store; how a real one is used is tested where the command line is. */
class RunStorageSuite extends AnyFunSuite with TrainingFixture with InMemoryStorage {

  test("TRN-6 log-url - a local directory - gets the logs, and loses them with the run unless they are kept") {
    script("print('hello')")
    val logs = directory.resolve("kept")
    def submitted(builder: TrainingJob.Builder): TrainingRun = {
      val handle = launch(builder.logLocation(StorageUri.of(logs)))
      assert(handle.awaitTerminal(Duration.ofSeconds(60)) === RunState.COMPLETED)
      handle.run
    }
    val passing = submitted(job())
    val copy = logs.resolve(passing.displayName).resolve(passing.instanceName(1) + ".log")
    assert(Files.readString(copy) === workerLog(passing, 1))
    assert(events(passing).contains(s"Training logs uploaded to ${StorageUri.of(logs.resolve(passing.displayName))}"))
    val permanent = submitted(job().logRetention(LogKeeping.Retention.PERMANENT))
    Seq(passing, permanent).foreach(run => RunRegistry.at(runsRoot).delete(record(run)))
    assert(logs.toFile.list().toSeq === Seq(permanent.displayName))
  }

  test("TRN-6 log-url - while the job runs - has the logs as far as they go") {
    script(s"""import os, time
      |print("so far", flush=True)
      |while not os.path.exists("$directory/end"): time.sleep(0.01)
      |""")
    val handle = launch(job(nodes = 1).logLocation(StorageUri.of(directory.resolve("kept"))))
    val copy = directory.resolve("kept").resolve(handle.run.displayName).resolve(handle.run.instanceName(0) + ".log")
    eventually(assert(Files.exists(copy) && Files.readString(copy).contains("so far\n")))
    assert(!handle.status.state.isTerminal)
    write(directory.resolve("end"), "")
    assert(handle.awaitTerminal(Duration.ofSeconds(60)) === RunState.COMPLETED)
  }

  test("TRN-6 log-url - that takes no logs any more - is told in an event, and the verdict stands") {
    script("print('hello')")
    store = new InMemoryObjectStore {
      override def create(uri: StorageUri): PendingObject =
        if (uri.fileName.endsWith(".log")) throw new IOException(s"Cannot write $uri: access was refused")
        else super.create(uri)
    }
    val handle = launch(job(nodes = 1).logLocation(StorageUri.parse("s3://b/logs")))
    assert(handle.awaitTerminal(Duration.ofSeconds(60)) === RunState.COMPLETED)
    val log = handle.run.instanceName(0) + ".log"
    val place = s"s3://b/logs/${handle.run.displayName}"
    assert(
      events(handle.run).filter(_.contains("access was refused")) ===
        Seq(s"Cannot copy $log to $place: Cannot write $place/$log: access was refused")
    )
  }

  test("TRN-5 inputs - that cannot be brought - end the run before its start, naming the object") {
    script("print('never')")
    store = new InMemoryObjectStore {
      override def isDirectory(uri: StorageUri): Boolean = true
    }
    val input =
      TrainingInput.of("data_url", StorageUri.parse("s3://b/none")).withDelivery(InputDelivery.DOWNLOADED)
    val handle = launch(job().input(input))
    assert(handle.awaitTerminal(Duration.ofSeconds(60)) === RunState.FAILED)
    assert(
      handle.status.message.get ===
        "Cannot run the job: Cannot download input data_url: there is no file in s3://b/none"
    )
    assert(!events(handle.run).exists(_.contains("Training started")))
  }

  test("TRN-5 inputs - downloaded - are told with their time and size, and found by the script") {
    script("""import os, sys
      |data = sys.argv[sys.argv.index("--data_url") + 1]
      |print("found", os.path.relpath(data, os.environ["MA_MOUNT_PATH"]), os.listdir(data))
      |""")
    put("s3://b/data/a")
    val input =
      TrainingInput.of("data_url", StorageUri.parse("s3://b/data")).withDelivery(InputDelivery.DOWNLOADED)
    val handle = launch(job().input(input))
    assert(handle.awaitTerminal(Duration.ofSeconds(60)) === RunState.COMPLETED)
    Seq(0, 1).foreach { node =>
      assert(workerLog(handle.run, node).contains("found inputs/data_url_0 ['a']\n"))
      val told = events(handle.run).map(_.replaceAll("\\d+\\.\\d s", "0.0 s"))
      assert(told.contains(
        s"[worker-$node] [duration: 0.0 s] Training input (parameter: data_url) downloaded: 1 files, 1 bytes"))
    }
  }

  private def put(address: String): Unit =
    store.write(StorageUri.parse(address), out => out.write("x".getBytes))

  private def launch(job: TrainingJob.Builder): RunHandle =
    new LocalLauncher(settings.withStorage(store), TrainingFixture.python, Clock.systemUTC())
      .launch(TrainingRun.of(job.build()))
}
