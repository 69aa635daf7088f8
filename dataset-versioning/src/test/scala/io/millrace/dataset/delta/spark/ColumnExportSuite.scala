package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset._
import io.millrace.dataset.columns.ColumnFile
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.export._
import io.millrace.dataset.export.format.{ColumnFormat, CsvFormat, WebdatasetFormat}
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.table.{FormulaGuard, TableSchema}
import org.apache.spark.sql.RowFactory
import org.apache.spark.sql.types.StructType
import org.scalatest.funsuite.AnyFunSuite

/** Exports as tar shards and in columns, read by the programs that they are for. */
class ColumnExportSuite extends AnyFunSuite with SharedSparkSession with ForeignPython {
  private lazy val (layout, samples) = Pictures.create(spark, temporaryDirectory(), 12)
  private val parquet = new ColumnFormat(ColumnFile.Kind.PARQUET)
  private val arrow = new ColumnFormat(ColumnFile.Kind.ARROW)

  test("VER-6 webdataset - shards of four samples - tarfile and WebDataset read every sample, bytes and labels") {
    val (target, report) = exported(layout, new WebdatasetFormat(1L << 30, 4))
    assert(report.exported === 12)
    assert(report.tally.isLossless)
    val program =
      """import glob, hashlib, json, os, sys, tarfile
        |import webdataset
        |root = sys.argv[1]
        |shards = sorted(glob.glob(root + "/*.tar"))
        |members = [[m.name for m in tarfile.open(shard)] for shard in shards]
        |classes = open(root + "/classes.txt", encoding="utf-8").read().splitlines()
        |rows = []
        |for sample in webdataset.WebDataset(shards, shardshuffle=False, empty_check=False):
        |    about = json.loads(sample["json"])
        |    rows.append([about["id"], hashlib.sha256(sample["png"]).hexdigest(), classes[int(sample["cls"])],
        |                 about["usage"], about["annotations"][0]["confidence"], about["digest"]])
        |lists = {}
        |for path in glob.glob(root + "/*-*.json"):
        |    for entry in json.load(open(path))["shardlist"]:
        |        assert len({name.rsplit(".", 1)[0] for name in tarfile.open(root + "/" + entry["url"]).getnames()}) == entry["nsamples"]
        |        assert os.path.getsize(root + "/" + entry["url"]) == entry["filesize"]
        |        lists[entry["url"]] = entry["nsamples"]
        |print(json.dumps([sorted(rows), lists, members]))
        |""".stripMargin
    val found = python(Seq("webdataset"), program, target.toString)
    val rows = found.get(0).elements().asScala.map(_.elements().asScala.map(_.asText).toSeq).toSeq
    assert(rows === samples.sortBy(_.id.value).map(s => Seq(
      s.id.value, s.digest.get.hex, s.labels.first.value, s.usage.get.name, "0.5", s.digest.get.hex)))
    val shards = found.get(1).properties().asScala.map(field => field.getKey -> field.getValue.asInt).toMap
    assert(shards.keySet === Files.list(target).iterator().asScala.map(_.getFileName.toString).filter(_.endsWith(".tar")).toSet)
    assert(shards.values.sum === 12)
    assert(shards.values.max <= 4)
    assert(shards.keySet.map(_.split("-")(1)) === Set("train", "eval"))
    val names = found.get(2).elements().asScala.flatMap(_.elements().asScala.map(_.asText)).toSeq
    assert(names.forall(name => name.count(_ == '.') == 1), "a key ends at the first dot")
  }

  test("VER-6 webdataset - exported twice - the same bytes; one sample a shard by size") {
    def shards(format: WebdatasetFormat) = {
      val (target, _) = exported(layout, format)
      val files = Files.list(target).iterator().asScala.filter(_.toString.endsWith(".tar")).toSeq
      files.map(file => file.getFileName.toString -> Digest.ofBytes(Files.readAllBytes(file))).toMap
    }
    assert(shards(WebdatasetFormat.DEFAULT) === shards(WebdatasetFormat.DEFAULT))
    assert(shards(new WebdatasetFormat(1, 10000)).size === 12)
  }

  test("VER-6 webdataset - a source that changed or is gone - left out whole, the shard stays readable") {
    val (other, pictures) = Pictures.create(spark, temporaryDirectory(), 6)
    Files.delete(pictures(0).source.requireLocalPath())
    Files.write(pictures(1).source.requireLocalPath(), Array[Byte](1))
    val (target, report) = exported(other, WebdatasetFormat.DEFAULT)
    assert(report.tally.leftOut.asScala.toMap === Map(LeftOutReason.MEDIA_UNREADABLE -> 1L, LeftOutReason.MEDIA_CHANGED -> 1L))
    val program =
      """import glob, json, sys, tarfile
        |print(json.dumps(sum(len(tarfile.open(shard).getnames()) for shard in glob.glob(sys.argv[1] + "/*.tar"))))
        |""".stripMargin
    assert(python(Seq("tarfile"), program, target.toString).asInt === 4 * 3)
  }

  test("VER-6 parquet and arrow - with media - pyarrow has every sample with its bytes, and loses nothing") {
    val targets = Seq(parquet, arrow).map { format =>
      val (target, report) = exported(layout, format, _.withMedia(MediaMode.COPY).withOnLoss(OnLoss.FAIL))
      assert(report.exported === 12)
      target.toString
    }
    val program =
      """import glob, hashlib, json, sys
        |import pyarrow as pa, pyarrow.parquet as pq
        |tables = [pa.concat_tables(pq.read_table(f) for f in sorted(glob.glob(sys.argv[1] + "/*.parquet"))),
        |          pa.concat_tables(pa.ipc.open_file(pa.memory_map(f)).read_all() for f in sorted(glob.glob(sys.argv[2] + "/*.arrow")))]
        |one, other = (sorted(table.to_pylist(), key=lambda row: row["id"]) for table in tables)
        |assert one == other
        |print(json.dumps([[row["id"], hashlib.sha256(row["media"]).hexdigest(), row["annotations"][0]["label"],
        |                   row["annotations"][0]["properties"]] for row in one]))
        |""".stripMargin
    val rows = python(Seq("pyarrow"), program, targets: _*).elements().asScala.map(_.elements().asScala.map(_.asText).toSeq).toSeq
    assert(rows === samples.sortBy(_.id.value).map(s => Seq(
      s.id.value, s.digest.get.hex, s.labels.first.value, "{\"n\":" + samples.indexOf(s) + "}")))
    val (reference, _) = exported(layout, parquet)
    val stored = spark.read.parquet(reference.toString + "/*.parquet").orderBy("id").collect().toSeq.map(SampleRows.toSample)
    assert(stored.map(_.withOrigin(java.util.Optional.empty())) === samples.sortBy(_.id.value))
  }

  private val schema = TableSchema.parse("name:String, n:Long, x:Double, seen:Timestamp, day:Date, ok:Boolean")
  private val rows = Seq[Seq[Any]](
    Seq("=1+1", Long.MinValue, 0.1, java.sql.Timestamp.from(java.time.Instant.parse("2020-02-29T12:00:00.000001Z")),
      java.sql.Date.valueOf("2020-02-29"), true),
    Seq("", null, null, null, null, null),
    Seq(null, 5L, -0.5, null, null, false))

  test("VER-6 tables - csv, parquet and arrow of a version and of the working state - the same rows everywhere") {
    val table = newTable()
    val version = new PublishJob(
      spark, DatasetTable.open(spark, table), versioning.PublishRequest.DEFAULT, Pictures.clock).run()
    val source = new ExportSource.Published(DatasetRef.of(new DatasetName("people"), version.name))
    val targets = for (format <- Seq(new CsvFormat(FormulaGuard.ON), parquet, arrow); from <- Seq(source, new ExportSource.WorkingState())) yield {
      val (target, report) = exportTable(table, format, from)
      assert(report.counts.rows === 3)
      assert(report.counts.guarded === (if (format.name == "csv") 1 else 0))
      assert(report.columns === schema)
      assert(Files.exists(target.resolve(".millrace-export.json")))
      target.toString
    }
    val program =
      """import glob, json, sys
        |import duckdb, pyarrow as pa, pyarrow.parquet as pq
        |def files(root, ending): return sorted(glob.glob(root + "/*" + ending))
        |csv1, csv2, parquet1, parquet2, arrow1, arrow2 = sys.argv[1:]
        |tables = [pa.concat_tables(map(pq.read_table, files(root, ".parquet"))) for root in (parquet1, parquet2)]
        |tables += [pa.concat_tables(pa.ipc.open_file(pa.memory_map(f)).read_all() for f in files(root, ".arrow")) for root in (arrow1, arrow2)]
        |lists = [sorted(table.to_pylist(), key=repr) for table in tables]
        |assert all(rows == lists[0] for rows in lists), lists
        |assert all(table.schema.types == tables[0].schema.types for table in tables)
        |texts = [sorted(line for f in files(root, ".csv") for line in open(f, encoding="utf-8")) for root in (csv1, csv2)]
        |assert texts[0] == texts[1]
        |print(json.dumps([sorted(map(repr, lists[0])), sorted(set(texts[0]))]))
        |""".stripMargin
    val found = python(Seq("duckdb", "pyarrow"), program, targets: _*)
    assert(found.get(0).size === 3)
    assert(found.get(0).toString.contains("'n': -9223372036854775808, 'x': 0.1, 'seen': datetime.datetime(2020, 2, 29, 12, 0, 0, 1,"))
    assert(found.get(1).elements().asScala.map(_.asText).toSet === Set(
      "name,n,x,seen,day,ok\n", "\"\t=1+1\",-9223372036854775808,0.1,2020-02-29 12:00:00.000001,2020-02-29,TRUE\n",
      "\"\",,,,,\n", ",5,-0.5,,,FALSE\n"))
  }

  test("VER-6 tables - options of samples, no rows, what CSV loses - one sentence, and no target") {
    val table = newTable()
    val csv = new CsvFormat(FormulaGuard.ON)
    def refused(layout: DatasetLayout, change: ExportConfig => ExportConfig, format: ExportFormat = csv) = {
      val target = temporaryDirectory().resolve("export")
      val failure = intercept[DatasetException](
        new TableExportJob(spark, DatasetTable.open(spark, layout), change(config(format, target)), Pictures.clock).run())
      assert(!Files.exists(target))
      failure.getMessage
    }
    assert(refused(table, _.withWhere(SampleFilter.parse("hard"))) ===
      "Cannot export people with a selection, parts or media: the rows of a table are no samples. Leave these options out.")
    assert(refused(table, identity, WebdatasetFormat.DEFAULT).contains("Formats for it: parquet, arrow, csv."))
    val one = newTable(TableSchema.parse("a:String"), Seq(Seq(null)))
    assert(refused(one, _.withOnLoss(OnLoss.FAIL)).startsWith(
      "Cannot export people in format csv without loss: 1 values are not read back by an import."))
    assert(exportTable(one, csv)._2.toText.contains("\n  lost in csv, 1 values: an import does not read them back\n"))
    val empty = DatasetCatalog.at(StorageUri.of(temporaryDirectory())).create(new DatasetName("people"), LabelTaskType.TABLE, "", Pictures.clock)
    assert(refused(empty, identity) === "Cannot export people: it has no rows. Import some first.")
  }

  private def newTable(schema: TableSchema = schema, rows: Seq[Seq[Any]] = rows): DatasetLayout = {
    val layout = DatasetCatalog.at(StorageUri.of(temporaryDirectory())).createTable(new DatasetName("people"), schema, "", Pictures.clock)
    val struct = schema.columns.asScala.foldLeft(new StructType().add("_source", "string"))((struct, column) =>
      struct.add(column.name, TableTypes.toSpark(column.`type`)))
    val made = rows.map(row => RowFactory.create("a.csv" +: row.map(_.asInstanceOf[AnyRef]): _*))
    TableData.of(DatasetTable.open(spark, layout))
      .replace(schema, spark.createDataFrame(made.asJava, struct), java.util.List.of("a.csv"), new ImportId("imp-rows-00001"))
    layout
  }

  private def config(format: ExportFormat, target: Path, source: ExportSource = new ExportSource.WorkingState()) =
    ExportConfig.of(source, format, StorageUri.of(target))

  private def exported(
      layout: DatasetLayout,
      format: ExportFormat,
      change: ExportConfig => ExportConfig = identity): (Path, ExportReport) = {
    val target = temporaryDirectory().resolve("export")
    (target, new ExportJob(spark, DatasetTable.open(spark, layout), change(config(format, target)), Pictures.clock).run())
  }

  private def exportTable(
      layout: DatasetLayout,
      format: ExportFormat,
      source: ExportSource = new ExportSource.WorkingState()): (Path, TableExportReport) = {
    val target = temporaryDirectory().resolve("export")
    (target, new TableExportJob(spark, DatasetTable.open(spark, layout), config(format, target, source), Pictures.clock).run())
  }
}
