package io.millrace.dataset.versioning

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.DatasetException

class PublishCostSuite extends AnyFunSuite {
  test("publish cost - more than is free - fails with both figures") {
    val cost = new PublishCost(1000, 1000, 5000, 1000000)
    cost.checkFits(cost.bytes, "/data")
    val e = intercept[DatasetException](cost.checkFits(cost.bytes - 1, "/data"))
    assert(
      e.getMessage == "Cannot publish to /data: the version needs about 10.8 MB of disk and " +
        "10.8 MB are free. Free some space, or move the dataset to a larger disk."
    )
  }

  test("publish id - made at a time - knows it") {
    val now = java.time.Instant.parse("2026-05-06T07:08:09.5Z")
    val id = PublishId.of(now, new java.util.Random(1))
    assert(id.value.startsWith("pub-20260506070809-"))
    assert(id.startedAt == java.time.Instant.parse("2026-05-06T07:08:09Z"))
    intercept[DatasetException](new PublishId("pub-1"))
  }
}
