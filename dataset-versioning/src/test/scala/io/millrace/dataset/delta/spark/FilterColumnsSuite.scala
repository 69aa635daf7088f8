package io.millrace.dataset.delta.spark

import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.{Column, Row}
import org.apache.spark.sql.functions.{coalesce, col, lit}
import org.apache.spark.sql.types.{ArrayType, DoubleType}
import org.scalacheck.Gen
import org.scalacheck.rng.Seed
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.Sample
import io.millrace.dataset.filter.{GeneratedFilters, MetricValues, SampleFilter}

class FilterColumnsSuite extends AnyFunSuite with SharedSparkSession {
  private val samples = GeneratedSamples.samples(400, 11)

  /** Of every third sample nothing is measured, of the next nothing but NaN. */
  private def measured(index: Int, metric: String): Option[Seq[Double]] = index % 3 match {
    case 0 => None
    case 1 => Some(Seq(Double.NaN))
    case _ => Some(Seq(0.0, index % 7, metric.length / 20.0))
  }

  private val metrics = Seq("box_count", "brightness")

  private def rows = {
    val schema = metrics.foldLeft(SampleRows.SCHEMA)((s, m) => s.add(m, ArrayType(DoubleType)))
    val made = samples.zipWithIndex.map { case (sample, i) =>
      val cells = metrics.map(measured(i, _).orNull)
      Row.fromSeq(SampleRows.toRow(sample).toSeq ++ cells)
    }
    spark.createDataFrame(made.asJava, schema)
  }

  private def valuesOf(index: Int): MetricValues = metric =>
    measured(index, metric).map(_.map(Double.box).asJava)
      .getOrElse(JList.of[java.lang.Double]())

  private def filters(count: Int): Seq[SampleFilter] = {
    val texts = Gen.listOfN(count, Gen.oneOf(GeneratedFilters.condition,
      GeneratedFilters.expression(2))).pureApply(Gen.Parameters.default, Seed(12))
    texts.map(SampleFilter.parse)
  }

  /** Which samples Spark selects by each of the filters, told in one job. */
  private def selected(
      filters: Seq[SampleFilter],
      condition: SampleFilter => Column
  ): Map[Int, Set[String]] = {
    val conditions = filters.zipWithIndex.map { case (f, i) => coalesce(condition(f), lit(false)).as(s"f$i") }
    val flags = rows.select(col("id") +: conditions: _*).collect()
    filters.indices.map { i =>
      i -> flags.filter(row => row.getBoolean(i + 1)).map(_.getString(0)).toSet
    }.toMap
  }

  private def check(
      filters: Seq[SampleFilter],
      condition: SampleFilter => Column,
      matches: (SampleFilter, Sample, Int) => Boolean
  ): Seq[Int] = filters.grouped(50).flatMap { group =>
    val bySpark = selected(group, condition)
    group.zipWithIndex.map { case (filter, i) =>
      val byJava = samples.zipWithIndex.collect {
        case (sample, s) if matches(filter, sample, s) => sample.id.value
      }.toSet
      assert(bySpark(i) == byJava, filter.toString)
      byJava.size
    }
  }.toSeq

  test("ANA-5 - 400 filters on the rows of 400 samples - select what they select in Java") {
    val sizes = check(filters(400), FilterColumns.condition(_, (m: String) => col(m)),
      (filter, sample, index) => filter.matches(sample, valuesOf(index)))
    val telling = sizes.count(size => size > 0 && size < samples.size)
    info(s"$telling of ${sizes.size} filters select some and leave some")
    assert(telling > sizes.size / 4)
  }

  test("ANA-5 - filters on rows without metrics - are as for samples of which none is known") {
    val some = Seq("metric.x > 1", "metric.x is null or hard", "not metric.x <= 1").map(
      SampleFilter.parse)
    check(some, FilterColumns.condition(_), (filter, sample, _) => filter.matches(sample))
  }

  test("ANA-5 - a filter as the condition of a read - keeps the rows of its samples") {
    val filter = SampleFilter.parse("label like 'l%' and not hard")
    val kept = rows.where(FilterColumns.condition(filter)).collect()
      .map(row => SampleRows.toSample(row)).toSet
    assert(kept == samples.filter(filter.matches).toSet && kept.nonEmpty)
  }

  test("ANA-5 - a filter of 2000 conditions - needs no deep stack") {
    val widths = SampleFilter.parse((1 to 1000).map(i => s"width = $i or size = $i").mkString(" or "))
    val kept = rows.where(FilterColumns.condition(widths)).select("id").collect()
    assert(kept.map(_.getString(0)).toSet == samples.filter(widths.matches).map(_.id.value).toSet)
  }

  test("ANA-5 - a filter by measures and usage - is handed down to the files") {
    val path = temporaryDirectory().resolve("rows").toString
    rows.write.parquet(path)
    val filter = SampleFilter.parse("width >= 640 and usage = train and created-at < '2026-01-31'")
    val plan = spark.read.parquet(path).where(FilterColumns.condition(filter))
      .queryExecution.executedPlan.toString
    Seq("IsNotNull(usage)", "IsNotNull(created_at)", "GreaterThanOrEqual(width,640)").foreach {
      pushed => assert(plan.split("PushedFilters:")(1).contains(pushed), plan)
    }
  }
}
