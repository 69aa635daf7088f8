package io.millrace.inference

import java.time.Duration
import java.util.{List => JList, Optional, TreeMap}

import io.millrace.dataset.{DatasetException, StorageUri}
import org.scalatest.funsuite.AnyFunSuite

class BatchReportSuite extends AnyFunSuite {

  test("BAT-3 report - successful and failed that are not all inputs - cannot exist") {
    val failure = intercept[DatasetException](report(inputs = 10, successful = 8, failed = 1))
    assert(failure.getMessage === "Invalid report: 10 inputs but 8 successful and 1 failed")
  }

  test("BAT-8 report - line - counts, speed and the share of each stage") {
    assert(
      report(10, 8, 2).toLine ===
        "Scored 10 inputs: 8 successful (3 from before), 2 failed (2 EMPTY) in 2.0 s " +
        "(2.5 images/s; model 50%, decode 30%, I/O 20%)")
  }

  test("BAT-3 report - JSON - every figure") {
    assert(
      report(10, 8, 2).toJson ===
        """{"task_id":"t","verdict":"SUCCEEDED","inputs":10,"successful":8,"failed":2,""" +
        """"failures":{"EMPTY":2},"reused":3,"ignored":1,"large":0,"seconds":2.0,""" +
        """"images_per_second":2.5,"time_share":{"model":0.5,"decode":0.3,"io":0.2},""" +
        """"answers":"/o/a","manifests":["/o/m"],"table":"/o/t"}""")
  }

  private def report(inputs: Long, successful: Long, failed: Long): BatchReport =
    new BatchReport(
      new TaskId("t"),
      BatchReport.Verdict.SUCCEEDED,
      inputs,
      successful,
      failed,
      new TreeMap(java.util.Map.of(FailureReason.EMPTY, java.lang.Long.valueOf(failed))),
      3,
      1,
      0,
      Duration.ofSeconds(2),
      new StageTimes.Totals(100, 300, 500, 100),
      StorageUri.parse("/o/a"),
      JList.of(StorageUri.parse("/o/m")),
      StorageUri.parse("/o/t"),
      Optional.empty())
}
