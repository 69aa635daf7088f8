package io.millrace.ingestion.spark

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.StorageUri
import io.millrace.ingestion.RejectReason
import org.scalatest.funsuite.AnyFunSuite

class TableParquetSuite extends AnyFunSuite with TableImportFixture {

  test("ING-5 parquet - a directory with odd names - typed rows, each with its file; twice is once") {
    val source = temporaryDirectory()
    parquet(source, "a.parquet",
      "select 1 as id, 'x' as `full name`, date'2026-01-02' as d, timestamp'2026-01-02 03:04:05' as ts, 1.5D as x, " +
        "cast(2.50 as decimal(10,2)) as m, timestamp_ntz'2026-01-02 03:04:05' as n, true as t, 1Y as b, 2S as s, 3L as l, 1.5F as f")
    parquet(source, "ü b+c%20[1]{x}.parquet",
      "select 2 as id, cast(null as string) as `full name`, date'1500-01-02' as d, timestamp'2026-01-02 03:04:05' as ts, 1.5D as x, " +
        "cast(2.50 as decimal(10,2)) as m, timestamp_ntz'2026-01-02 03:04:05' as n, true as t, 1Y as b, 2S as s, 3L as l, 1.5F as f")
    write(source, "_SUCCESS", "")
    val dataset = newDataset()
    val report = run(config(dataset, files(source)))
    assert(Seq(report.seen, report.imported, report.otherFiles) === Seq(2, 2, 0))
    assert(data(dataset).schema().get.toString ===
      "id:Int, full name:String, d:Date, ts:Timestamp, x:Double, m:Double, n:Timestamp, t:Boolean, b:Byte, s:Short, l:Long, f:Float")
    assert(data(dataset).rows().select("_source", "id").collect().map(r => r.getInt(1) -> r.getString(0)).toMap ===
      Map(1 -> StorageUri.of(source.resolve("a.parquet")).value, 2 -> StorageUri.of(source.resolve("ü b+c%20[1]{x}.parquet")).value))
    assert(data(dataset).rows().selectExpr("cast(n as string)").distinct().collect().map(_.getString(0)) ===
      Array("2026-01-02 03:04:05"))
    val before = state(dataset)
    assert(run(config(dataset, files(source))).unchanged === 2)
    assert(state(dataset) === before)
    parquet(source, "a.parquet",
      "select 9 as id, 'x' as `full name`, date'2026-01-02' as d, timestamp'2026-01-02 03:04:05' as ts, 1.5D as x, " +
        "cast(2.50 as decimal(10,2)) as m, timestamp_ntz'2026-01-02 03:04:05' as n, true as t, 1Y as b, 2S as s, 3L as l, 1.5F as f")
    val third = run(config(dataset, files(source)))
    assert(Seq(third.imported, third.replaced, third.unchanged) === Seq(1, 1, 1))
    assert(data(dataset).rows().select("id").collect().map(_.getInt(0)).sorted === Array(2, 9))
  }

  test("ING-5 parquet - nested columns, other columns, a broken file - named; the dataset untouched") {
    val source = temporaryDirectory()
    val nested = parquet(source, "n.parquet", "select 1 as id, array(1) as list, named_struct('a', 1) as s, map('k', 1) as m, binary('x') as b")
    val dataset = newDataset()
    val before = state(dataset)
    assert(failure(config(dataset, files(nested))) ===
      s"Cannot import ${StorageUri.of(nested)}: tables hold plain values, but 'list' is of type array<int>, " +
      "'s' is of type struct<a:int>, 'm' is of type map<string,int>, 'b' is of type binary. " +
      "Import a query or a file without them.")
    val two = temporaryDirectory()
    parquet(two, "a.parquet", "select 1 as id, 'x' as name")
    parquet(two, "b.parquet", "select 1L as id, 'x' as name")
    assert(failure(config(dataset, files(two))).contains("\n  * id:Int"))
    assert(state(dataset) === before)
  }

  test("ING-5 parquet - a file that is none among good ones - refused; numbers widen to the dataset's") {
    val source = temporaryDirectory()
    parquet(source, "a.parquet", "select 1 as id, 1.5F as x")
    write(source, "b.parquet", "no parquet at all")
    val dataset = newDataset("id:Long, x:Double")
    val report = run(config(dataset, files(source)))
    assert(report.rejections.asScala === Map(RejectReason.UNREADABLE_FILE -> 1))
    assert(rows(dataset) === Seq(Seq("1", "1.5")))
    val narrow = newDataset("id:Byte, x:Double")
    assert(failure(config(narrow, files(source))).contains("\n  * id:Byte   id:Int\n  * x:Double  x:Float\n"))
  }

  /** One file, as another program would write it. */
  private def parquet(directory: Path, name: String, sql: String): Path = {
    val made = temporaryDirectory().resolve("made")
    spark.sql(sql).coalesce(1).write.parquet(made.toString)
    val listing = Files.list(made)
    try {
      val part = listing.iterator().asScala.find(_.toString.endsWith(".parquet")).get
      Files.move(part, directory.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING)
    } finally listing.close()
  }
}
