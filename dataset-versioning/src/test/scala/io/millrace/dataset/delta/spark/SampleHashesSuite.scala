package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.{Column, DataFrame}
import org.apache.spark.sql.functions._
import org.apache.spark.sql.types._
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.Sample

class SampleHashesSuite extends AnyFunSuite with SharedSparkSession {
  private val samples = GeneratedSamples.samples(200, 11)
  private val single = samples.find(_.annotations.size == 1).get
  private val several = samples.find(sample => sample.annotations.asScala.distinct.size >= 2).get

  for ((what, sample) <- Seq("one annotation" -> single, "several annotations" -> several)) {
    test(s"VER-1 digest of rows - a sample with $what - any column that changes is found") {
      val rows = version(sample)
      val columns = VersionRows.SCHEMA.fields.toSeq.filter(_.name != "annotations").map(field =>
        field.name -> rows.withColumn(field.name, changed(col(field.name), field.dataType)))
      val inAnnotations = AnnotationRows.SCHEMA.fields.toSeq.map(field =>
        s"annotations.${field.name}" -> rows.withColumn("annotations", transform(col("annotations"),
          a => a.withField(field.name, changed(a.getField(field.name), field.dataType)))))
      val digests = digestsOf((("nothing" -> rows) +: columns) ++ inAnnotations)
      val unnoticed = digests.filter { case (name, digest) => name != "nothing" && digest == digests("nothing") }
      assert(unnoticed.keys.isEmpty)
    }
  }

  test("VER-1 digest of rows - annotations in another order, one more, one less - is found") {
    val rows = version(several)
    val annotations = col("annotations")
    val digests = digestsOf(Seq(
      "nothing" -> rows,
      "order" -> rows.withColumn("annotations", reverse(annotations)),
      "more" -> rows.withColumn("annotations", concat(annotations, slice(annotations, 1, 1))),
      "less" -> rows.withColumn("annotations", slice(annotations, 1, several.annotations.size - 1)),
      "none" -> rows.withColumn("annotations", slice(annotations, 1, 0))))
    assert(digests.values.toSet.size == 5)
  }

  private def version(sample: Sample): DataFrame =
    spark.createDataFrame(java.util.List.of(SampleRows.toRow(sample)), SampleRows.SCHEMA)
      .withColumn("publish_id", lit("pub-1"))
      .withColumn("annotation_file", lit(null).cast(StringType))
      .select(DatasetTable.columns(VersionRows.SCHEMA).toSeq: _*)

  private def digestsOf(variants: Seq[(String, DataFrame)]): Map[String, Seq[Byte]] = {
    val all = variants.map { case (name, rows) =>
      VersionFiles.hashed(rows).withColumn("variant", lit(name))
    }.reduce(_.union(_))
    all.collect().map(row => row.getAs[String]("variant") -> VersionFiles.digested(row).toSeq).toMap
  }

  private def changed(value: Column, dataType: DataType): Column = dataType match {
    case StringType => concat(coalesce(value, lit("")), lit("x"))
    case BooleanType => not(coalesce(value, lit(false)))
    case TimestampType => when(value.isNull, to_timestamp(lit("2001-02-03 04:05:06"))).otherwise(lit(null))
    case ArrayType(element, _) => concat(coalesce(value, array().cast(dataType)),
      array(lit(null).cast(element)))
    case _: NumericType => (coalesce(value, lit(0)) + 1).cast(dataType)
    case other => fail(s"no change known for $other")
  }
}
