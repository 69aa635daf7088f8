package io.millrace.inference

import java.nio.file.{Files, Path}

import io.millrace.dataset.{DatasetException, FailureLimit, StorageUri, Usage}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

class BatchConfigSuite extends AnyFunSuite {
  private val config = BatchConfig.of(
    new TaskId("t1"),
    StorageUri.parse("/models/cells"),
    BatchInput.of(StorageUri.parse("/data/images")),
    StorageUri.parse("/out"))

  test("BAT-1 config - of - every default") {
    assert(config.maxFailures === FailureLimit.UNLIMITED)
    assert(config.batchSize === 8)
    assert(config.intraOpThreads === 1)
    assert(config.manifestBytes === 67108864L)
  }

  test("BAT-1 config - value out of range - names key, value and range") {
    val cases = Table(
      ("change", "message"),
      (() => config.withBatchSize(0), "Invalid batch-size: 0 (expected 1 to 1024)"),
      (() => config.withBatchSize(1025), "Invalid batch-size: 1025 (expected 1 to 1024)"),
      (() => config.withIntraOpThreads(0), "Invalid intra-op-threads: 0 (expected 1 to 64)"),
      (
        () => config.withManifestBytes(0),
        "Invalid manifest-bytes: 0 (expected 1 to 1073741824)"))
    forAll(cases) { (change, message) =>
      assert(intercept[DatasetException](change()).getMessage === message)
    }
  }

  test("BAT-1 config - output that is no directory - is refused") {
    val failure = intercept[DatasetException](
      BatchConfig.of(config.taskId, config.model, config.input, StorageUri.parse("https://h/x")))
    assert(failure.getMessage === "Invalid output: https://h/x (expected a directory)")
  }

  test("BAT-1 config - the table of settings in README.md - names every setting and its default") {
    val readme = Files.readString(readmeFile())
    val rows = readme.linesIterator
      .filter(_.startsWith("| "))
      .map(_.split('|').map(_.trim))
      .filter(_.length == 5)
      .map(cells => cells(2).replace("`", "") -> cells(3))
      .toMap
    val names = classOf[BatchConfig].getRecordComponents.map(_.getName).toSeq
    assert(names.forall(rows.contains), s"README.md lacks ${names.filterNot(rows.contains)}")
    assert(rows("maxFailures") === s"`${BatchConfig.DEFAULT_MAX_FAILURES}`")
    assert(rows("batchSize") === s"`${BatchConfig.DEFAULT_BATCH_SIZE}`")
    assert(rows("intraOpThreads") === s"`${BatchConfig.DEFAULT_INTRA_OP_THREADS}`")
    assert(rows("manifestBytes") === s"`${BatchConfig.DEFAULT_MANIFEST_BYTES}`")
  }

  test("BAT-2 input - by its name - is a manifest or a directory") {
    assert(BatchInput.of(StorageUri.parse("/d/in.manifest")).isInstanceOf[BatchInput.ManifestFile])
    assert(
      BatchInput.of(StorageUri.parse("s3://b/in.manifest.gz")).isInstanceOf[BatchInput.ManifestFile])
    assert(BatchInput.of(StorageUri.parse("/d/images")).isInstanceOf[BatchInput.Directory])
  }

  test("BAT-2 part - parse - any case, and an unknown one names those there are") {
    assert(PartSelection.parse("eval") === PartSelection.EVAL)
    val failure = intercept[DatasetException](PartSelection.parse("evaluate"))
    assert(
      failure.getMessage ===
        "Invalid part: 'evaluate' (expected one of TRAIN, EVAL, TEST, INFERENCE, NONE, ALL)")
  }

  test("BAT-2 part - includes - its usage alone, none for NONE, everything for ALL") {
    val eval = java.util.Optional.of(Usage.EVAL)
    val none = java.util.Optional.empty[Usage]()
    assert(PartSelection.values.filter(_.includes(eval)) === Array(PartSelection.EVAL, PartSelection.ALL))
    assert(PartSelection.values.filter(_.includes(none)) === Array(PartSelection.NONE, PartSelection.ALL))
  }

  test("BAT-1 task id - with a slash - is refused") {
    val failure = intercept[DatasetException](new TaskId("../x"))
    assert(failure.getMessage.startsWith("Invalid task id: '../x'"))
    assert(TaskId.random() !== TaskId.random())
  }

  private def readmeFile(): Path =
    Iterator
      .iterate(Path.of("").toAbsolutePath)(_.getParent)
      .takeWhile(_ != null)
      .flatMap(directory =>
        Seq(directory.resolve("README.md"), directory.resolve("batch-inference/README.md")))
      .find(file => Files.exists(file) && Files.readString(file).startsWith("# batch-inference"))
      .getOrElse(fail("batch-inference/README.md not found"))
}
