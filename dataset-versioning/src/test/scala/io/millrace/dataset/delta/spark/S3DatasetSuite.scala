package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetName, LabelTaskType, StorageUri}
import io.millrace.dataset.delta.DatasetCatalog
import io.millrace.dataset.storage.{ObjectStores, S3Server}
import io.millrace.dataset.versioning.PublishRequest

/** A dataset in an object store: made by Kernel, filled by Spark, read by both. */
class S3DatasetSuite extends AnyFunSuite with SharedSparkSession with S3Session {
  test("ING-1 dataset in S3 - made, filled, published - is there for Kernel and Spark alike") {
    madeFilledPublished(s"s3://${S3Server.freshBucket()}/data sets")
  }

  test("ING-1 dataset in OBS - made, filled, published - is there for Kernel and Spark alike") {
    madeFilledPublished(s"obs://${S3Server.freshBucket()}/datasets")
  }

  private def madeFilledPublished(root: String): Unit = inS3 {
    val catalog = DatasetCatalog.at(StorageUri.parse(root))
    val pets = new DatasetName("pets")
    catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", Cells.clock)
    val table = DatasetTable.open(spark, catalog.find(pets))
    Cells.add(spark, table, Cells.images(20))
    val version = new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    assert(version.samples == 20)
    assert(table.version(version).count() == 20)
    assert(catalog.list.asScala.map(_.info.name) == Seq(pets))
    val manifest = Using.resource(ObjectStores.of(version.manifest).open(version.manifest))(
      in => new String(in.readAllBytes, "UTF-8"))
    assert(manifest.linesIterator.size == 20)
  }
}
