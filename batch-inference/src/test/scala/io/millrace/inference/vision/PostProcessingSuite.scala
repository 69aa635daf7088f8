package io.millrace.inference.vision

import java.nio.FloatBuffer

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, Label}
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.inference.{BadInputException, FailureReason}
import io.millrace.inference.Answer.Detection
import io.millrace.inference.vision.LabelRanking.Activation
import org.scalatest.funsuite.AnyFunSuite

class PostProcessingSuite extends AnyFunSuite {
  private val labels = Seq("red", "blue").map(new Label(_)).asJava
  private val sameSize = new ImageFrame(100, 100, 100, 100)

  test("BAT-5 detections - a score at the threshold - stays, one below goes") {
    val found = select(0.5)(Seq(box(0, 0, 10, 10), box(50, 50, 60, 60)), Seq(0.5f, 0, 0.49f, 0))
    assert(found.map(_.box) === Seq(new BoundingBox(0, 0, 10, 10)))
    assert(found.head.score === 0.5)
  }

  test("BAT-5 detections - overlap over nms_iou - the lower score of one label goes") {
    // The second covers 90 of the first's 100 square pixels.
    val found = select(0.1)(
      Seq(box(0, 0, 10, 10), box(0, 0, 9, 10), box(0, 0, 10, 9)),
      Seq(0.6f, 0, 0.9f, 0, 0, 0.3f))
    assert(found.map(d => d.label.value -> d.score) === Seq("red" -> 0.9, "blue" -> 0.3))
  }

  test("BAT-5 detections - overlap of just nms_iou - both stay") {
    val found = select(0.1)(Seq(box(0, 0, 10, 10), box(0, 0, 5, 10)), Seq(0.6f, 0, 0.5f, 0))
    assert(found.size === 2)
  }

  test("BAT-5 detections - more than max_detections - the best stay, best first") {
    val boxes = (0 until 5).map(i => box(20f * i, 0, 20f * i + 10, 10))
    val found = select(0.1, most = 2)(boxes, Seq(0.2f, 0, 0.5f, 0, 0.3f, 0, 0.4f, 0, 0.1f, 0))
    assert(found.map(_.score) === Seq(0.5, 0.4))
  }

  test("BAT-5 detections - boxes - are scaled to the image's own pixels and clipped to it") {
    val frame = new ImageFrame(100, 100, 640, 480)
    val found = selection(0.1, 10)
      .apply(buffer(box(-5, 10, 50, 110)), FloatBuffer.wrap(Array(0.9f, 0f)), labels, frame)
      .found
      .asScala
    assert(found.map(_.box).toSeq === Seq(new BoundingBox(0, 48, 320, 480)))
  }

  test("BAT-5 detections - no area, outside the image or no numbers - are left out") {
    val boxes = Seq(
      box(10, 10, 10, 20),
      box(20, 20, 10, 10),
      box(200, 200, 300, 300),
      box(Float.NaN, 0, 10, 10),
      box(0, 0, Float.PositiveInfinity, 10),
      box(0, 0, 10, 10))
    val scores = Seq.fill(5)(Seq(0.9f, 0f)).flatten ++ Seq(Float.NaN, Float.PositiveInfinity)
    assert(select(0.1)(boxes, scores) === Seq())
  }

  test("BAT-5 detections - thresholds out of range - name the key of model.yaml") {
    assert(
      intercept[DatasetException](selection(1.5, 1)).getMessage ===
        "Invalid output.score_threshold: 1.5 (expected 0 to 1)")
    assert(
      intercept[DatasetException](selection(0.5, 0)).getMessage ===
        "Invalid output.max_detections: 0 (expected 1 to 100000)")
  }

  test("BAT-5 ranking - logits - softmax by hand, best first, top k") {
    val three = Seq("a", "b", "c").map(new Label(_)).asJava
    val logits = FloatBuffer.wrap(Array(0f, math.log(3).toFloat, math.log(4).toFloat))
    val ranking = new LabelRanking(Activation.SOFTMAX, 2).apply(logits, three).ranking.asScala
    assert(ranking.map(_.label.value) === Seq("c", "b"))
    assert(ranking.zip(Seq(0.5, 0.375)).forall { case (s, p) => math.abs(s.score - p) < 1e-6 })
  }

  test("BAT-5 ranking - huge logits - do not overflow") {
    val ranking = new LabelRanking(Activation.SOFTMAX, 5)
      .apply(FloatBuffer.wrap(Array(1000f, 1000f)), labels)
      .ranking
      .asScala
    assert(ranking.map(_.score) === Seq(0.5, 0.5))
  }

  test("BAT-5 ranking - probabilities - are taken as they are") {
    val ranking = new LabelRanking(Activation.NONE, 5)
      .apply(FloatBuffer.wrap(Array(0.3f, 0.7f)), labels)
      .ranking
      .asScala
    assert(ranking.map(s => s.label.value -> s.score) === Seq("blue" -> 0.7, "red" -> 0.3))
  }

  test("BAT-6 ranking - scores that are no numbers - fail this image") {
    val failure = intercept[BadInputException](
      new LabelRanking(Activation.SOFTMAX, 5).apply(FloatBuffer.wrap(Array(0f, Float.NaN)), labels))
    assert(failure.reason === FailureReason.MODEL_ERROR)
  }

  private def selection(threshold: Double, most: Int) =
    new DetectionSelection(threshold, 0.5, most)

  private def select(threshold: Double, most: Int = 10)(
      boxes: Seq[Array[Float]],
      scores: Seq[Float]): Seq[Detection] =
    selection(threshold, most)
      .apply(buffer(boxes: _*), FloatBuffer.wrap(scores.toArray), labels, sameSize)
      .found
      .asScala
      .toSeq

  private def box(xMin: Float, yMin: Float, xMax: Float, yMax: Float): Array[Float] =
    Array(xMin, yMin, xMax, yMax)

  private def buffer(boxes: Array[Float]*): FloatBuffer = FloatBuffer.wrap(boxes.flatten.toArray)
}
