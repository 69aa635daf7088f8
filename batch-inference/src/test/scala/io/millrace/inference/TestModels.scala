package io.millrace.inference

import java.nio.file.{Files, Path, StandardCopyOption}

/** The models of `src/test/resources/models`, put into directories with a description. */
object TestModels {
  val Detector: String =
    """model: detector.onnx
      |task: object_detection
      |input:
      |  name: images
      |  width: 8
      |  height: 8
      |  layout: NCHW
      |  color: RGB
      |  resize: stretch
      |  scale: 0.00392156862745098
      |  mean: [0, 0, 0]
      |  std: [1, 1, 1]
      |output:
      |  boxes: boxes
      |  scores: scores
      |  score_threshold: 0.3
      |  nms_iou: 0.5
      |  max_detections: 200
      |labels: [red, green]
      |""".stripMargin

  val Classifier: String =
    """model: classifier.onnx
      |task: image_classification
      |input:
      |  name: images
      |  width: 4
      |  height: 4
      |  layout: NCHW
      |  color: RGB
      |  resize: stretch
      |  scale: 0.00392156862745098
      |  mean: [0, 0, 0]
      |  std: [1, 1, 1]
      |output:
      |  scores: logits
      |  activation: softmax
      |labels: [red, green, blue]
      |""".stripMargin

  /** A directory with all model files and this description. */
  def directory(yaml: String): Path = {
    val directory = Files.createTempDirectory("model")
    for (name <- Seq("detector", "classifier", "fixed", "glaring")) {
      val resource = getClass.getResourceAsStream(s"/models/$name.onnx")
      try {
        Files.copy(resource, directory.resolve(s"$name.onnx"), StandardCopyOption.REPLACE_EXISTING)
      } finally resource.close()
    }
    Files.writeString(directory.resolve("model.yaml"), yaml)
    directory
  }
}
