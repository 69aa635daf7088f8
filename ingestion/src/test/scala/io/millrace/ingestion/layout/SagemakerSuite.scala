package io.millrace.ingestion.layout

import java.nio.charset.StandardCharsets
import java.nio.file.Path
import java.time.LocalDateTime

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{Annotation, DatasetKind, LabelTaskType, StorageUri}
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.ingestion.{Note, RejectReason}
import io.millrace.ingestion.ImportFixture.write
import io.millrace.ingestion.layout.Outcome.{Accepted, Aside, Refused}
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class SagemakerSuite extends AnyFunSuite with LayoutFixture {
  private val about =
    """"job-name": "labeling-job/x", "human-annotated": "yes", "creation-date": "2018-10-18T22:18:13.527256""""

  test("ING-3 sagemaker - image classification - label, confidence, annotator, time and job") {
    val only = accepted(images(
      s"""{"source-ref": "a.jpg", "animal": 0, "animal-metadata": {"class-name": "cat", "confidence": 0.83,
         |"type": "groundtruth/image-classification", $about}, "site": "north"}""".stripMargin)).head
    val annotation = only.sample.annotations.get(0).asInstanceOf[Annotation.Classification]
    assert(annotation.name.value === "cat")
    assert(annotation.taskType === LabelTaskType.IMAGE_CLASSIFICATION)
    assert(annotation.info.confidence.getAsDouble === 0.83)
    assert(annotation.info.annotatedBy.get === "human")
    assert(annotation.info.creationTime.get === LocalDateTime.parse("2018-10-18T22:18:13"))
    assert(annotation.info.properties.value("job-name").get === "labeling-job/x")
    assert(only.sample.properties.values.asScala === Map("site" -> "north"))
    assert(only.sample.measures.width.getAsInt === 40)
  }

  test("ING-3 sagemaker - several labels, machine labels, several attributes - all are taken") {
    val only = accepted(images(
      """{"source-ref": "a.jpg", "animals": [0, 3], "animals-metadata": {"class-map": {"0": "dog", "3": "猫"},
        |"confidence-map": {"0": 0.5, "3": 1}, "type": "groundtruth/image-classification-multilabel",
        |"human-annotated": "no", "creation-date": "2018-10-18T22:18:13Z"},
        |"sky": 1, "sky-metadata": {"class-name": "blue", "type": "groundtruth/image-classification"}}""".stripMargin)).head
    assert(only.sample.labels.asScala.map(_.value) === Set("dog", "猫", "blue"))
    val dog = only.sample.annotations.get(0)
    assert(dog.info.annotatedBy.get === "sagemaker/auto-labeling")
    assert(dog.info.confidence.getAsDouble === 0.5)
  }

  test("ING-3 sagemaker - object detection - boxes with classes and confidences") {
    val only = accepted(images(boxes("""{"class_id": 1, "left": 4, "top": 5, "width": 10, "height": 20.5}"""))).head
    val box = only.sample.objects.get(0)
    assert(box.name.value === "dog")
    assert(box.shape === new BoundingBox(4, 5, 14, 25.5))
    assert(box.info.confidence.getAsDouble === 0.8)
    assert(only.notes.isEmpty)
  }

  test("ING-3 sagemaker - image size that is not the image's - noted") {
    val line = boxes("""{"class_id": 1, "left": 4, "top": 5, "width": 10, "height": 20}""")
      .replace("\"width\": 40", "\"width\": 500")
    assert(accepted(images(line)).head.notes.asScala === Seq(Note.SIZE_MISMATCH))
  }

  test("ING-3 sagemaker - masks and custom attributes - kept as properties, noted") {
    val found = outcomes(images(
      """{"source-ref": "a.jpg", "street-ref": "s3://b/mask.png", "street-ref-metadata":
        |{"internal-color-map": {"0": {"class-name": "BACKGROUND"}}, "type": "groundtruth/semantic-segmentation"}}""".stripMargin))
    val sample = found.collect { case a: Accepted => a.sample }.head
    assert(sample.properties.value("street-ref").get === "s3://b/mask.png")
    assert(sample.properties.value("street-ref-metadata").isPresent)
    assert(found.count(_ == new Aside(Note.ATTRIBUTE_KEPT)) === 1)
  }

  test("ING-3 sagemaker - texts - labels and named entities of inline text") {
    val source = directory()
    val manifest = write(
      source, "output.manifest",
      """{"source": "好 text", "s": 0, "s-metadata": {"class-name": "positive", "type": "groundtruth/text-classification"}}
        |{"source": "Ann met Bob", "e": {"annotations": {"entities": [{"label": "PER", "startOffset": 0, "endOffset": 3}]}},
        |"e-metadata": {"type": "groundtruth/text-span", "entities": [{"confidence": 0.9}]}}""".stripMargin
        .replace(",\n", ", "))
    val samples = accepted(sagemaker(manifest, LabelTaskType.NAMED_ENTITY_RECOGNITION)).map(_.sample)
    val byText = samples.map(s => s.source.path -> s).toMap
    assert(byText("好 text").labels.asScala.map(_.value) === Set("positive"))
    val entity = byText("Ann met Bob").annotations.get(0).asInstanceOf[Annotation.TextEntity]
    assert((entity.start, entity.end, entity.name.value) === ((0, 3, "PER")))
    assert(samples.forall(_.kind === DatasetKind.TEXT))
  }

  test("ING-3 sagemaker - what is wrong with a line - reason, line and column") {
    val detection = """"type": "groundtruth/object-detection", "class-map": {"0": "x"}"""
    forAll(
      Table(
        ("line", "reason", "message"),
        ("""{"source-ref": """, RejectReason.BROKEN_LINE, "Column 16: "),
        ("[]", RejectReason.BROKEN_LINE, "Column 1: the line is no JSON object."),
        ("""{"a": 1}""", RejectReason.BROKEN_LINE, "Column 1: the line has neither source-ref nor source."),
        ("""{"source-ref": 7}""", RejectReason.BROKEN_LINE, "Column 16: source-ref is no text, or an empty one."),
        ("""{"source-ref": "../a.jpg"}""", RejectReason.BROKEN_LINE, "Column 16: Invalid relative path"),
        ("""{"source-ref": "a.jpg", "a": 0, "a-metadata": {"class-name": "", "type": "groundtruth/image-classification"}}""",
          RejectReason.INVALID_LABEL, "Column 62: Invalid label: it is empty."),
        (s"""{"source-ref": "a.jpg", "b": {"annotations": [{"class_id": 9, "left": 0, "top": 0, "width": 1, "height": 1}]}, "b-metadata": {$detection}}""",
          RejectReason.BROKEN_LINE, "Column 60: class 9 is not in the class-map."),
        (s"""{"source-ref": "a.jpg", "b": {"annotations": [{"class_id": 0, "left": 0, "top": 0, "width": 0, "height": 1}]}, "b-metadata": {$detection}}""",
          RejectReason.BROKEN_BOX, "Column 47: the box is 0.0 x 1.0 pixels."),
        (s"""{"source-ref": "a.jpg", "b": {}, "b-metadata": {$detection}}""",
          RejectReason.BROKEN_LINE, "Column 30: there is no list at /b/annotations."),
        ("""{"source-ref": "a.jpg", "a": 0, "a-metadata": {"class-name": "x", "confidence": 7, "type": "groundtruth/image-classification"}}""",
          RejectReason.BROKEN_LINE, "Column 47: the confidence is 7 (expected 0 to 1)."),
        ("""{"source-ref": "gone.jpg"}""", RejectReason.SOURCE_MISSING, "There is no such file"),
        ("""{"source": "a text"}""", RejectReason.WRONG_KIND, "The line describes a sample of kind TEXT, the dataset holds IMAGE.")
      )) { (line, reason, message) =>
      val only = refused(images(line))
      assert(only.map(_.reason) === Seq(reason))
      assert(only.head.message.contains(message), only.head.message)
      assert(only.head.source.endsWith(":1"))
    }
  }

  test("ING-3 sagemaker - byte order mark, Windows line ends, GBK, blank lines, odd names") {
    val source = directory()
    val names = Seq("a b.jpg", "a+b.jpg", "100%.jpg", "a#b.jpg", "很好 1.jpg", "Case.jpg", "case.jpg")
    names.foreach(write(source, _, Images.jpeg(40, 30)))
    val text = names.map(name => s"""{"source-ref": "$name"}""").mkString("\r\n") + "\r\n\r\n"
    for (bytes <- Seq(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8), text.getBytes("GBK"))) {
      val manifest = write(source, "x.manifest", bytes)
      val found = outcomes(sagemaker(manifest, LabelTaskType.IMAGE_CLASSIFICATION))
      assert(found.collect { case a: Accepted => a.sample.source.fileName }.toSet === names.toSet)
      assert(found.collect { case other if !other.isInstanceOf[Accepted] => other } ===
        Seq(new Aside(Note.BLANK_LINE)))
    }
  }

  private def boxes(box: String): String =
    s"""{"source-ref": "a.jpg", "b": {"annotations": [$box], "image_size": [{"width": 40, "height": 30, "depth": 3}]},
       |"b-metadata": {"objects": [{"confidence": 0.8}], "class-map": {"1": "dog"},
       |"type": "groundtruth/object-detection", $about}}""".stripMargin

  private def images(line: String): Laid = {
    val source = directory()
    write(source, "a.jpg", Images.jpeg(40, 30))
    sagemaker(write(source, "x.manifest", line.replace("\n", " ")), LabelTaskType.OBJECT_DETECTION)
  }

  private def sagemaker(manifest: Path, taskType: LabelTaskType): Laid =
    open(new SagemakerFormat, manifest, taskType)
}
