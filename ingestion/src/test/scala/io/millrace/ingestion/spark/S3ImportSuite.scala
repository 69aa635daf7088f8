package io.millrace.ingestion.spark

import java.nio.file.Files
import java.time.{Clock, Instant, ZoneOffset}

import io.millrace.dataset.{DatasetName, LabelTaskType, StorageUri}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, S3Session, SampleRows, SharedSparkSession}
import io.millrace.dataset.storage.{ObjectStore, ObjectStores, S3Server}
import io.millrace.ingestion._
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.probe.Images
import org.scalatest.funsuite.AnyFunSuite

class S3ImportSuite extends AnyFunSuite with SharedSparkSession with S3Session {
  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)

  for (scheme <- Seq("s3", "obs")) {
    test(s"ING-1 ING-6 import from $scheme - awkward keys, sync by etag, copy - as from files") {
      inS3 {
        val source = StorageUri.parse(s"$scheme://${S3Server.freshBucket()}/up loads")
        val store = ObjectStores.of(source)
        val names = FormatExamples.names
        names.foreach(name => putPair(store, source, s"in/$name"))
        val dataset = newDataset()
        val first = run(config(dataset, source))
        assert(Seq(first.imported, first.rejected) === Seq(names.size, 0), rejects(dataset))
        assert(samples(dataset).forall(_.sourceState.etag.isPresent))
        val again = run(config(dataset, source))
        assert(Seq(again.unchanged, again.missing) === Seq(names.size, 0))
        putPair(store, source, "in/a b")
        assert(run(config(dataset, source)).unchanged === names.size)
        put(store, source.resolve("in/a b.jpg"), Images.jpeg(50, 40))
        assert(run(config(dataset, source)).updated === 1)
        store.delete(source.resolve("in/a+b.jpg"))
        store.delete(source.resolve("in/a+b.xml"))
        assert(run(config(dataset, source)).missing === 1)
        val copied = newDataset()
        assert(run(config(copied, source).withCopy(CopyMode.COPY)).imported === names.size - 1)
        assert(samples(copied).forall(sample => Files.exists(sample.source.requireLocalPath)))
      }
    }
  }

  private def putPair(store: ObjectStore, source: StorageUri, name: String): Unit = {
    put(store, source.resolve(s"$name.jpg"), Images.jpeg(40, 30))
    val fileName = (name.substring(name.lastIndexOf('/') + 1) + ".jpg").replace("&", "&amp;")
    put(store, source.resolve(s"$name.xml"), voc(fileName, Seq(Cat)).getBytes("UTF-8"))
  }

  private def put(store: ObjectStore, address: StorageUri, bytes: Array[Byte]): Unit =
    store.write(address, out => out.write(bytes))

  private def newDataset(): DatasetLayout =
    DatasetCatalog
      .at(StorageUri.of(temporaryDirectory()))
      .create(new DatasetName("cells"), LabelTaskType.OBJECT_DETECTION, "", clock)

  private def config(dataset: DatasetLayout, source: StorageUri): ImportConfig =
    ImportConfig.of(dataset, source, ImportFormat.AUTO)

  private def run(config: ImportConfig): ImportReport = new ImportJob(spark, config, clock).run()

  private def samples(dataset: DatasetLayout) =
    DatasetTable.open(spark, dataset).samples().collect().map(row => SampleRows.toSample(row))

  private def rejects(dataset: DatasetLayout): String =
    DatasetTable.open(spark, dataset).rejects().collect().mkString("\n")
}
