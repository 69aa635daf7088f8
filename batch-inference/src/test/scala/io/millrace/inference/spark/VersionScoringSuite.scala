package io.millrace.inference.spark

import java.awt.Color
import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}
import java.util.{List => JList, Optional}

import scala.jdk.CollectionConverters._

import io.millrace.dataset._
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, PublishJob, SampleRows, SharedSparkSession}
import io.millrace.dataset.versioning.PublishRequest
import io.millrace.inference._
import io.millrace.inference.evaluation.DetectionEvaluation
import org.scalatest.funsuite.AnyFunSuite

class VersionScoringSuite extends AnyFunSuite with SharedSparkSession {
  private val clock = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC)
  private lazy val model = StorageUri.of(TestModels.directory(TestModels.Detector))
  private lazy val root = temporaryDirectory()
  private lazy val dataset: DatasetLayout = published()

  test("BAT-2 version, part EVAL - its samples alone, compared with its boxes") {
    val report = run(PartSelection.EVAL)
    assert((report.inputs, report.successful) === ((3, 3)))
    val evaluation = report.evaluation.get.asInstanceOf[DetectionEvaluation]
    assert(evaluation.images === 3)
    // Red halves are annotated and found; the difficult green ones neither help nor hurt.
    assert(evaluation.meanAveragePrecision === 1.0)
    assert(evaluation.labels.asScala.map(_.value).toSeq === Seq("red"))
    assert(evaluation.counts50(new Label("red")).truePositives === 3)
    val manifest = Files.readString(report.manifests.get(0).requireLocalPath)
    assert((3 to 5).forall(n => manifest.contains(s"/$n.png\"")))
  }

  test("BAT-2 version, part ALL - every sample; part TEST - nothing, and says which parts are") {
    assert(run(PartSelection.ALL).inputs === 6)
    val failure = intercept[DatasetException](run(PartSelection.TEST))
    assert(failure.getMessage.startsWith("Cannot score halves@V001, part TEST: no sample"))
    assert(failure.getMessage.contains("(parts: {EVAL=3, TRAIN=3})"))
  }

  test("BAT-1 output inside the dataset - is refused") {
    val failure =
      intercept[DatasetException](run(PartSelection.ALL, dataset.root.resolve("results")))
    assert(failure.getMessage.contains("it lies inside the dataset"))
  }

  private def run(
      part: PartSelection,
      output: StorageUri = StorageUri.of(temporaryDirectory())): BatchReport = {
    val input = new BatchInput.Version(dataset, DatasetRef.parse("halves@V001"), part)
    new BatchJob(spark, BatchConfig.of(new TaskId("t"), model, input, output), clock).run()
  }

  private def published(): DatasetLayout = {
    val layout = DatasetCatalog
      .at(StorageUri.of(root))
      .create(new DatasetName("halves"), LabelTaskType.OBJECT_DETECTION, "", clock)
    val table = DatasetTable.open(spark, layout)
    val rows = (0 until 6).map(sample).map(SampleRows.toRow).asJava
    table.upsert(spark.createDataFrame(rows, SampleRows.SCHEMA), new ImportId("imp-00000001"))
    val request = PublishRequest.DEFAULT.withUsage(PublishRequest.UsagePolicy.KEEP)
    new PublishJob(spark, table, request, clock).run()
    layout
  }

  private def sample(number: Int): Sample = {
    val file: Path = TestImages.write(
      root.resolve(s"pictures/$number.png"),
      TestImages.halves(80, 40, Color.RED, Color.GREEN))
    Sample
      .of(StorageUri.of(file), DatasetKind.IMAGE, Files.size(file), clock.instant)
      .withMeasures(Measures.ofImage(80, 40, 3))
      .withUsage(Optional.of(if (number < 3) Usage.TRAIN else Usage.EVAL))
      .withAnnotations(
        JList.of(
          boxed("red", 0, ObjectTraits.DEFAULT),
          boxed("green", 40, new ObjectTraits("Unspecified", false, false, true, Optional.empty()))))
  }

  private def boxed(label: String, left: Double, traits: ObjectTraits): Annotation =
    new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION,
      new Label(label),
      new Shape.BoundingBox(left, 0, left + 40, 40),
      traits,
      AnnotationInfo.NONE)
}
