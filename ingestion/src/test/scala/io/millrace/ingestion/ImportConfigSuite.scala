package io.millrace.ingestion

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, FailureLimit, Limits, StorageUri}
import io.millrace.dataset.delta.DatasetLayout
import org.scalatest.funsuite.AnyFunSuite

class ImportConfigSuite extends AnyFunSuite {
  private val dataset = new DatasetLayout(StorageUri.parse("/datasets/cells-1"))
  private val source = StorageUri.parse("/data/in")

  test("settings - defaults") {
    val config = ImportConfig.of(dataset, source, ImportFormat.VOC)
    assert(config.onError === OnError.SKIP)
    assert(config.maxRejects === FailureLimit.UNLIMITED)
    assert(config.boxPolicy === BoxPolicy.REJECT)
    assert(config.maxPixels === 178956970L)
    assert(config.limits === Limits.DEFAULT)
    assert(config.text === TextOptions.DEFAULT)
    assert(config.copy === CopyMode.REFERENCE)
    assert(config.missing === MissingPolicy.KEEP)
  }

  test("ING-1 settings - dataset equal to or below the source - refused; beside it is taken") {
    for (inside <- Seq("/datasets/cells-1", "/datasets", "/datasets/", "/")) {
      val failure = intercept[DatasetException](
        ImportConfig.of(dataset, StorageUri.parse(inside), ImportFormat.VOC))
      assert(
        failure.getMessage ===
          s"Cannot import $inside: the dataset at /datasets/cells-1 lies in it and would " +
          "import itself. Keep the dataset in another directory.")
    }
    ImportConfig.of(dataset, StorageUri.parse("/datasets/cells"), ImportFormat.VOC)
    ImportConfig.of(dataset, StorageUri.parse("s3://datasets"), ImportFormat.VOC)
  }

  test("settings - inline content as source, no pixels - refused with the value") {
    assert(
      intercept[DatasetException](
        ImportConfig.of(dataset, StorageUri.ofContent("hello"), ImportFormat.MANIFEST)).getMessage
        .startsWith("Cannot import content://hello: it is inline content."))
    assert(
      intercept[DatasetException](
        ImportConfig.of(dataset, source, ImportFormat.VOC).withMaxPixels(0)).getMessage === "Invalid max-pixels: 0 (expected at least 1)")
  }

  test("settings - table in the README - names every component of the record, in order") {
    val settings = "\\| `([A-Za-z]+)` \\|.*".r
    val section = Files
      .readAllLines(Path.of("README.md"))
      .asScala
      .dropWhile(!_.startsWith("## Settings"))
      .drop(1)
      .takeWhile(!_.startsWith("## "))
    val named = section.collect { case settings(name) => name }
    assert(named.toSeq === classOf[ImportConfig].getRecordComponents.map(_.getName).toSeq)
  }
}
