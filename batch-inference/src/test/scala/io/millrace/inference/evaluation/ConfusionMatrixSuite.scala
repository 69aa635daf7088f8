package io.millrace.inference.evaluation

import java.util.{List => JList}

import io.millrace.dataset.{Annotation, AnnotationInfo, Label, LabelTaskType}
import io.millrace.inference.Answer.{Classification, LabelScore}
import org.scalatest.funsuite.AnyFunSuite

class ConfusionMatrixSuite extends AnyFunSuite {
  private val Seq(cat, dog, cow) = Seq("cat", "dog", "cow").map(new Label(_)): @unchecked

  test("BAT-7 confusion - 10 images by hand - accuracy, precision, recall and F1") {
    val matrix = example()
    assert(matrix.images === 10)
    assert(matrix.accuracy === 0.7)
    assert(matrix.count(cat, dog) === 1)
    // cat: 3 of 4 found, 3 of 3 right. dog: 3 of 4 found, 3 of 5 right. cow: 1 of 2, 1 of 2.
    assert(matrix.of(cat) === new LabelCounts(3, 0, 1))
    assert(matrix.of(dog) === new LabelCounts(3, 2, 1))
    assert(matrix.of(cow) === new LabelCounts(1, 1, 1))
    assert(matrix.of(dog).precision === 0.6)
    assert(matrix.of(dog).recall === 0.75)
    assert(math.abs(matrix.of(dog).f1 - 2 * 0.6 * 0.75 / 1.35) < 1e-12)
    assert(math.abs(matrix.macroAverage(_.precision) - (1 + 0.6 + 0.5) / 3) < 1e-12)
    assert(math.abs(matrix.macroAverage(_.recall) - (0.75 + 0.75 + 0.5) / 3) < 1e-12)
  }

  test("BAT-7 confusion - JSON - rows are truth, columns predictions, in alphabetical order") {
    val node = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode()
    example().addTo(node)
    assert(
      node.get("confusion_matrix").toString ===
        """{"labels":["cat","cow","dog"],""" +
        """"counts_by_truth_then_prediction":[[3,0,1],[0,1,1],[0,1,3]]}""")
    assert(node.get("f1").doubleValue === 0.6746)
  }

  test("BAT-7 confusion - a label that was never right - has figures of 0, not of NaN") {
    val matrix = new ConfusionMatrix
    matrix.add(cat, dog)
    assert(matrix.of(cat).f1 === 0.0 && matrix.of(dog).precision === 0.0)
    assert(matrix.macroAverage(_.f1) === 0.0)
  }

  test("BAT-7 evaluator - images with no or several labels - do not count") {
    val evaluator = new Evaluator
    val answer = new Classification(JList.of(new LabelScore(cat, 0.9)))
    evaluator.add(JList.of(), answer)
    evaluator.add(JList.of(labelled(cat), labelled(dog)), answer)
    assert(evaluator.result.isEmpty)
    evaluator.add(JList.of(labelled(cat)), answer)
    assert(evaluator.result.get.images === 1)
  }

  private def example(): ConfusionMatrix = {
    val matrix = new ConfusionMatrix
    for (_ <- 1 to 3) matrix.add(cat, cat)
    matrix.add(cat, dog)
    for (_ <- 1 to 3) matrix.add(dog, dog)
    matrix.add(dog, cow)
    matrix.add(cow, cow)
    matrix.add(cow, dog)
    matrix
  }

  private def labelled(label: Label): Annotation =
    new Annotation.Classification(
      LabelTaskType.IMAGE_CLASSIFICATION,
      label,
      AnnotationInfo.NONE)
}
