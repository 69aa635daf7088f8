package io.millrace.ingestion.spark

import java.nio.file.Path
import java.time.Clock

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetName, LabelTaskType, SharedData, StorageUri}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, SampleRows, SharedSparkSession}
import io.millrace.ingestion._
import org.scalatest.funsuite.AnyFunSuite

/** Imports of public data sets that the field uses; cancels where they are not on this machine. */
class RealDataSuite extends AnyFunSuite with SharedSparkSession with SharedData {

  test("ING-2 BCCD, 364 blood cell images in VOCdevkit directories - all but two broken boxes") {
    val dataset = newDataset(LabelTaskType.OBJECT_DETECTION)
    val report = run(dataset, sharedData("bccd-voc/BCCD"), ImportFormat.VOC)
    info(report.toText)
    assert(Seq(report.seen, report.imported, report.labels) === Seq(364, 362, 3))
    assert(report.rejections.asScala === Map(RejectReason.BROKEN_BOX -> 2))
    val samples = DatasetTable.open(spark, dataset).samples().collect().map(SampleRows.toSample(_))
    assert(samples.forall(_.measures.width.getAsInt == 640))
    val usages = samples.groupBy(_.usage.get.name).view.mapValues(_.length).toMap
    assert(usages.values.sum === 362)
    assert(usages.keySet === Set("TRAIN", "EVAL", "TEST"))
    val rejected = DatasetTable.open(spark, dataset).rejects().collect().map(_.getString(1))
    assert(
      rejected.map(source => source.substring(source.lastIndexOf('/') + 1)).toSet ===
        Set("BloodImage_00338.jpg", "BloodImage_00343.jpg"))
    assert(run(dataset, sharedData("bccd-voc/BCCD"), ImportFormat.VOC).unchanged === 362)
  }

  test("ING-2 files of the original Pascal VOC, with parts and children in any order - all taken") {
    val dataset = newDataset(LabelTaskType.OBJECT_DETECTION)
    val report = run(dataset, sharedData(s"$Carbon/voc"), ImportFormat.VOC)
    info(report.toText)
    assert(Seq(report.seen, report.imported) === Seq(5, 5))
  }

  test("ING-2 flowers - directories as labels; the image that lies above them is refused") {
    val dataset = newDataset(LabelTaskType.IMAGE_CLASSIFICATION)
    val report = run(dataset, sharedData(Carbon), ImportFormat.IMAGENET)
    info(report.toText)
    assert(report.rejections.asScala === Map(RejectReason.NO_LABEL_DIRECTORY -> 1))
    assert(report.imported === 14)
    assert(report.labels === 4)
  }

  test("ING-2 flowers - labels in text files beside the images - recognised, all taken") {
    val dataset = newDataset(LabelTaskType.IMAGE_CLASSIFICATION)
    val report = run(dataset, sharedData(s"$Carbon/flowers"), ImportFormat.AUTO)
    info(report.toText)
    assert(report.format === ImportFormat.IMAGE_TXT)
    assert(Seq(report.seen, report.imported) === Seq(3, 3))
    val samples = DatasetTable.open(spark, dataset).samples().collect().map(SampleRows.toSample(_))
    assert(samples.forall(_.isLabelled))
  }

  test("ING-2 spoken digits, 360 recordings - unlabelled, each with its length and rate") {
    val dataset = newDataset(LabelTaskType.AUDIO_CLASSIFICATION)
    val report = run(dataset, sharedData("fsdd/recordings"), ImportFormat.AUTO)
    info(report.toText)
    assert(report.format === ImportFormat.UNLABELLED)
    assert(Seq(report.seen, report.imported) === Seq(360, 360))
    val samples = DatasetTable.open(spark, dataset).samples().collect().map(SampleRows.toSample(_))
    assert(samples.forall(_.measures.sampleRate.getAsInt == 8000))
    assert(samples.forall(_.measures.seconds.getAsDouble > 0.1))
  }

  private val Carbon = "carbondata-flowers/sdk/sdk/src/test/resources/image"

  private def run(dataset: DatasetLayout, source: Path, format: ImportFormat): ImportReport =
    new ImportJob(
      spark,
      ImportConfig.of(dataset, StorageUri.of(source), format),
      Clock.systemUTC()).run()

  private def newDataset(taskType: LabelTaskType): DatasetLayout =
    DatasetCatalog
      .at(StorageUri.of(temporaryDirectory()))
      .create(new DatasetName("real"), taskType, "", Clock.systemUTC())
}
