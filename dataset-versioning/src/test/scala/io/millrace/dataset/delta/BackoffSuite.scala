package io.millrace.dataset.delta

import java.time.Duration
import java.util.Random

import scala.collection.mutable

import org.scalatest.funsuite.AnyFunSuite

class BackoffSuite extends AnyFunSuite {
  test("VER-8 backoff - attempt after attempt - waits at random below a bound that doubles to a most") {
    val pauses = mutable.Buffer[Long]()
    val backoff =
      new Backoff(Duration.ofMillis(10), Duration.ofMillis(75), new Random(1), d => pauses += d.toMillis)
    for (_ <- 1 to 300; attempt <- 1 to 6) backoff.pause(attempt)
    val longest = pauses.grouped(6).toSeq.transpose.map(_.max)
    assert(longest == Seq(10, 20, 40, 75, 75, 75))
    assert(pauses.grouped(6).toSeq.transpose.forall(_.min <= 2))
  }

  test("VER-8 backoff - no time, or a most below the first - is refused") {
    Seq((0, 1), (-1, 1), (2, 1)).foreach { case (first, most) =>
      val e = intercept[RuntimeException](
        new Backoff(Duration.ofMillis(first), Duration.ofMillis(most), new Random(1), _ => ()))
      assert(e.getMessage.startsWith("Invalid backoff"))
    }
  }
}
