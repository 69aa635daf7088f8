package io.millrace.dataset.delta.spark

import java.awt.Color
import java.awt.image.BufferedImage
import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}
import java.util.Optional
import javax.imageio.ImageIO

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession

import io.millrace.dataset._
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}

/** A dataset of real image files, each of one colour, whose label is the colour's name. */
object Pictures {
  val name = new DatasetName("colours")
  val clock: Clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)
  private val colours = Seq("blue" -> Color.BLUE, "red" -> Color.RED, "绿" -> Color.GREEN)

  /** So many pictures in turn of each colour; of every five the last is for evaluation. */
  def create(spark: SparkSession, directory: Path, count: Int): (DatasetLayout, Seq[Sample]) = {
    val layout = DatasetCatalog.at(StorageUri.of(directory.resolve("datasets")))
      .create(name, LabelTaskType.IMAGE_CLASSIFICATION, "", clock)
    val samples = (0 until count).map(i => sample(Files.createDirectories(directory.resolve("images")), i))
    val table = DatasetTable.open(spark, layout)
    table.upsert(
      spark.createDataFrame(SampleRows.toRows(samples.asJava), SampleRows.SCHEMA), new ImportId("imp-pictures-001"))
    (layout, samples)
  }

  private def sample(directory: Path, i: Int): Sample = {
    val (label, colour) = colours(i % colours.size)
    val file = directory.resolve(f"picture.$i%03d é.png")
    val image = new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB)
    for (x <- 0 until 8; y <- 0 until 6) image.setRGB(x, y, colour.getRGB)
    ImageIO.write(image, "png", file.toFile)
    val bytes = Files.readAllBytes(file)
    Sample.of(StorageUri.of(file), DatasetKind.IMAGE, bytes.length.toLong, clock.instant)
      .withDigest(Optional.of(Digest.ofBytes(bytes)))
      .withMeasures(Measures.ofImage(8, 6, 3))
      .withUsage(Optional.of(if (i % 5 == 4) Usage.EVAL else Usage.TRAIN))
      .withAnnotations(java.util.List.of(new Annotation.Classification(
        LabelTaskType.IMAGE_CLASSIFICATION, new Label(label),
        new AnnotationInfo(Optional.empty(), Properties.EMPTY.`with`("n", Long.box(i.toLong)), Hardness.NONE,
          Optional.of("human"), Optional.empty(), java.util.OptionalDouble.of(0.5), ""))))
  }
}
