package io.millrace.inference.model

import scala.jdk.CollectionConverters._

import io.millrace.dataset.DatasetException
import io.millrace.inference.TestModels
import io.millrace.inference.vision.{ColorOrder, LabelRanking, PixelLayout}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class ModelYamlSuite extends AnyFunSuite {

  test("BAT-5 model.yaml - of a detector - is read wholly") {
    val spec = ModelYaml.parse(TestModels.Detector)
    assert(spec.file === "detector.onnx")
    assert(spec.inputName === "images")
    assert(spec.preparation.layout === PixelLayout.NCHW)
    assert(spec.preparation.color === ColorOrder.RGB)
    assert(spec.labels.asScala.map(_.value) === Seq("red", "green"))
    val output = spec.output.asInstanceOf[ModelSpec.DetectionOutput]
    assert(output.selection.scoreThreshold === 0.3)
    assert(output.selection.nmsIou === 0.5)
    assert(output.selection.maxDetections === 200)
  }

  test("BAT-5 model.yaml - of a classifier - top_k is 5 unless given") {
    val output =
      ModelYaml.parse(TestModels.Classifier).output.asInstanceOf[ModelSpec.ClassificationOutput]
    assert(output.ranking === new LabelRanking(LabelRanking.Activation.SOFTMAX, 5))
  }

  test("BAT-5 model.yaml - anything wrong - is named with its key and what was expected") {
    val cases = Table(
      ("from", "to", "message"),
      (
        "  color: RGB",
        "  colour: RGB",
        "Unknown key input.colour (did you mean input.color? known: name, width, height, layout," +
          " color, resize, scale, mean, std)"),
      (
        "task: object_detection",
        "tasks: object_detection",
        "Unknown key tasks (did you mean task? known: model, sha256, task, input, output, labels)"),
      (
        "  nms_iou: 0.5",
        "  iou: 0.5",
        "Unknown key output.iou (did you mean output.nms_iou? known: boxes, scores," +
          " score_threshold, nms_iou, max_detections)"),
      (
        "labels: [red",
        "classes: [red",
        "Unknown key classes (known: model, sha256, task, input, output, labels)"),
      ("  width: 8\n", "", "Missing input.width"),
      ("  width: 8", "  width: 8.5", "Invalid input.width: 8.5 (expected a whole number)"),
      ("  width: 8", "  width: wide", "Invalid input.width: \"wide\" (expected a whole number)"),
      ("  width: 8", "  width: -8", "Invalid input.width: -8 (expected 1 to 16384)"),
      (
        "object_detection",
        "detection",
        "Invalid task: \"detection\" (expected one of object_detection, image_classification)"),
      ("stretch", "crop", "Invalid input.resize: \"crop\" (expected one of stretch)"),
      ("NCHW", "HWC", "Invalid input.layout: \"HWC\" (expected one of nchw, nhwc)"),
      (
        "[red, green]",
        "[red, red]",
        "Invalid labels: 'red' occurs twice"),
      (
        "[red, green]",
        "[1, 2]",
        "Invalid labels: [1,2] (expected a list of texts; put numbers and words like yes or no in" +
          " quotes)"),
      ("[red, green]", "[]", "Invalid labels: there are none (expected at least 1)"),
      ("[0, 0, 0]", "0", "Invalid input.mean: 0 (expected a list of numbers)"),
      (
        "score_threshold: 0.3",
        "score_threshold: 30",
        "Invalid output.score_threshold: 30.0 (expected 0 to 1)"),
      ("model: detector.onnx", "model: ''", "Invalid model: \"\" (expected a text)"))
    forAll(cases) { (from, to, message) =>
      assert(TestModels.Detector.contains(from))
      val failure =
        intercept[DatasetException](ModelYaml.parse(TestModels.Detector.replace(from, to)))
      assert(failure.getMessage === message)
    }
  }

  test("BAT-5 model.yaml - no YAML or a key twice - says in which line") {
    val twice = intercept[DatasetException](ModelYaml.parse("model: a\nmodel: b\n"))
    assert(twice.getMessage.startsWith("Invalid YAML at line 2"))
    val broken = intercept[DatasetException](ModelYaml.parse("model: [a\ntask: b"))
    assert(broken.getMessage.startsWith("Invalid YAML at line"))
    val text = intercept[DatasetException](ModelYaml.parse("hello"))
    assert(text.getMessage.startsWith("Invalid document: \"hello\" (expected keys model, "))
  }
}
