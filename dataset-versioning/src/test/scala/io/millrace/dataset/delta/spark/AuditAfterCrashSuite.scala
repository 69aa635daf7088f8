package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.delta.{AuditLog, DatasetLayout}
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.labels.{EditRun, MarkHard}

class AuditAfterCrashSuite extends AnyFunSuite with SharedSparkSession {
  test("JOB-5 audit - a process that died between its commit and the copy - is told of, and copied next") {
    val layout = Cells.create(temporaryDirectory())
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

  private def deleteAll(directory: java.nio.file.Path): Unit = {
    val paths = java.nio.file.Files.walk(directory).iterator.asScala.toSeq.reverse
    paths.foreach(path => java.nio.file.Files.delete(path))
  }

  /** As Delta cleans up its log after a while. */
  private def deleteLog(layout: DatasetLayout): Unit =
    deleteAll(layout.samplesTable.requireLocalPath().resolve("_delta_log"))
}
