package io.millrace.ingestion.spark

import java.nio.charset.Charset
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, DatasetName, LabelTaskType, Limits, StorageUri}
import io.millrace.dataset.delta.DatasetCatalog
import io.millrace.dataset.storage.ObjectStores
import io.millrace.ingestion.{OnError, RejectReason}
import io.millrace.ingestion.table._
import org.scalatest.funsuite.AnyFunSuite

class TableImportJobSuite extends AnyFunSuite with TableImportFixture {

  test("ING-5 import - two CSVs into a dataset without columns - inferred, then fixed") {
    val source = temporaryDirectory()
    write(source, "a.csv", "name,age,seen\nAnn,41,2026-01-02\nBob,,2026-01-03\n")
    write(source, "sub dir/b + ü%20.csv", "name,age,seen\r\n\"Cy, jr\",3000000000,\r\n")
    val dataset = newDataset()
    assert(!data(dataset).schema().isPresent)
    val report = run(config(dataset, files(source)))
    assert(data(dataset).schema().get.toString === "name:String, age:Long, seen:Date")
    assert(Seq(report.seen, report.imported, report.unchanged, report.rejected) === Seq(3, 3, 0, 0))
    assert(rows(dataset) === Seq(
      Seq("Ann", "41", "2026-01-02"), Seq("Bob", null, "2026-01-03"), Seq("Cy, jr", "3000000000", null)))
    assert(data(dataset).rows().columns.toSeq === Seq("_source", "_import_id", "name", "age", "seen"))
    assert(data(dataset).rows().select("_source").distinct().collect().map(_.getString(0)).toSet ===
      Set("a.csv", "sub dir/b + ü%20.csv").map(name => StorageUri.of(source.resolve(name)).value))
    assert(report.toText ===
      s"""${report.toLine}
         |  age:Long: 1 empty, 0 not a value of its type
         |  seen:Date: 1 empty, 0 not a value of its type""".stripMargin)
    assert(report.toLine.startsWith(
      "imported 3 rows, replaced 0, unchanged 0, rejected 0, 3 columns, 2 sources, "))
    val log = Files.readString(dataset.log(report.importId).requireLocalPath)
    assert(log === report.toJson)
    for (directory <- Seq("annotation", "data", "logs", "temp"))
      assert(Files.isDirectory(dataset.root.requireLocalPath.resolve(directory)))
  }

  test("ING-5 import - all types, header off - unparsed values null and counted apart from empty") {
    val dataset = newDataset(
      "s:String, h:Short, i:Int, l:Long, d:Double, f:Float, b:Byte, dt:Date, ts:Timestamp, t:Boolean")
    val source = write(
      temporaryDirectory(), "x.csv",
      "x,1,2,3,4.5,5.5,6,0001-01-01,1582-10-10 12:34:56,true\n" +
        "\"\",70000,x,9999999999999999999,NA,1e99,200,2026-02-30,2026-01-01,yes\n" +
        ",,,,,,,,,\n")
    val report = run(config(dataset, files(source, NoHeader)))
    assert(Seq(report.seen, report.imported) === Seq(3, 3))
    assert(report.columns.asScala.map(c => (c.empty, c.unparsed)) === Seq.fill(1)((1, 0)) ++ Seq.fill(9)((1, 1)))
    val stored = data(dataset).rows().where("i = 2").selectExpr(
      "s", "h", "i", "l", "d", "f", "b", "cast(dt as string)", "cast(ts as string)", "t").first()
    assert(stored.toSeq === Seq(
      "x", 1.toShort, 2, 3L, 4.5, 5.5f, 6.toByte, "0001-01-01", "1582-10-10 12:34:56", true))
    assert(data(dataset).rows().where("s = ''").count() === 1, "quoted empty text is a text")
    assert(data(dataset).rows().where("s is null").count() === 1)
  }

  test("ING-5 import - rows with another number of values - counted, and in the table of rejects") {
    val dataset = newDataset()
    val source = write(temporaryDirectory(), "x.csv", "a,b\n1,2\n\n3\n4,5,6\n\"7\n7\",8\n9\n")
    val report = run(config(dataset, files(source)))
    assert(Seq(report.seen, report.imported, report.rejected) === Seq(5, 2, 3))
    assert(report.rejections.asScala === Map(RejectReason.COLUMN_COUNT -> 3))
    val file = StorageUri.of(source).value
    assert(rejects(dataset) === Seq(
      (s"$file:4", "column-count", "The row has 1 values, the table has 2 columns: 3"),
      (s"$file:5", "column-count", "The row has 3 values, the table has 2 columns: 4,5,6"),
      (s"$file:8", "column-count", "The row has 1 values, the table has 2 columns: 9")))
  }

  test("ING-6 import - twice - nothing is written; a changed file replaces exactly its rows") {
    val source = temporaryDirectory()
    write(source, "a.csv", "a,b\n1,x\n2,y\nbad\n")
    val odd = write(source, "it's \\ odd.csv", "a,b\n3,z\n")
    val dataset = newDataset()
    run(config(dataset, files(source)))
    val before = state(dataset)
    val again = run(config(dataset, files(source)))
    assert(Seq(again.seen, again.imported, again.unchanged, again.rejected) === Seq(3, 0, 3, 0))
    assert(state(dataset) === before)

    Files.writeString(odd, "a,b\n4,z\n5,z\n")
    write(source, "c.csv", "a,b\n6,w\n")
    val third = run(config(dataset, files(source)))
    assert(Seq(third.imported, third.replaced, third.unchanged, third.unchangedSources) === Seq(3, 1, 2, 1))
    assert(rows(dataset).map(_.head) === Seq("1", "2", "4", "5", "6"))
    assert(rejects(dataset).size === 1)

    val reread = run(config(dataset, files(source, CsvDialect.DEFAULT.withNullTexts(java.util.Set.of("x")))))
    assert(Seq(reread.imported, reread.replaced) === Seq(5, 5), "another way to read it")
    assert(rows(dataset).contains(Seq("1", null)))
    assert(rejects(dataset).size === 1, "the same reject is on record once")
  }

  test("ING-6 import - killed after its rows, before its sources were recorded - again, each row once") {
    val file = write(temporaryDirectory(), "a.csv", "a,b\n1,x\n2,y\nbad\n")
    val dataset = newDataset()
    run(config(dataset, files(file)))
    ObjectStores.of(dataset.tableSourcesTable).delete(dataset.tableSourcesTable)
    val again = run(config(dataset, files(file)))
    assert(Seq(again.imported, again.replaced) === Seq(2, 2))
    assert(rows(dataset) === Seq(Seq("1", "x"), Seq("2", "y")))
    assert(rejects(dataset).size === 1)
    assert(run(config(dataset, files(file))).unchanged === 2)
  }

  test("ING-5 import - one file, then its directory - each row once") {
    val source = temporaryDirectory()
    val file = write(source, "a.csv", "a\n1\n")
    write(source, "b.csv", "a\n2\n")
    val dataset = newDataset()
    run(config(dataset, files(file)))
    val report = run(config(dataset, files(source)))
    assert(Seq(report.imported, report.unchanged) === Seq(1, 1))
    assert(rows(dataset) === Seq(Seq("1"), Seq("2")))
  }

  test("ING-5 import - files that differ, or do not fit the fixed columns - one error, untouched") {
    val source = temporaryDirectory()
    val a = write(source, "a.csv", "id,age\n1,2\n")
    val b = write(source, "b.csv", "id,name\n1,x\n")
    val dataset = newDataset()
    val before = state(dataset)
    assert(failure(config(dataset, files(source))) ===
      s"""Cannot import ${StorageUri.of(source)}: two of its files have different columns (marked *):
         |    ${StorageUri.of(a)}  ${StorageUri.of(b)}
         |    id:Int${" " * (StorageUri.of(a).toString.length - 6)}  id:Int
         |  * age:Int${" " * (StorageUri.of(a).toString.length - 7)}  name:String
         |The dataset was left as it was. Import files of one kind only, or create the dataset with --schema to say which types are meant.""".stripMargin)
    assert(state(dataset) === before)
    run(config(dataset, files(a)))
    val after = state(dataset)
    val message = failure(config(dataset, files(b)))
    assert(message.contains("it has other columns than the dataset, whose columns are fixed (marked *):\n    dataset"))
    assert(message.contains("\n  * age:Int  name:Int\n"))
    assert(state(dataset) === after)
    val swapped = write(temporaryDirectory(), "s.csv", "age,id\n1,2\n")
    assert(failure(config(dataset, files(swapped))).contains("\n  * id:Int   age:Int\n  * age:Int  id:Int\n"))
  }

  test("ING-4 import - on-error fail, max-rejects - stops and leaves the dataset as it was") {
    val source = write(temporaryDirectory(), "x.csv", "a,b\n1,2\n3\n4\n5,6\n")
    val dataset = newDataset()
    val before = state(dataset)
    val failed = failure(config(dataset, files(source), onError = OnError.FAIL))
    assert(failed === s"Cannot import ${StorageUri.of(source)}: ${StorageUri.of(source)}:3 was refused as " +
      "column-count: The row has 1 values, the table has 2 columns: 3 The dataset was left as it was. " +
      "Repair the input, or import with on-error: skip.")
    for (limit <- Seq("0", "1", "49%"))
      assert(failure(config(dataset, files(source), maxRejects = limit))
        .contains(s"more rows were refused than max-rejects ($limit) allows, for example"))
    assert(state(dataset) === before)
    assert(run(config(dataset, files(source), maxRejects = "50%")).imported === 2)
  }

  test("ING-5 import - GBK and UTF-8 with BOM side by side - one text each; other bytes refused") {
    val source = temporaryDirectory()
    write(source, "gbk.csv", "名,n\n张三,1\n", Charset.forName("GBK"))
    write(source, "utf8.csv", "\uFEFF名,n\r\n李四😀,2\r\n")
    Files.write(source.resolve("bad.csv"), Array[Byte](97, 10, -1, -1, 10))
    Files.write(source.resolve("empty.csv"), Array[Byte]())
    val dataset = newDataset()
    val report = run(config(dataset, files(source)))
    assert(rows(dataset) === Seq(Seq("张三", "1"), Seq("李四😀", "2")))
    assert(report.rejections.asScala === Map(RejectReason.UNDECODABLE_TEXT -> 1, RejectReason.EMPTY_FILE -> 1))
    assert(report.seen === 4)
    assert(rejects(dataset).map(_._2) === Seq("undecodable-text", "empty-file"))
    val again = run(config(dataset, files(source)))
    assert(Seq(again.seen, again.unchanged, again.unchangedSources) === Seq(2, 2, 4))
  }

  test("ING-5 import - a known file that cannot be read any more - keeps the rows it has") {
    val file = write(temporaryDirectory(), "a.csv", "a\n1\n2\n")
    val dataset = newDataset()
    run(config(dataset, files(file)))
    Files.write(file, Array[Byte](-1, -1))
    val report = run(config(dataset, files(file)))
    assert(Seq(report.seen, report.imported, report.replaced, report.rejected) === Seq(1, 0, 0, 1))
    assert(rows(dataset).size === 2)
    assert(run(config(dataset, files(file))).unchanged === 2)
  }

  test("ING-5 import - an unclosed quote, a row over the limit, a file over the limit - refused by name") {
    val source = temporaryDirectory()
    write(source, "a.csv", s"a,b\n1,2\n3,${"y" * 120}\n4,\"open\n5,6\n7,8\n")
    write(source, "b.csv", "a,b\n" + "1,2\n" * 1000)
    val d = Limits.DEFAULT
    val limits =
      new Limits(d.samples, d.labels, d.imageBytes, 2000, d.manifestBytes, 100, d.annotationFileBytes)
    val dataset = newDataset()
    val report = run(config(dataset, files(source), limits = limits))
    assert(report.rejections.asScala === Map(
      RejectReason.FILE_TOO_LARGE -> 1, RejectReason.ROW_TOO_LARGE -> 1, RejectReason.UNCLOSED_QUOTE -> 1))
    assert(rows(dataset).size === 1)
    assert(rejects(dataset).exists(_._3.startsWith(
      "A quote in this row is not closed where it should be, so it took 3 lines for one row: 4,\"open")))
  }

  test("ING-5 import - types from the first rows - later values that do not fit are null and counted") {
    val source = write(temporaryDirectory(), "x.csv", "a\n1\n2\nx\n")
    val dataset = newDataset()
    val report = run(config(dataset, files(source), inferenceRows = 2))
    assert(report.columns.asScala.map(c => (c.column.toString, c.unparsed)) === Seq(("a:Int", 1)))
  }

  test("ING-5 import - one file or many, one partition or many - the same rows") {
    val all = (1 to 300).map(i => s"$i,name $i,${i / 4.0}")
    val one = write(temporaryDirectory(), "x.csv", ("id,name,x" +: all).mkString("\n"))
    val many = temporaryDirectory()
    for ((part, i) <- all.grouped(13).zipWithIndex)
      write(many, s"$i.csv", ("id,name,x" +: part).mkString("\n"))
    val whole = newDataset()
    val parts = newDataset()
    assert(run(config(whole, files(one))).imported === 300)
    assert(run(config(parts, files(many))).imported === 300)
    assert(rows(whole) === rows(parts))
  }

  test("ING-5 import - nothing there, nothing that fits, not a table - one sentence each") {
    val dataset = newDataset()
    val empty = temporaryDirectory()
    write(empty, "readme.txt", "x")
    assert(failure(config(dataset, files(empty))) ===
      s"Cannot import ${StorageUri.of(empty)}: there is no .csv and no .parquet file in it (1 other files " +
      "were found). Name a directory with such files, or one file.")
    val missing = empty.resolve("nowhere")
    assert(failure(config(dataset, files(missing))) ===
      s"Cannot import ${StorageUri.of(missing)}: there is no such file or directory. Check the address.")
    write(empty, "a.csv", "a\n1\n")
    write(empty, "b.parquet", "x")
    assert(failure(config(dataset, files(empty))).contains("it holds CSV files, such as"))
    val images = DatasetCatalog.at(StorageUri.of(temporaryDirectory())).create(
      new DatasetName("cells"), LabelTaskType.OBJECT_DETECTION, "", java.time.Clock.systemUTC())
    assert(failure(config(images, files(empty))) ===
      "Cannot import a table into dataset cells: it is a dataset of OBJECT_DETECTION. Create one with --type TABLE.")
    val inside = dataset.root.requireLocalPath.getParent
    assert(intercept[DatasetException](config(dataset, files(inside))).getMessage.contains(
      "lies in it and would import itself"))
    val link = temporaryDirectory().resolve("link")
    Files.createSymbolicLink(link, inside)
    assert(failure(config(dataset, files(link))).contains("lies in it and would import itself"))
  }

  test("VER-1 summary - a table dataset - columns and rows without Spark") {
    val catalog = DatasetCatalog.at(StorageUri.of(temporaryDirectory()))
    val name = new DatasetName("t")
    val layout = catalog.createTable(
      name, io.millrace.dataset.table.TableSchema.parse("\"my age (y)\":Byte, day:Date"), "", java.time.Clock.systemUTC())
    assert(catalog.show(name).schema.get.toString === "my age (y):Byte, day:Date")
    assert(catalog.show(name).samples === 0)
    val source = write(temporaryDirectory(), "x.csv", "my age (y),day\n4,2026-01-01\n5,\n")
    assert(run(config(layout, files(source))).imported === 2)
    assert(catalog.show(name).samples === 2)
    assert(rows(layout) === Seq(Seq("4", "2026-01-01"), Seq("5", null)))
  }
}
