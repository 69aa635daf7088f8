package io.millrace.training.watch

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path, StandardOpenOption}
import java.time.{Clock, Instant, ZoneOffset}
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit.SECONDS

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.training._

class RunFilesSuite extends AnyFunSuite with TrainingFixture {

  private val noon = Instant.parse("2026-03-01T12:00:00Z")
  private val clock = Clock.fixed(noon, ZoneOffset.UTC)
  private val gone = new LauncherProcess(ProcessHandle.current().pid, Instant.EPOCH)

  test("TRN-6 events - written - are JSON lines and read back, a half last line left out") {
    val file = directory.resolve("events.jsonl")
    val log = new EventLog(file, clock)
    val one = log.add(RunEvent.Type.CREATED, "Training job created")
    val two = log.addOfNode(1, RunEvent.Type.TRAINING_ENDED, "Training ended, exit code 3")
    assert(
      Files.readString(file) ===
        """{"time":"2026-03-01T12:00:00Z","type":"created","node":"","message":"Training job created"}
          |{"time":"2026-03-01T12:00:00Z","type":"training_ended","node":"worker-1","message":"[worker-1] Training ended, exit code 3"}
          |""".stripMargin
    )
    Files.writeString(file, "{\"time\":\"20", StandardOpenOption.APPEND)
    assert(EventLog.read(file).asScala === Seq(one, two))
    assert(EventLog.read(directory.resolve("none")).isEmpty)
  }

  test("TRN-6 log - beyond its limit - is rotated, and no write is torn or counted twice") {
    val file = directory.resolve("a.log")
    val log = new RotatingLogFile(file, new LogLimits(10, 2))
    (1 to 7).foreach(i => put(log, s"line$i\n"))
    log.close()
    assert(Files.readString(file) === "line7\n")
    assert(Files.readString(directory.resolve("a.log.1")) === "line6\n")
    assert(Files.readString(directory.resolve("a.log.2")) === "line5\n")
    assert(!Files.exists(directory.resolve("a.log.3")))
    val again = new RotatingLogFile(file, new LogLimits(12, 2))
    put(again, "line8\n")
    again.close()
    assert(Files.readString(file) === "line7\nline8\n")
  }

  test("TRN-5 logs --follow - while the log is written and rotated - hands over each line once") {
    val file = directory.resolve("a.log")
    val log = new RotatingLogFile(file, new LogLimits(10, 100))
    put(log, "line1\n")
    put(log, "line2\n")
    val lines = new LinkedBlockingQueue[String]()
    @volatile var done = false
    val reader = new Thread(() => new LogReader(file).read(line => lines.add(line), () => done, () => ()))
    reader.start()
    (3 to 6).foreach { i =>
      assert(lines.poll(30, SECONDS) === s"line${i - 2}")
      put(log, s"line$i\n")
    }
    assert(Seq(lines.poll(30, SECONDS), lines.poll(30, SECONDS)) === Seq("line5", "line6"))
    put(log, "no end")
    done = true
    reader.join(30000)
    assert(lines.asScala.toSeq === Seq("no end"))
    log.close()
  }

  test("TRN-5 state - written - is read back whole") {
    val file = directory.resolve("state.json")
    val created = RunStatus.creating(noon)
    val states = Seq(
      created,
      created.withState(RunState.WAITING),
      created.running(noon.plusSeconds(1)).restarted(),
      created.running(noon).completed(noon.plusSeconds(9)),
      created.running(noon).failed(noon, 137, 1, "Rank 1 was killed"),
      created.ended(RunState.TERMINATED, noon, "Stopped on request.")
    )
    states.foreach { status =>
      val state = new StateFile(status, LauncherProcess.current())
      state.write(file)
      assert(StateFile.read(file) === state)
    }
  }

  test("TRN-5 list - a run whose launcher is gone - is Abnormal unless it was over") {
    val running = register("a", RunStatus.creating(noon).running(noon), gone)
    val over = register("b", RunStatus.creating(noon).completed(noon), gone)
    val alive = register("c", RunStatus.creating(noon), LauncherProcess.current())
    assert(record(running).status.state === RunState.ABNORMAL)
    assert(record(running).status.message.get.contains("ended while the run was Running"))
    assert(record(over).status.state === RunState.COMPLETED)
    assert(record(alive).status.state === RunState.CREATING)
  }

  test("TRN-5 list - newest first - leaves out what is no run") {
    assert(registry.list().isEmpty)
    val first = register("a", RunStatus.creating(noon), gone)
    val second = register("b", RunStatus.creating(noon.plusSeconds(1)), gone)
    Files.createDirectories(runsRoot.resolve("other"))
    write(runsRoot.resolve("torn/spec.json"), "{")
    assert(registry.list().asScala.map(_.run) === Seq(second, first))
  }

  test("TRN-5 find - id, name with id, or name of a job - finds it; unknown names those there are") {
    val older = register("pets", RunStatus.creating(noon), gone)
    val newer = register("pets", RunStatus.creating(noon.plusSeconds(1)), gone)
    assert(registry.find(older.id.value).run === older)
    assert(registry.find(older.displayName).run === older)
    assert(registry.find("pets").run === newer)
    assert(
      intercept[TrainingException](registry.find("cats")).getMessage ===
        s"Cannot find training run 'cats' in $runsRoot: there are ${newer.displayName}, ${older.displayName}."
    )
  }

  test("TRN-1 register - output in use by a run that is not over - is refused, naming the run") {
    val first = register("a", RunStatus.creating(noon), LauncherProcess.current(), out)
    val inside = out.resolve("below")
    val failure =
      intercept[TrainingException](register("b", RunStatus.creating(noon), gone, inside))
    assert(
      failure.getMessage === s"Cannot start training job 'b': Output train_url (${StorageUri.of(inside)}) is in use by " +
        s"run ${first.displayName}, which is Creating. Stop that run or give another directory."
    )
    new StateFile(RunStatus.creating(noon).completed(noon), gone)
      .write(runDirectory(first).stateFile)
    register("b", RunStatus.creating(noon), gone, inside)
  }

  test("TRN-5 delete - only a run that is over - is removed") {
    val alive = register("a", RunStatus.creating(noon), LauncherProcess.current())
    assert(
      intercept[TrainingException](registry.delete(record(alive))).getMessage ===
        s"Cannot delete ${alive.displayName}: it is Creating. Stop it first."
    )
    val over = register("b", RunStatus.creating(noon).completed(noon), gone)
    registry.delete(record(over))
    assert(!Files.exists(runDirectory(over).root))
  }

  test("TRN-5 stop and logs - of a run that is over, or of no such worker - say so") {
    val over = register("a", RunStatus.creating(noon).completed(noon), gone)
    assert(
      intercept[TrainingException](record(over).requestStop()).getMessage ===
        s"Cannot stop ${over.displayName}: it is Completed already."
    )
    assert(
      intercept[TrainingException](record(over).log(1, _ => ())).getMessage ===
        s"Cannot show the log of worker 1 of ${over.displayName}: it has 1. Give a number from 0 to 0."
    )
    val lines = ArrayBuffer[String]()
    record(over).followLog(0, line => lines += line)
    assert(lines.isEmpty)
  }

  private def registry: RunRegistry = RunRegistry.at(runsRoot)

  private def register(
      name: String,
      status: RunStatus,
      launcher: LauncherProcess,
      output: Path = Path.of("/nowhere").resolve(RunId.next().value)
  ): TrainingRun = {
    val run = TrainingRun.of(
      TrainingJob
        .builder(name, code, "train.py")
        .output(TrainingOutput.of("train_url", StorageUri.of(output)))
        .build()
    )
    registry.register(run, new StateFile(status, launcher))
    run
  }

  private def put(log: RotatingLogFile, text: String): Unit =
    log.write(text.getBytes(UTF_8), 0, text.length)
}
