package io.millrace.dataset

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class FailureLimitSuite extends AnyFunSuite {

  test("ING-4, BAT-6 failure limit - a number or a part - allows up to and with it") {
    forAll(
      Table(
        ("text", "failed", "total", "allowed"),
        ("0", 0L, 10L, true),
        ("0", 1L, 10L, false),
        ("2", 2L, 100L, true),
        ("2", 3L, 100L, false),
        ("10", 10L, 10L, true),
        ("10", 11L, 1000000L, false),
        ("5%", 5L, 100L, true),
        ("5%", 6L, 100L, false),
        ("0.5 %", 5L, 1000L, true),
        ("0.5%", 6L, 1000L, false),
        ("2.5%", 1L, 40L, true),
        ("2.5%", 2L, 79L, false),
        ("0%", 0L, 0L, true),
        ("0%", 0L, 40L, true),
        ("0%", 1L, 1000000L, false),
        ("100%", 7L, 7L, true)
      )) { (text, failed, total, allowed) =>
      assert(FailureLimit.parse(text).allows(failed, total) === allowed)
    }
    assert(FailureLimit.UNLIMITED.allows(40, 40))
    assert(FailureLimit.UNLIMITED.allows(Long.MaxValue, Long.MaxValue))
  }

  test("ING-4, BAT-6 failure limit - anything else - error says what is expected") {
    for (text <- Seq("", "many", "-1", "1.5", "%", "5 percent", "1e3", "1e1%", "9" * 30, "５")) {
      assert(
        intercept[DatasetException](FailureLimit.parse(text)).getMessage ===
          s"Invalid failure limit: '$text' (expected a number of inputs such as 10, " +
          "or a part of them such as 2.5%)")
    }
    assert(
      intercept[DatasetException](FailureLimit.parse("101%")).getMessage ===
        "Invalid failure limit: 101% (expected 0% to 100%)")
    assert(
      intercept[DatasetException](new FailureLimit.Count(-1)).getMessage ===
        "Invalid failure limit: -1 (expected at least 0)")
  }

  test("failure limit - written - reads back") {
    for (text <- Seq("0", "17", "5%", "0.25%", "0.000000001%")) {
      assert(FailureLimit.parse(text).toString === text)
      assert(FailureLimit.parse(FailureLimit.parse(text).toString) === FailureLimit.parse(text))
    }
    assert(FailureLimit.parse(FailureLimit.UNLIMITED.toString) === FailureLimit.UNLIMITED)
  }
}
