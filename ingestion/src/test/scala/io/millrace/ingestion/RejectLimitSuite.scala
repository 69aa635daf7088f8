package io.millrace.ingestion

import io.millrace.dataset.DatasetException
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class RejectLimitSuite extends AnyFunSuite {

  test("ING-4 max-rejects - a number or a part - allows just so many") {
    forAll(
      Table(
        ("text", "rejected", "seen", "allowed"),
        ("0", 0L, 10L, true),
        ("0", 1L, 10L, false),
        ("10", 10L, 10L, true),
        ("10", 11L, 1000000L, false),
        ("5%", 5L, 100L, true),
        ("5%", 6L, 100L, false),
        ("0.5 %", 5L, 1000L, true),
        ("0.5%", 6L, 1000L, false),
        ("0%", 0L, 0L, true),
        ("100%", 7L, 7L, true)
      )) { (text, rejected, seen, allowed) =>
      assert(RejectLimit.parse(text).allows(rejected, seen) === allowed)
    }
    assert(RejectLimit.UNLIMITED.allows(Long.MaxValue, Long.MaxValue))
  }

  test("ING-4 max-rejects - anything else - error says what is expected") {
    for (text <- Seq("", "ten", "-1", "1.5", "%", "5 percent", "1e3", "9" * 30, "５")) {
      assert(
        intercept[DatasetException](RejectLimit.parse(text)).getMessage ===
          s"Invalid max-rejects: '$text' (expected a number of inputs such as 10, " +
          "or a part of them such as 5%)")
    }
    assert(
      intercept[DatasetException](RejectLimit.parse("101%")).getMessage ===
        "Invalid max-rejects: 101% (expected 0% to 100%)")
  }

  test("max-rejects - written - reads back") {
    for (text <- Seq("0", "17", "5%", "0.25%")) {
      assert(RejectLimit.parse(RejectLimit.parse(text).toString) === RejectLimit.parse(text))
    }
  }
}
