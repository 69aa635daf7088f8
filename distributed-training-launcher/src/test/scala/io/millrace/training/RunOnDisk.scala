package io.millrace.training

import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import io.millrace.training.watch._

/** Runs as a launcher leaves them on disk, without having run. */
trait RunOnDisk extends TrainingFixture { this: org.scalatest.Suite =>

  protected val noon: Instant = Instant.parse("2026-03-01T12:00:00Z")

  protected def written(
      job: TrainingJob,
      status: RunStatus => RunStatus = done(60),
      created: Instant = noon,
      id: RunId = RunId.next()): RunRecord = {
    val run = new TrainingRun(id, job)
    val state = new StateFile(RunStatus.creating(created), LauncherProcess.current())
    val directory = RunRegistry.at(runsRoot).register(run, state)
    new StateFile(status(RunStatus.creating(created)), LauncherProcess.current()).write(directory.stateFile)
    RunRegistry.at(runsRoot).find(id.value)
  }

  protected def done(seconds: Long): RunStatus => RunStatus =
    status => status.running(status.created).completed(status.created.plusSeconds(seconds))

  protected def broke(seconds: Long, why: String): RunStatus => RunStatus =
    status => status.running(status.created).failed(status.created.plusSeconds(seconds), 1, 0, why)

  protected def eventsAt(record: RunRecord, time: Instant): EventLog =
    new EventLog(record.directory.eventFile, Clock.fixed(time, ZoneOffset.UTC))

  /** A file as a script would have written it at that time. */
  protected def writeAt(file: Path, text: String, time: Instant): Path = {
    write(file, text)
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(time))
  }
}
