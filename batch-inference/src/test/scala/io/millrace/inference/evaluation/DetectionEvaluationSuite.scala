package io.millrace.inference.evaluation

import java.util.{List => JList}

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._

import io.millrace.dataset.Label
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.inference.Answer.Detection
import org.scalatest.funsuite.AnyFunSuite

class DetectionEvaluationSuite extends AnyFunSuite {
  private val cell = new Label("cell")

  test("BAT-7 AP - every object found and nothing else - is 1") {
    val evaluation = evaluate(Seq(truth(0, 0, 10, 10)) -> Seq(found(0.9, 0, 0, 10, 10)))
    assert(evaluation.averagePrecision50(cell) === 1.0)
    assert(evaluation.averagePrecision(cell) === 1.0)
    assert(evaluation.vocAveragePrecision50(cell) === 1.0)
  }

  test("BAT-7 AP - nothing found - is 0") {
    val evaluation = evaluate(Seq(truth(0, 0, 10, 10)) -> Seq())
    assert(evaluation.averagePrecision50(cell) === 0.0)
    assert(evaluation.counts50(cell) === new LabelCounts(0, 0, 1))
  }

  test("BAT-7 AP - overlap of 0.6 - counts at the thresholds 0.5, 0.55 and 0.6") {
    // 60 of 100 square pixels.
    val evaluation = evaluate(Seq(truth(0, 0, 10, 10)) -> Seq(found(0.9, 0, 0, 6, 10)))
    assert(evaluation.averagePrecision50(cell) === 1.0)
    assert(math.abs(evaluation.averagePrecision(cell) - 0.3) < 1e-9)
  }

  test("BAT-7 AP - right, wrong, right - precision envelope by hand") {
    // After each detection: precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1.
    val evaluation = evaluate(
      Seq(truth(0, 0, 10, 10), truth(50, 50, 60, 60)) ->
        Seq(found(0.9, 0, 0, 10, 10), found(0.8, 30, 0, 40, 10), found(0.7, 50, 50, 60, 60)))
    // Levels 0 .. 0.50 read precision 1 (51 of them), the other 50 read 2/3.
    assert(math.abs(evaluation.averagePrecision50(cell) - (51 + 50 * 2 / 3.0) / 101) < 1e-9)
    assert(math.abs(evaluation.vocAveragePrecision50(cell) - (0.5 + 0.5 * 2 / 3)) < 1e-9)
    assert(evaluation.counts50(cell) === new LabelCounts(2, 1, 0))
  }

  test("BAT-7 AP - an object found twice - the lower score is a false one") {
    val evaluation = evaluate(
      Seq(truth(0, 0, 10, 10)) -> Seq(found(0.8, 0, 0, 10, 10), found(0.9, 0, 0, 10, 9)))
    assert(evaluation.counts50(cell) === new LabelCounts(1, 1, 0))
    assert(evaluation.averagePrecision50(cell) === 1.0)
  }

  test("BAT-7 AP - a difficult object - is neither to be found nor wrong to be found, even twice") {
    val difficult = new TruthBox(cell, new BoundingBox(0, 0, 10, 10), true)
    val evaluation = evaluate(
      Seq(difficult, truth(50, 50, 60, 60)) -> Seq(
        found(0.9, 0, 0, 10, 10),
        found(0.8, 0, 0, 10, 9),
        found(0.7, 50, 50, 60, 60)))
    assert(evaluation.counts50(cell) === new LabelCounts(1, 0, 0))
    assert(evaluation.averagePrecision50(cell) === 1.0)
  }

  test("BAT-7 AP - a plain and a difficult object at one place - the plain one is matched") {
    val difficult = new TruthBox(cell, new BoundingBox(0, 0, 10, 10), true)
    val evaluation =
      evaluate(Seq(difficult, truth(0, 0, 10, 9)) -> Seq(found(0.9, 0, 0, 10, 10)))
    assert(evaluation.counts50(cell) === new LabelCounts(1, 0, 0))
  }

  test("BAT-7 AP - a label without objects - has no AP and is not in the mean") {
    val ghost = new Detection(new Label("ghost"), 0.9, new BoundingBox(0, 0, 5, 5))
    val evaluation = new DetectionEvaluation
    evaluation.add(JList.of(truth(0, 0, 10, 10)), JList.of(found(0.9, 0, 0, 10, 10), ghost))
    assert(evaluation.labels.asScala.toSeq === Seq(cell))
    assert(evaluation.meanAveragePrecision === 1.0)
    assert(evaluation.counts50(new Label("ghost")) === new LabelCounts(0, 1, 0))
  }

  test("BAT-7 AP - 20 images, 3 labels - the figures of pycocotools 2.0") {
    // Printed by src/test/resources/evaluation/pycocotools_figures.py, which draws the same boxes.
    val (images, objects, detections) = generated()
    val evaluation = new DetectionEvaluation
    images.foreach { case (truths, found) => evaluation.add(truths.asJava, found.asJava) }
    assert((objects, detections) === ((40, 55)))
    assert(math.abs(evaluation.meanAveragePrecision - 0.11851798) < 1e-6)
    assert(math.abs(evaluation.meanAveragePrecision50 - 0.32593887) < 1e-6)
    val expected = Seq(
      ("1", 0.1550247524752475, 0.40693069306930696),
      ("2", 0.07314356435643564, 0.1782178217821782),
      ("3", 0.1273856209150327, 0.3926680903384457))
    for ((label, ap, ap50) <- expected) {
      assert(math.abs(evaluation.averagePrecision(new Label(label)) - ap) < 1e-9, label)
      assert(math.abs(evaluation.averagePrecision50(new Label(label)) - ap50) < 1e-9, label)
    }
  }

  test("BAT-7 AP - line and JSON - the figures a reader looks for") {
    val evaluation = evaluate(Seq(truth(0, 0, 10, 10)) -> Seq(found(0.9, 0, 0, 6, 10)))
    assert(
      evaluation.toLine ===
        "Agreement with the boxes of 1 images: mAP@[.5:.95] 0.300, mAP50 1.000 (AP50 cell 1.000)")
    val node = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode()
    evaluation.addTo(node)
    assert(
      node.toString ===
        """{"images":1,"map":0.3,"map50":1.0,"classes":{"cell":{"objects":1,"ap":0.3,""" +
        """"ap50":1.0,"voc_ap50":1.0,"true_positives":1,"false_positives":0,""" +
        """"false_negatives":0,"precision":1.0,"recall":1.0,"f1":1.0}}}""")
  }

  private def evaluate(images: (Seq[TruthBox], Seq[Detection])*): DetectionEvaluation = {
    val evaluation = new DetectionEvaluation
    images.foreach { case (truths, found) => evaluation.add(truths.asJava, found.asJava) }
    evaluation
  }

  private def truth(xMin: Double, yMin: Double, xMax: Double, yMax: Double): TruthBox =
    new TruthBox(cell, new BoundingBox(xMin, yMin, xMax, yMax), false)

  private def found(
      score: Double,
      xMin: Double,
      yMin: Double,
      xMax: Double,
      yMax: Double): Detection =
    new Detection(cell, score, new BoundingBox(xMin, yMin, xMax, yMax))

  /** A linear congruential generator, so that Python draws the same. */
  private class Dice {
    private var state = 20240607L

    def next(below: Int): Int = {
      state = (state * 1103515245L + 12345L) % 2147483648L
      ((state / 65536) % below).toInt
    }
  }

  private def generated(): (Seq[(Seq[TruthBox], Seq[Detection])], Int, Int) = {
    val dice = new Dice
    val images = (1 to 20).map { _ =>
      val truths = ArrayBuffer[TruthBox]()
      val found = ArrayBuffer[Detection]()
      for (_ <- 0 until dice.next(6)) {
        val label = 1 + dice.next(3)
        val x = dice.next(300)
        val y = dice.next(300)
        val width = 10 + dice.next(80)
        val height = 10 + dice.next(80)
        truths += new TruthBox(new Label(s"$label"), box(x, y, width, height), false)
        for (_ <- 0 until dice.next(3)) {
          val Seq(dx, dy, dw, dh) = Seq.fill(4)(dice.next(21) - 10): @unchecked
          val named = if (dice.next(10) < 8) label else 1 + dice.next(3)
          found += new Detection(
            new Label(s"$named"),
            (1 + dice.next(50)) / 50.0,
            box(x + dx, y + dy, width + dw + 1, height + dh + 1))
        }
      }
      for (_ <- 0 until dice.next(3)) {
        val named = 1 + dice.next(3)
        val Seq(x, y) = Seq.fill(2)(dice.next(300)): @unchecked
        val Seq(width, height) = Seq.fill(2)(10 + dice.next(80)): @unchecked
        found += new Detection(
          new Label(s"$named"),
          (1 + dice.next(50)) / 50.0,
          box(x, y, width, height))
      }
      (truths.toSeq, found.toSeq)
    }
    (images, images.map(_._1.size).sum, images.map(_._2.size).sum)
  }

  private def box(x: Int, y: Int, width: Int, height: Int): BoundingBox =
    new BoundingBox(x, y, x + width, y + height)
}
