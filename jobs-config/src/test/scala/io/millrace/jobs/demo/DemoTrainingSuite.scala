package io.millrace.jobs.demo

import java.util.Optional

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class DemoTrainingSuite extends AnyFunSuite {

  test("epoch lines - of the training script - are told apart from all others") {
    val lines = Table(
      ("line", "shown"),
      (
        """{"event": "epoch", "epoch": 3, "loss": 1.23456, "images_per_second": 81.7}""",
        Optional.of("epoch  3  loss 1.235  82 images/s")
      ),
      (
        """[worker-0] {"event": "epoch", "epoch": 12, "loss": 0.5, "images_per_second": 7}""",
        Optional.of("epoch 12  loss 0.500  7 images/s")
      ),
      ("""{"event": "resumed", "epoch": 3}""", Optional.empty[String]()),
      ("a warning {not JSON", Optional.empty[String]()),
      ("", Optional.empty[String]())
    )
    forAll(lines)((line, shown) => assert(DemoTraining.epochOf(line) === shown))
  }
}
