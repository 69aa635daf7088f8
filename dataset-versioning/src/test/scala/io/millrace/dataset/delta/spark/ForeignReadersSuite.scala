package io.millrace.dataset.delta.spark

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.JsonNode
import io.millrace.dataset.ForeignPython
import io.millrace.dataset.versioning.{PublishRequest, SplitPlan}
import org.apache.spark.sql.Row
import org.apache.spark.sql.functions.col
import org.scalatest.funsuite.AnyFunSuite

/** Other engines open the tables of a dataset, and find in them what Spark finds. */
class ForeignReadersSuite extends AnyFunSuite with SharedSparkSession with ForeignPython {

  private lazy val layout = {
    val layout = Cells.create(temporaryDirectory())
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(30))
    new PublishJob(spark, table, PublishRequest.DEFAULT.withSplit(SplitPlan.ofRatio("0.80", 1)), Cells.clock).run()
    Cells.add(spark, table, Cells.images(40).drop(20).map(image => image.withSizeBytes(2000)))
    new PublishJob(spark, table, PublishRequest.DEFAULT, Cells.clock).run()
    layout
  }

  test("VER-1 tables - delta-rs - the same samples, and the same rows of every version, as Spark") {
    val program =
      """import json, sys
        |from deltalake import DeltaTable
        |def rows(name):
        |    table = DeltaTable(sys.argv[1] + "/tables/" + name).to_pyarrow_table()
        |    return sorted([[row["id"], row["source"], row["usage"], row["size_bytes"], row.get("publish_id"),
        |                   int(row["created_at"].timestamp() * 1000000),
        |                   [[a["label"], a["points"]] for a in row["annotations"]]] for row in table.to_pylist()],
        |                  key=lambda row: (row[0], row[4] or "null"))
        |print(json.dumps({name: rows(name) for name in ("samples", "version_samples")}))
        |""".stripMargin
    val found = python(Seq("deltalake", "pyarrow"), program, root)
    for (name <- Seq("samples", "version_samples")) {
      val expected = spark.read.format("delta").load(root + "/tables/" + name).collect().toSeq.map(cells)
      assert(found.get(name).elements().asScala.map(plain).toSeq === expected.sortBy(row => (row(0).toString, row(4).toString)))
      assert(expected.size === (if (name == "samples") 40 else 70))
    }
  }

  test("VER-1 tables - DuckDB over delta-rs - versions by SQL, with the counts that the log records") {
    val program =
      """import json, sys
        |import duckdb
        |from deltalake import DeltaTable
        |tables = sys.argv[1] + "/tables/"
        |versions = DeltaTable(tables + "versions").to_pyarrow_dataset()
        |samples = DeltaTable(tables + "version_samples").to_pyarrow_dataset()
        |print(json.dumps(duckdb.sql('''
        |    select v.version, v.samples, v.manifest_digest, count(*), count(*) filter (s.usage = 'EVAL'),
        |           sum(s.size_bytes)::bigint, sum(len(s.annotations))::bigint
        |    from versions v join samples s using (publish_id) where v.event = 'PUBLISHED'
        |    group by all order by 1''').fetchall()))
        |""".stripMargin
    val found = python(Seq("duckdb", "deltalake", "pyarrow"), program, root).elements().asScala.map(plain).toSeq
    val table = DatasetTable.open(spark, layout)
    val expected = table.history.versions.asScala.toSeq.map { version =>
      val rows = table.version(version)
      Seq(
        version.name.value,
        version.samples,
        version.manifestDigest.hex,
        rows.count(),
        rows.where(col("usage") === "EVAL").count(),
        version.mediaBytes,
        rows.select("annotations").collect().map(_.getSeq[Row](0).size.toLong).sum)
    }
    assert(found === expected)
    assert(found.map(_(1)) === Seq(30, 40))
  }

  private def root = layout.root.requireLocalPath().toString

  private def cells(row: Row): Seq[Any] = {
    val publishId = if (row.schema.fieldNames.contains("publish_id")) row.getAs[String]("publish_id") else null
    Seq(
      row.getAs[String]("id"), row.getAs[String]("source"), row.getAs[String]("usage"), row.getAs[Long]("size_bytes"),
      publishId, row.getAs[java.sql.Timestamp]("created_at").getTime * 1000,
      row.getAs[scala.collection.Seq[Row]]("annotations").map(a =>
        Seq(a.getAs[String]("label"), a.getAs[scala.collection.Seq[Double]]("points").toSeq)).toSeq)
      .map(value => if (value == null) "null" else value)
  }

  private def plain(node: JsonNode): Seq[Any] = node.elements().asScala.toSeq.map {
    case list if list.isArray => plain(list)
    case number if number.isIntegralNumber => number.asLong
    case number if number.isNumber => number.asDouble
    case text => text.asText
  }
}
