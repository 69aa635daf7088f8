package io.millrace.inference

import java.util.{List => JList}

import io.millrace.dataset.{DatasetException, Label, StorageUri}
import io.millrace.dataset.Shape.BoundingBox
import io.millrace.inference.Answer.{Classification, Detection, Detections, LabelScore}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class AnswerSuite extends AnyFunSuite {
  private val detections = new Detections(
    JList.of(
      new Detection(new Label("face"), 0.99, new BoundingBox(42.6, 33.6, 203.4, 104.5)),
      new Detection(new Label("手臂"), 0.73, new BoundingBox(92.8, 103.1, 945.7, 765.6))))
  private val classification = new Classification(
    JList.of(new LabelScore(new Label("rose"), 0.99), new LabelScore(new Label("begonia"), 0.01)))

  test("BAT-5 answer - detections - the guide's shape with boxes as ymin, xmin, ymax, xmax") {
    assert(
      AnswerJson.encode(detections) ===
        """{"detection_classes":["face","手臂"],""" +
        """"detection_boxes":[[33.6,42.6,104.5,203.4],[103.1,92.8,765.6,945.7]],""" +
        """"detection_scores":[0.99,0.73]}""")
  }

  test("BAT-5 answer - classification - the guide's shape") {
    assert(
      AnswerJson.encode(classification) ===
        """{"predicted_label":"rose","scores":[["rose",0.99],["begonia",0.01]]}""")
  }

  test("BAT-6 answer - decode of encode - is the same answer") {
    for (answer <- Seq(detections, classification, new Detections(JList.of()))) {
      assert(AnswerJson.decode(AnswerJson.encode(answer)) === answer)
    }
  }

  test("BAT-6 answer - decode of half or foreign text - fails instead of inventing") {
    val texts = Table(
      "text",
      "",
      "{",
      "[]",
      "{}",
      "{\"scores\":[]}",
      "{\"scores\":[[1,2]]}",
      "{\"detection_classes\":[\"a\"],\"detection_boxes\":[],\"detection_scores\":[1]}",
      "{\"detection_classes\":[\"a\"],\"detection_boxes\":[[1,2,3]],\"detection_scores\":[1]}",
      "{\"detection_classes\":[7],\"detection_boxes\":[[1,2,3,4]],\"detection_scores\":[1]}")
    forAll(texts) { text => assertThrows[DatasetException](AnswerJson.decode(text)) }
  }

  test("BAT-3 manifest line - successful - byte for byte as in the guide") {
    val line = ResultManifest.line(
      new Outcome.Successful(
        0,
        "obs://obs-data-bucket/test/data/1.jpg",
        StorageUri.parse("obs://test-bucket/test/infer-result/1.jpg_result.txt"),
        classification,
        Outcome.Origin.SCORED))
    assert(
      line ===
        """{"source": "obs://obs-data-bucket/test/data/1.jpg","result":"SUCCESSFUL",""" +
        """"inference-loc": "obs://test-bucket/test/infer-result/1.jpg_result.txt"}""")
  }

  test("BAT-3 manifest line - failed - byte for byte as in the guide, special characters escaped") {
    assert(
      ResultManifest.line(
        new Outcome.Failed(
          1,
          "s3://obs-data-bucket/test/data/2.jpg",
          FailureReason.UNREADABLE,
          "Download file failed.")) ===
        """{"source": "s3://obs-data-bucket/test/data/2.jpg","result":"FAILED",""" +
        """"error_message": "Download file failed."}""")
    assert(
      ResultManifest.line(new Outcome.Failed(1, "/a \"b\".jpg", FailureReason.EMPTY, "one\ntwo")) ===
        """{"source": "/a \"b\".jpg","result":"FAILED","error_message": "one\ntwo"}""")
  }

  test("BAT-2 manifest line - pre-signed source - its query survives untouched") {
    val source = "https://h:443/d/2.jpg?AccessKeyId=2Q0&Expires=15&Signature=wZB%2Btt&x=gQp+z="
    val line = ResultManifest.line(new Outcome.Failed(0, source, FailureReason.UNREADABLE, "no"))
    assert(line.startsWith("{\"source\": \"" + source + "\","))
  }
}
