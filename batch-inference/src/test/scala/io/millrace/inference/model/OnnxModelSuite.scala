package io.millrace.inference.model

import java.awt.Color
import java.nio.file.{Files, Path}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, Digest, StorageUri}
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.dataset.storage.LocalObjectStore
import io.millrace.inference.{Answer, BadInputException, FailureReason, TestImages, TestModels}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class OnnxModelSuite extends AnyFunSuite {

  test("BAT-5 detector - red left, green right - one box each in the image's own pixels") {
    val answers = predict(
      load(TestModels.Detector),
      TestImages.halves(80, 40, Color.RED, Color.GREEN),
      TestImages.png(16, 16, Color.BLACK))
    val found = answers.head.asInstanceOf[Answer.Detections].found.asScala
    assert(
      found.map(d => (d.label.value, d.score, d.box)).toSet ===
        Set(
          ("red", 1.0, new BoundingBox(0, 0, 40, 40)),
          ("green", 1.0, new BoundingBox(40, 0, 80, 40))))
    assert(answers(1) === new Answer.Detections(JList.of()))
  }

  test("BAT-5 classifier - a batch of colours - each gets its own label and probability") {
    val answers = predict(
      load(TestModels.Classifier),
      TestImages.png(9, 9, Color.RED),
      TestImages.png(2, 2, Color.BLUE))
      .map(_.asInstanceOf[Answer.Classification])
    assert(answers.map(_.predicted.value) === Seq("red", "blue"))
    // Logits 10, 0, 0.
    val expected = math.exp(10) / (math.exp(10) + 2)
    assert(math.abs(answers.head.ranking.get(0).score - expected) < 1e-6)
  }

  test("BAT-5 classifier - fixed batch of 2 - takes 2 at most, and one as well") {
    val model = load(TestModels.Classifier.replace("classifier.onnx", "fixed.onnx"))
    assert(model.maxBatch === 2)
    assert(predict(model, TestImages.png(4, 4, Color.GREEN)).size === 1)
  }

  test("BAT-6 model error at run time - is a bad input, not a crash") {
    val model = load(TestModels.Classifier.replace("classifier.onnx", "glaring.onnx"))
    val failure = intercept[BadInputException](
      predict(model, TestImages.png(4, 4, Color.RED), TestImages.png(4, 4, Color.WHITE)))
    assert(failure.reason === FailureReason.MODEL_ERROR)
    assert(predict(model, TestImages.png(4, 4, Color.RED)).size === 1)
  }

  test("BAT-6 unreadable model - one sentence that names file, trouble and remedy") {
    val cases = Table(
      ("from", "to", "message"),
      ("detector.onnx", "other.onnx", "Cannot read model file DIR/other.onnx: there is no such file."),
      (
        "name: images",
        "name: image",
        "Cannot use model DIR/detector.onnx: the graph has no input 'image', which model.yaml" +
          " names under input.name (it has [images])."),
      (
        "boxes: boxes",
        "boxes: bboxes",
        "Cannot use model DIR/detector.onnx: the graph has no output 'bboxes', which model.yaml" +
          " names under output (it has [boxes, scores])."),
      (
        "[red, green]",
        "[red, green, blue]",
        "Cannot use model DIR/detector.onnx: its output 'scores' has the shape [1, 2, 2] but 3" +
          " labels in model.yaml call for [1, 2, 3]."),
      (
        "width: 8",
        "width: 16",
        "Cannot use model DIR/detector.onnx: its input 'images' has the shape [-1, 3, 8, 8] but" +
          " model.yaml says [-1, 3, 8, 16] (-1 is any number)."),
      (
        "color: RGB",
        "colour: RGB",
        "Cannot read model description DIR/model.yaml: Unknown key input.colour (did you mean" +
          " input.color? known: name, width, height, layout, color, resize, scale, mean, std)."))
    forAll(cases) { (from, to, message) =>
      val directory = TestModels.directory(TestModels.Detector.replace(from, to))
      val failure = intercept[DatasetException](load(directory))
      assert(failure.getMessage === message.replace("DIR", uri(directory)))
    }
  }

  test("BAT-6 model file that is no ONNX - says so") {
    val directory = TestModels.directory(TestModels.Detector)
    Files.writeString(directory.resolve("detector.onnx"), "not a model")
    val failure = intercept[DatasetException](load(directory))
    assert(failure.getMessage.startsWith(s"Cannot load model ${uri(directory)}/detector.onnx: "))
    assert(failure.getMessage.endsWith("Check that the file is a complete ONNX model."))
  }

  test("BAT-6 model directory that does not exist, or holds no description - says which") {
    val missing = Files.createTempDirectory("m").resolve("none")
    assert(
      intercept[DatasetException](load(missing)).getMessage ===
        s"Cannot read model ${uri(missing)}: there is no such directory. Give a directory with" +
        " model.yaml and the ONNX file it names.")
    val empty = Files.createTempDirectory("m")
    assert(
      intercept[DatasetException](load(empty)).getMessage ===
        s"Cannot read model description ${uri(empty)}/model.yaml: there is no such file.")
  }

  test("BAT-5 model given as its .onnx or its .yaml - is the model of that description") {
    val directory = TestModels.directory(TestModels.Detector)
    val digests = Seq("", "model.yaml", "detector.onnx").map(name => files(directory.resolve(name)).digest)
    assert(digests.distinct.size === 1)
    val failure = intercept[DatasetException](files(directory.resolve("fixed.onnx")))
    assert(failure.getMessage.endsWith("the model.yaml beside it describes detector.onnx."))
  }

  test("BAT-6 model whose SHA-256 is given - is checked against it") {
    val digest = Digest.ofBytes(
      Files.readAllBytes(TestModels.directory(TestModels.Detector).resolve("detector.onnx")))
    load(TestModels.directory(TestModels.Detector + s"sha256: ${digest.hex}\n"))
    val failure = intercept[DatasetException](
      load(TestModels.directory(TestModels.Detector + s"sha256: '${"0" * 64}'\n")))
    assert(failure.getMessage.contains(s"its SHA-256 is ${digest.hex} but model.yaml says 0000"))
  }

  test("BAT-8 loaded models - leased twice - are loaded once, and unused ones make room") {
    val detector = files(TestModels.directory(TestModels.Detector))
    val first = LoadedModels.lease(detector, 1)
    val second = LoadedModels.lease(detector, 1)
    assert(first.model eq second.model)
    first.close()
    second.close()
    val before = first.model
    LoadedModels.lease(files(TestModels.directory(TestModels.Classifier)), 1).close()
    assert(LoadedModels.count() === 1)
    val again = LoadedModels.lease(detector, 1)
    assert(!(again.model eq before))
    again.close()
  }

  private def predict(model: OnnxModel, images: Array[Byte]*): Seq[Answer] =
    model.predict(images.map(model.prepare).asJava).asScala.toSeq

  private def load(yaml: String): OnnxModel = load(TestModels.directory(yaml))

  private def load(directory: Path): OnnxModel = OnnxModel.load(files(directory), 1)

  private def files(path: Path): ModelFiles =
    ModelFiles.read(new LocalObjectStore(), StorageUri.of(path))

  private def uri(path: Path): String = StorageUri.of(path).value
}
