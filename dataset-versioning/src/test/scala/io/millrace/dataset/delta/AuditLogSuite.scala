package io.millrace.dataset.delta

import java.time.Instant
import java.util.UUID

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel

class AuditLogSuite extends AnyFunSuite {
  private def entry(operation: String, second: Long = 0): AuditEntry = new AuditEntry(
    UUID.randomUUID(), Instant.parse("2026-05-06T12:00:00.123456Z").plusSeconds(second), "ann", operation,
    Properties.EMPTY.`with`("label", "红 \"x\"").`with`("n", new java.math.BigDecimal("0.50")),
    Properties.EMPTY.`with`("samples-changed", Long.box(3)), AuditEntry.DONE)

  private def newLayout(): DatasetLayout = DatasetCatalog
    .at(StorageUri.of(java.nio.file.Files.createTempDirectory("millrace-audit-")))
    .create(new DatasetName("pets"), LabelTaskType.OBJECT_DETECTION, "", java.time.Clock.systemUTC())

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
}
