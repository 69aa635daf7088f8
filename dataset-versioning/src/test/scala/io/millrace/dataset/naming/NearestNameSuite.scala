package io.millrace.dataset.naming

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class NearestNameSuite extends AnyFunSuite {

  test("nearest name - a typing error or two - the name that was meant") {
    forAll(
      Table(
        ("typed", "known", "nearest"),
        ("colour", Seq("name", "width", "color"), "color"),
        ("tasks", Seq("model", "sha256", "task"), "task"),
        ("imagnet", Seq("voc", "imagenet", "manifest"), "imagenet"),
        ("WDITH", Seq("name", "width", "height"), "width"),
        ("vco", Seq("voc", "imagenet", "manifest"), "voc"),
        ("eval", Seq("TRAIN", "EVAL"), "EVAL"),
        ("bo", Seq("box", "boy"), "box")
      )) { (typed, known, nearest) =>
      assert(NearestName.of(typed, known.asJava).toScala === Some(nearest))
    }
  }

  test("nearest name - a part of a name - that name, before one with fewer errors") {
    assert(nearest("iou", "boxes", "nms_iou") === Some("nms_iou"))
    assert(nearest("iou", "you", "nms_iou") === Some("nms_iou"))
    assert(nearest("Threshold", "score_threshold", "scores") === Some("score_threshold"))
  }

  test("nearest name - none is near - says nothing") {
    assert(nearest("parquet", "voc", "imagenet", "manifest") === None)
    assert(nearest("coco", "voc", "imagenet", "manifest") === None)
    assert(nearest("", "voc", "imagenet") === None)
    assert(nearest("im", "voc", "imagenet") === None)
    assert(nearest("voc") === None)
  }

  private def nearest(typed: String, known: String*): Option[String] =
    NearestName.of(typed, known.asJava).toScala
}
