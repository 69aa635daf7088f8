package io.millrace.dataset.delta.spark

import java.nio.file.Path
import java.time.{Clock, Instant, ZoneOffset}
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession

import io.millrace.dataset._
import io.millrace.dataset.delta.DatasetCatalog
import io.millrace.dataset.delta.DatasetLayout

/** A small dataset of annotated images, of which only the addresses exist. */
object Cells {
  val name = new DatasetName("cells")
  val clock: Clock = Clock.fixed(Instant.parse("2026-05-06T12:00:00Z"), ZoneOffset.UTC)

  /** Image i, with objects of these labels. */
  def image(i: Int, directory: String, file: String, labels: String*): Sample = {
    val objects: Seq[Annotation] = labels.zipWithIndex.map { case (label, n) =>
      new Annotation.ImageObject(
        LabelTaskType.OBJECT_DETECTION,
        new Label(label),
        new Shape.BoundingBox(10.0 * n, 5, 10.0 * n + 8, 30),
        ObjectTraits.DEFAULT,
        AnnotationInfo.NONE
      )
    }
    Sample
      .of(StorageUri.parse(s"/data/$directory/$file"), DatasetKind.IMAGE, 1000, clock.instant)
      .withId(new SampleId(f"id-$i%05d"))
      .withMeasures(Measures.ofImage(640, 480, 3))
      .withAnnotations(objects.asJava)
      .withOrigin(Optional.of(importId))
  }

  /** Images of three labels; every fifth has two of them. */
  def images(count: Int): Seq[Sample] = {
    val labels = Seq("RBC", "WBC", "血小板")
    (0 until count).map { i =>
      val second = if (i % 5 == 0) Seq(labels((i + 1) % 3)) else Nil
      image(i, "train", f"cell $i%05d.jpg", labels(i % 3) +: second: _*)
    }
  }

  val importId = new ImportId("imp-cells-0001")

  def create(directory: Path): DatasetLayout =
    DatasetCatalog
      .at(StorageUri.of(directory))
      .create(name, LabelTaskType.OBJECT_DETECTION, "", clock)

  def add(spark: SparkSession, table: DatasetTable, samples: Seq[Sample]): UpsertCounts =
    table.upsert(
      spark.createDataFrame(SampleRows.toRows(samples.asJava), SampleRows.SCHEMA),
      importId
    )
}
