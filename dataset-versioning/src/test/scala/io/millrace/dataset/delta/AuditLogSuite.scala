package io.millrace.dataset.delta

import java.time.Instant
import java.util.UUID

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.delta.spark.{Cells, DatasetTable, LabelEditJob, SharedSparkSession}
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.labels.{EditRun, MarkHard}

class AuditLogSuite extends AnyFunSuite with SharedSparkSession {
  private def entry(operation: String, second: Long = 0): AuditEntry = new AuditEntry(
    UUID.randomUUID(), Instant.parse("2026-05-06T12:00:00.123456Z").plusSeconds(second), "ann", operation,
    Properties.EMPTY.`with`("label", "红 \"x\"").`with`("n", new java.math.BigDecimal("0.50")),
    Properties.EMPTY.`with`("samples-changed", Long.box(3)), AuditEntry.DONE)

  private def newLayout(): DatasetLayout = Cells.create(temporaryDirectory())

  test("JOB-5 audit - nothing recorded - is empty") {
    assert(AuditLog.of(newLayout()).read().isEmpty)
  }

  test("JOB-5 audit - entries recorded, one of them twice - are there once, oldest first") {
    val log = AuditLog.of(newLayout())
    val later = entry("publish", 5)
    val sooner = entry("delete version")
    Seq(later, sooner, later).foreach(log.record)
    assert(log.read().asScala == Seq(sooner, later))
  }

  test("JOB-5 audit - four writers at once on no table yet - every entry is there once") {
    val layout = newLayout()
    val entries = (1 to 4).map(i => entry(s"operation $i", i))
    val results = inParallel(entries ++ entries)(each => AuditLog.of(layout).record(each))
    assert(results.forall(_.isRight), results)
    assert(AuditLog.of(layout).read().asScala == entries)
  }

  test("JOB-5 audit - seventy entries - all are there, in fewer files") {
    val layout = newLayout()
    val entries = (1 to 70).map(i => entry(s"operation $i", i))
    entries.foreach(AuditLog.of(layout).record)
    assert(AuditLog.of(layout).read().asScala == entries)
    val table = KernelTable.at(layout.auditTable)
    assert(table.contents(table.snapshot().get).rows == 70)
  }

  test("JOB-5 audit - a process that died between its commit and the copy - is told of, and copied next") {
    val layout = newLayout()
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(3))
    def mark(mark: MarkHard.Mark) = new LabelEditJob(
      table, new MarkHard(mark, new MarkHard.Coefficient.AsItWas()), SampleFilter.ALL, EditRun.by("ann"), Cells.clock)
      .run()
    mark(MarkHard.Mark.ON)
    val audit = layout.auditTable.requireLocalPath()
    deleteAll(audit) // As though it had died right after the commit.
    val told = AuditLog.of(layout).read()
    assert(told.asScala.map(_.operation) == Seq("label hard"))
    assert(!java.nio.file.Files.exists(audit), "reading writes nothing")
    mark(MarkHard.Mark.OFF)
    deleteLog(layout)
    assert(AuditLog.of(layout).read().asScala.map(_.parameters.values.get("mark")) == Seq("ON", "OFF"))
    assert(AuditLog.of(layout).read().get(0) == told.get(0))
  }

  test("JOB-5 audit - a commit's text - is the entry; an import's is none") {
    val some = entry("label add")
    assert(AuditJson.find(AuditJson.write(some)).get == some)
    assert(AuditJson.find("""{"import":"imp-1","added":3}""").isEmpty)
    assert(AuditJson.find("").isEmpty)
  }

  test("JOB-5 audit - an entry that says not who or what - is refused") {
    Seq("" -> "x", " " -> "x", "ann" -> "").foreach { case (by, operation) =>
      val e = intercept[DatasetException](new AuditEntry(
        UUID.randomUUID(), Instant.EPOCH, by, operation, Properties.EMPTY, Properties.EMPTY, "done"))
      assert(e.getMessage.startsWith("Invalid audit entry: it does not say wh"))
    }
  }

  private def deleteAll(directory: java.nio.file.Path): Unit = {
    val paths = java.nio.file.Files.walk(directory).iterator.asScala.toSeq.reverse
    paths.foreach(path => java.nio.file.Files.delete(path))
  }

  /** As Delta cleans up its log after a while. */
  private def deleteLog(layout: DatasetLayout): Unit =
    deleteAll(layout.samplesTable.requireLocalPath().resolve("_delta_log"))
}
