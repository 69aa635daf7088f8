package io.millrace.ingestion

import java.time.Duration
import java.util.{Map => JMap}

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.{DatasetKind, DatasetName, ImportId, StorageUri}
import org.scalatest.funsuite.AnyFunSuite

class ImportReportSuite extends AnyFunSuite {

  test("ING-4 report - the line of the specification") {
    val report = reportOf(
      seen = 1000,
      imported = 998,
      rejections = JMap.of(
        RejectReason.BOX_OUTSIDE_IMAGE, long(1), RejectReason.TRUNCATED_IMAGE, long(1)))
    assert(
      report.toLine ===
        "imported 998, updated 0, unchanged 0, rejected 2 (1 truncated-image, " +
        "1 box-outside-image), 5 labels, 12.4 s, 80 img/s")
    assert(report.toText === report.toLine)
  }

  test("ING-4 report - reasons by falling count; nothing rejected has no brackets") {
    val report = reportOf(
      seen = 10,
      imported = 5,
      rejections = JMap.of(
        RejectReason.EMPTY_FILE, long(1), RejectReason.BROKEN_ANNOTATION, long(4)))
    assert(report.toLine.contains("rejected 5 (4 broken-annotation, 1 empty-file), 5 labels"))
    assert(reportOf(seen = 3, imported = 3).toLine.contains("rejected 0, 5 labels"))
  }

  test("ING-4 report - slow import and single label - rate with a decimal, no plural") {
    assert(
      reportOf(seen = 5, imported = 5, labels = 1).toLine ===
        "imported 5, updated 0, unchanged 0, rejected 0, 1 label, 12.4 s, 0.4 img/s")
  }

  test("ING-4 report - merged inputs and notes - a line each") {
    val report = reportOf(
      seen = 3,
      imported = 3,
      merged = 2,
      notes = JMap.of(Note.TYPE_MISMATCH, long(1), Note.OTHER_FILE, long(7)))
    assert(
      report.toText ===
        report.toLine +
        "\n  merged 2 inputs with the id of another" +
        "\n  1 images of another type than their names say" +
        "\n  7 other files ignored")
  }

  test("ING-6 report - samples whose source is gone - marked or removed") {
    val marked = reportOf(seen = 3, imported = 3, missing = 2)
    assert(marked.toText === marked.toLine + "\n  2 samples whose source is gone marked as missing")
    val removed = reportOf(seen = 3, imported = 3, missing = 2, policy = MissingPolicy.REMOVE)
    assert(removed.toText === removed.toLine + "\n  2 samples whose source is gone removed")
  }

  test("ING-2 report - recognised format, sound - why, and samples a second") {
    val report = reportOf(
      seen = 100, imported = 100, kind = DatasetKind.AUDIO, recognition = "format voc: pairs")
    assert(report.toText.endsWith("12.4 s, 8.1 samples/s\n  format voc: pairs"))
  }

  test("ING-4 report - JSON - every count under its name") {
    val json = new ObjectMapper().readTree(
      reportOf(
        seen = 4,
        imported = 3,
        merged = 2,
        rejections = JMap.of(RejectReason.EMPTY_FILE, long(1)),
        notes = JMap.of(Note.OTHER_FILE, long(7))).toJson)
    assert(
      json === new ObjectMapper().readTree(
        """{"import_id": "imp-00000001", "dataset": "cells", "kind": "IMAGE", "source": "/data/in",
          |"format": "voc", "recognition": null, "seen": 4, "imported": 3, "updated": 0, "unchanged": 0,
          |"rejected": 1, "rejections": {"empty-file": 1}, "merged": 2, "missing": 0, "missing_policy": "keep",
          |"notes": {"other-file": 7}, "labels": 5, "seconds": 12.4}""".stripMargin))
  }

  test("ING-4 report - counts that do not add up - cannot exist") {
    val failure = intercept[IllegalStateException](reportOf(seen = 7, imported = 5))
    assert(
      failure.getMessage ===
        "7 inputs were seen, but 5 imported, 0 updated, 0 unchanged and 0 rejected")
  }

  private def long(value: Long): java.lang.Long = value

  private def reportOf(
      seen: Long,
      imported: Long,
      rejections: JMap[RejectReason, java.lang.Long] = JMap.of(),
      merged: Long = 0,
      notes: JMap[Note, java.lang.Long] = JMap.of(),
      labels: Long = 5,
      kind: DatasetKind = DatasetKind.IMAGE,
      recognition: String = "",
      missing: Long = 0,
      policy: MissingPolicy = MissingPolicy.KEEP): ImportReport =
    new ImportReport(
      new ImportId("imp-00000001"),
      new DatasetName("cells"),
      kind,
      StorageUri.parse("/data/in"),
      ImportFormat.VOC,
      recognition,
      seen,
      imported,
      0,
      0,
      rejections,
      merged,
      missing,
      policy,
      notes,
      labels,
      Duration.ofMillis(12400))
}
