package io.millrace.ingestion

import io.millrace.dataset.DatasetException
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class ImportFormatSuite extends AnyFunSuite {

  test("format - name in any case and with spaces around it - is read") {
    assert(ImportFormat.parse("voc") === ImportFormat.VOC)
    assert(ImportFormat.parse(" ImageNet ") === ImportFormat.IMAGENET)
    assert(ImportFormat.parse("MANIFEST") === ImportFormat.MANIFEST)
    assert(ImportFormat.parse("image_txt") === ImportFormat.IMAGE_TXT)
    assert(ImportFormat.parse("image-txt") === ImportFormat.IMAGE_TXT)
  }

  test("format - unknown name - error names the known ones, and the nearest if one is near") {
    val known = "expected one of auto, voc, imagenet, image-txt, yolo, image-segmentation, coco, text-combined, " +
      "text-separate, audio-dir, unlabelled, manifest, sagemaker, huggingface, table"
    forAll(
      Table(
        ("text", "message"),
        ("imagnet", s"Invalid format: 'imagnet' ($known). Did you mean imagenet?"),
        ("vco", s"Invalid format: 'vco' ($known). Did you mean voc?"),
        ("manifests", s"Invalid format: 'manifests' ($known). Did you mean manifest?"),
        ("parquet", s"Invalid format: 'parquet' ($known)."),
        ("", s"Invalid format: '' ($known).")
      )) { (text, message) =>
      assert(intercept[DatasetException](ImportFormat.parse(text)).getMessage === message)
    }
  }
}
