package io.millrace.training.local

import java.nio.file.Files
import java.time.{Clock, Duration}

import scala.sys.process._

import org.scalatest.{Assertions, Suite}

import io.millrace.training.hang.{HangSettings, LinuxVitals}
import io.millrace.training._

/** Two ranks that go in step over a socket; the test ends them, or what lies between them. */
trait HangFixture extends TrainingFixture with Assertions { this: Suite =>

  /** Three looks are enough, two a second. */
  protected val hangs: HangSettings = HangSettings.DEFAULT.withPeriod(Duration.ofSeconds(1))

  /** Each sends its step and waits for that of the other, until the test wants the end. */
  protected def goInStep(): Unit = script("""import argparse, os, socket, sys, time
    |p = argparse.ArgumentParser()
    |for name in ("init_method", "train_url"): p.add_argument("--" + name)
    |for name in ("rank", "world_size"): p.add_argument("--" + name, type=int)
    |a = p.parse_args()
    |address = (os.environ.get("LINK", "127.0.0.1"), int(a.init_method.rpartition(":")[2]))
    |def sign(name): return os.path.join(os.environ["MA_LOG_DIR"], name)
    |def touch(name, text):
    |    with open(sign(name) + "_", "w") as f: f.write(text)
    |    os.rename(sign(name) + "_", sign(name))
    |if a.rank == 0:
    |    peer = socket.create_server(address).accept()[0]
    |else:
    |    while True:
    |        try:
    |            peer = socket.create_connection(address)
    |            break
    |        except OSError:
    |            print("not yet")
    |            time.sleep(0.05)
    |step = 0
    |while True:
    |    over = a.rank == 0 and os.path.exists(sign("go"))
    |    peer.sendall(b"q" if over else b"s")
    |    theirs = peer.recv(1)
    |    if over or theirs == b"q": break
    |    step += 1
    |    print("step", step)
    |    if step == 3: touch("pid-%d" % a.rank, str(os.getpid()))
    |    time.sleep(0.02)
    |""")

  protected def launch(hang: HangSettings, python: => PythonInterpreter = TrainingFixture.python)(
      job: TrainingJob.Builder): RunHandle = {
    LinuxVitals.ofThisMachine().problem.ifPresent(problem => cancel(problem))
    new LocalLauncher(settings.withHang(hang), python, Clock.systemUTC()).launch(TrainingRun.of(job.build()))
  }

  protected def end(handle: RunHandle): RunState = handle.awaitTerminal(Duration.ofSeconds(120))

  /** The process of a rank, once it goes in step. */
  protected def awaitProcess(run: TrainingRun, rank: Int): Long = {
    val file = runDirectory(run).logDirectory.resolve(s"pid-$rank")
    eventually(assert(Files.exists(file)))
    Files.readString(file).toLong
  }

  protected def letEnd(run: TrainingRun): Unit =
    Files.writeString(runDirectory(run).logDirectory.resolve("go"), "")

  protected def signal(name: String, process: Long): Unit = assert(s"kill -$name $process".! === 0)
}
