package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._

import org.apache.spark.api.java.function.MapFunction
import org.apache.spark.sql.{Encoders, Row}
import org.apache.spark.sql.types.{ArrayType, StructType}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.{ImportId, Reject}

class SampleRowsSuite extends AnyFunSuite with ScalaCheckPropertyChecks with SharedSparkSession {
  implicit override val generatorDrivenConfig: PropertyCheckConfiguration =
    PropertyCheckConfiguration(minSuccessful = 500)

  test("sample rows - any sample - toSample of toRow is the sample") {
    forAll(GeneratedSamples.sample) { sample =>
      assert(SampleRows.toSample(SampleRows.toRow(sample)) == sample)
    }
  }

  test("sample rows - any annotation - has a cell for each column of its struct") {
    val struct =
      SampleRows.SCHEMA("annotations").dataType.asInstanceOf[ArrayType].elementType
    forAll(GeneratedSamples.annotation) { annotation =>
      assert(AnnotationRows.toRow(annotation).length == struct.asInstanceOf[StructType].length)
    }
  }

  test("sample rows - stored in a Delta table - are read back without loss") {
    val samples = GeneratedSamples.samples(300, 7)
    val path = temporaryDirectory().resolve("t").toString
    spark
      .createDataFrame(SampleRows.toRows(samples.asJava), SampleRows.SCHEMA)
      .write
      .format("delta")
      .save(path)
    val read = spark.read.format("delta").load(path).orderBy("id").collect()
    assert(read.toSeq.map(row => SampleRows.toSample(row)) == samples)
  }

  test("sample rows - made in a task by an encoder of the schema - are read back without loss") {
    val samples = GeneratedSamples.samples(50, 8)
    val rows = spark.createDataFrame(SampleRows.toRows(samples.asJava), SampleRows.SCHEMA)
    val mapped = rows.map(SampleRowsSuite.roundTrip, Encoders.row(SampleRows.SCHEMA))
    assert(mapped.orderBy("id").collect().toSeq.map(row => SampleRows.toSample(row)) == samples)
  }

  test("reject rows - a reject - toReject of toRow is the reject") {
    val reject = new Reject(
      new ImportId("imp-12345678"),
      "/a/b.xml",
      "box-outside-image",
      "Invalid box: …",
      java.time.Instant.parse("2026-01-02T03:04:05.678901Z")
    )
    val stored = spark.createDataFrame(List(RejectRows.toRow(reject)).asJava, RejectRows.SCHEMA)
    assert(RejectRows.toReject(RejectRows.toRow(reject)) == reject)
    assert(RejectRows.toReject(stored.first()) == reject)
  }
}

object SampleRowsSuite {
  val roundTrip: MapFunction[Row, Row] = row => SampleRows.toRow(SampleRows.toSample(row))
}
