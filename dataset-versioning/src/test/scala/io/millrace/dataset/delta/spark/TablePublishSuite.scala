package io.millrace.dataset.delta.spark

import java.nio.charset.StandardCharsets
import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import io.millrace.dataset._
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.manifest.{Accepted, ManifestCodec}
import io.millrace.dataset.table.{FormulaGuard, TableSchema}
import io.millrace.dataset.versioning.{DatasetVersion, PublishRequest, SplitPlan, TableOutput, VersionFormat}
import org.apache.spark.sql.RowFactory
import org.apache.spark.sql.types.StructType
import org.scalatest.funsuite.AnyFunSuite

/** Versions of table datasets: rows that never change again, as CSV or Parquet. */
class TablePublishSuite extends AnyFunSuite with SharedSparkSession with ForeignPython {
  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)
  private val schema = TableSchema.parse("name:String, \"a,b\":Int, seen:Timestamp, day:Date")
  private val rows = Seq[Seq[Any]](
    Seq("Ann", 1, ts("2020-01-01T00:00:00.5Z"), java.sql.Date.valueOf("2020-01-01")),
    Seq("=1+1", -2, null, null),
    Seq(null, null, ts("1969-12-31T23:59:59Z"), java.sql.Date.valueOf("1899-12-31")),
    Seq("\"x\"\n", 3, null, null))

  test("VER-2 table - published as CSV - guarded files in the manifest, the rows typed, all by one commit") {
    val layout = dataset(rows)
    val version = publish(layout)
    assert(version.name.value === "V001")
    assert(version.format === VersionFormat.CSV)
    assert(version.samples === 4)
    assert(version.parts.asScala === Map("NONE" -> 4L))
    assert(version.labels.isEmpty)
    assert(version.provenance.imports.asScala.map(_.value) === Seq("imp-rows-00001"))
    assert(version.provenance.settings.value("format").get === "CSV, csv-safe")
    val csv = files(layout, "annotation/V001/csv")
    val lines = csv.map(Files.readString(_)).flatMap(_.split("\n(?=[^\"]*(\"[^\"]*\"[^\"]*)*$)")).filterNot(_.startsWith("name,")).toSet
    assert(lines === Set(
      "Ann,1,2020-01-01 00:00:00.5,2020-01-01", "\"\t=1+1\",-2,,", ",,1969-12-31 23:59:59,1899-12-31", "\"\"\"x\"\"\n\",3,,"))
    assert(typed(layout, version) === expected(rows))
    val manifest = manifestOf(version)
    assert(manifest.map(_.source.requireLocalPath()) === csv)
    assert(manifest.map(_.properties.value("columns").get).toSet === Set(schema.toString))
    assert(manifest.map(_.properties.value("rows").get.asInstanceOf[Long]).sum === 4)
    for (line <- manifest)
      assert(line.properties.value("sha256").get === Digest.ofBytes(Files.readAllBytes(line.source.requireLocalPath())).hex)
    assert(version.manifestDigest === Digest.ofBytes(Files.readAllBytes(version.manifest.requireLocalPath())))
    assert(version.seal.sizeBytes === files(layout, "annotation/V001").map(Files.size).sum)
    assert(files(layout, "annotation").forall(file => !file.getFileName.toString.startsWith(".")), "no checksums of Hadoop")
  }

  test("VER-2 table - published as Parquet or plain CSV - what was asked for, the same typed rows") {
    val layout = dataset(rows)
    val parquet = publish(layout, PublishRequest.DEFAULT.withTable(new TableOutput.Parquet()))
    assert(parquet.format === VersionFormat.PARQUET)
    assert(!Files.exists(layout.annotation(parquet.name).requireLocalPath().resolve("csv")))
    assert(manifestOf(parquet).forall(_.source.fileName.endsWith(".parquet")))
    val plain = publish(layout, PublishRequest.DEFAULT.withTable(new TableOutput.Csv(FormulaGuard.OFF)))
    assert(files(layout, "annotation/V002/csv").map(Files.readString(_)).exists(_.contains("\n=1+1,-2")))
    assert(Seq(parquet, plain).map(typed(layout, _)).toSet === Set(expected(rows)))
    assert(parquet.seal.rows === plain.seal.rows)
    assert(parquet.seal.files !== plain.seal.files)
    assert(plain.parent.get === parquet.name)
  }

  test("VER-2 table - later imports and VACUUM - a published version stays as it is, byte by byte") {
    val layout = dataset(rows)
    val version = publish(layout)
    val before = files(layout, "annotation/V001").map(file => file -> Digest.ofBytes(Files.readAllBytes(file)))
    replace(layout, rows.take(1), "imp-rows-00002")
    withConf(
      "spark.databricks.delta.retentionDurationCheck.enabled" -> "false",
      "spark.sql.sources.parallelPartitionDiscovery.parallelism" -> "2") {
      io.delta.tables.DeltaTable.forPath(spark, DatasetTable.path(layout.dataTable)).vacuum(0)
    }
    assert(files(layout, "annotation/V001").map(file => file -> Digest.ofBytes(Files.readAllBytes(file))) === before)
    assert(typed(layout, version) === expected(rows))
    val next = publish(layout)
    assert(next.samples === 1)
    assert(typed(layout, next) === expected(rows.take(1)))
    assert(next.seal.rows !== version.seal.rows)
    val copy = temporaryDirectory().resolve("copy")
    copyTree(layout.root.requireLocalPath(), copy)
    val copied = new DatasetLayout(StorageUri.of(copy))
    assert(typed(copied, DatasetTable.open(spark, copied).history.versions.get(0)) === expected(rows))
  }

  test("VER-2 table - names that Parquet's first readers refuse - written and read as they are") {
    val odd = TableSchema.parse("\"a b\":Int, \"x;{}()=y\":String, 列:Double, \"`q`\":Boolean")
    val layout = dataset(Seq(Seq(1, "s", 0.5, true)), odd)
    val version = publish(layout)
    val table = TableData.of(DatasetTable.open(spark, layout)).version(version)
    assert(table.columns.toSeq === odd.names.asScala)
    assert(table.collect().map(_.toSeq).toSeq === Seq(Seq(1, "s", 0.5, true)))
    assert(files(layout, "annotation/V001/csv").map(Files.readString(_)) === Seq("a b,x;{}()=y,列,`q`\n1,s,0.5,TRUE\n"))
  }

  test("VER-2 table - what tables do not have, nothing to publish, samples as CSV - one sentence, nothing changed") {
    val layout = dataset(rows)
    def refused(request: PublishRequest) = intercept[DatasetException](publish(layout, request)).getMessage
    assert(refused(PublishRequest.DEFAULT.withSplit(SplitPlan.ofRatio("0.80", 1))) ===
      "Cannot publish people with a split: the rows of a table have none. Divide the rows where they are read.")
    assert(refused(PublishRequest.DEFAULT.withHard(PublishRequest.HardPolicy.KEEP)).contains("with marks of hard examples"))
    assert(refused(PublishRequest.DEFAULT.withUsage(PublishRequest.UsagePolicy.KEEP)).contains("with usages"))
    assert(refused(PublishRequest.DEFAULT.withTaskType(LabelTaskType.TEXT_CLASSIFICATION)).contains("with a label task type"))
    publish(layout, PublishRequest.DEFAULT.withName(new VersionName("v1")))
    assert(refused(PublishRequest.DEFAULT.withName(new VersionName("v1"))).contains("this version exists already"))
    assert(files(layout, "annotation").count(_.toString.contains("staging")) === 0)
    val empty = DatasetCatalog.at(StorageUri.of(temporaryDirectory())).create(new DatasetName("people"), LabelTaskType.TABLE, "", clock)
    assert(intercept[DatasetException](publish(empty)).getMessage === "Cannot publish people: it has no rows. Import some first.")
    val cells = Cells.create(temporaryDirectory())
    Cells.add(spark, DatasetTable.open(spark, cells), Cells.images(3))
    assert(intercept[DatasetException](publish(cells, PublishRequest.DEFAULT.withTable(new TableOutput.Parquet()))).getMessage ===
      "Cannot publish cells as Parquet: only tables are published so, samples as a manifest. Leave the format out.")
  }

  test("VER-2 table - a publishing that died before its commit - hidden, and gone a day later") {
    val layout = dataset(rows)
    val staging = layout.staging("pub-20260730100000-0123456789ab").requireLocalPath()
    Files.createDirectories(staging.resolve("parquet"))
    Files.writeString(staging.resolve("parquet/part-0.parquet"), "half")
    val version = publish(layout)
    assert(version.name.value === "V001")
    assert(!Files.exists(staging))
    assert(typed(layout, version) === expected(rows))
  }

  test("VER-4 verify - a version of a table, whole and then tampered with - says what differs") {
    val layout = dataset(rows)
    publish(layout)
    def differences() = new VerifyJob(DatasetTable.open(spark, layout))
      .run(DatasetRef.parse("people@V001")).differences.asScala.toSeq
    assert(differences() === Nil)
    val csv = files(layout, "annotation/V001/csv").find(Files.readString(_).contains("Ann")).get
    Files.writeString(csv, Files.readString(csv).replace("Ann", "Eve"))
    assert(differences() === Seq("Its files are not those that were published."))
    spark.range(4).toDF("name").write.mode("overwrite").parquet(
      layout.annotation(new VersionName("V001")).requireLocalPath().resolve("parquet").toString)
    assert(differences() === Seq(
      "Its rows are not those that were published.", "Its files are not those that were published."))
  }

  test("VER-2 table - DuckDB and pyarrow - the same rows and types from the files alone") {
    val layout = dataset(rows)
    publish(layout)
    val program =
      """import json, sys
        |import duckdb, pyarrow.dataset as ds
        |rows = duckdb.sql(f"select name, \"a,b\", epoch_us(seen), day::text from '{sys.argv[1]}/parquet/*.parquet'").fetchall()
        |table = ds.dataset(sys.argv[1] + "/parquet").to_table()
        |csv = duckdb.sql(f"from read_csv('{sys.argv[1]}/csv/*.csv', all_varchar=true)").fetchall()
        |print(json.dumps([sorted(rows, key=repr), [str(f.type) for f in table.schema], table.num_rows, sorted(csv, key=repr)]))
        |""".stripMargin
    val found = python(Seq("duckdb", "pyarrow"), program, layout.annotation(new VersionName("V001")).requireLocalPath().toString)
    assert(found.get(0).toString ===
      "[[\"\\\"x\\\"\\n\",3,null,null],[\"=1+1\",-2,null,null],[\"Ann\",1,1577836800500000,\"2020-01-01\"],[null,null,-1000000,\"1899-12-31\"]]")
    assert(found.get(1).toString === "[\"string\",\"int32\",\"timestamp[us, tz=UTC]\",\"date32[day]\"]")
    assert(found.get(2).asInt === 4)
    assert(found.get(3).elements().asScala.map(_.get(0).asText).toSet === Set("\"x\"\n", "\t=1+1", "Ann", "null"))
  }

  private def withConf(settings: (String, String)*)(action: => Unit): Unit = {
    val before = settings.map { case (key, _) => key -> spark.conf.getOption(key) }
    settings.foreach { case (key, value) => spark.conf.set(key, value) }
    try action
    finally before.foreach { case (key, value) => value.fold(spark.conf.unset(key))(spark.conf.set(key, _)) }
  }

  private def ts(text: String) = java.sql.Timestamp.from(Instant.parse(text))

  private def dataset(rows: Seq[Seq[Any]], schema: TableSchema = schema): DatasetLayout = {
    val layout = DatasetCatalog.at(StorageUri.of(temporaryDirectory())).createTable(new DatasetName("people"), schema, "", clock)
    replace(layout, rows, "imp-rows-00001", schema)
    layout
  }

  private def replace(layout: DatasetLayout, rows: Seq[Seq[Any]], importId: String, schema: TableSchema = schema): Unit = {
    val struct = schema.columns.asScala.foldLeft(new StructType().add("_source", "string"))((struct, column) =>
      struct.add(column.name, TableTypes.toSpark(column.`type`)))
    val made = rows.map(row => RowFactory.create("a.csv" +: row.map(_.asInstanceOf[AnyRef]): _*))
    TableData.of(DatasetTable.open(spark, layout))
      .replace(schema, spark.createDataFrame(made.asJava, struct), java.util.List.of("a.csv"), new ImportId(importId))
  }

  private def publish(layout: DatasetLayout, request: PublishRequest = PublishRequest.DEFAULT): DatasetVersion =
    new PublishJob(spark, DatasetTable.open(spark, layout), request, clock).run()

  private def typed(layout: DatasetLayout, version: DatasetVersion): Set[Seq[Any]] =
    TableData.of(DatasetTable.open(spark, layout)).version(version).collect().map(_.toSeq).toSet

  private def expected(rows: Seq[Seq[Any]]): Set[Seq[Any]] = rows.toSet

  private def manifestOf(version: DatasetVersion): Seq[Sample] =
    Files.readAllLines(version.manifest.requireLocalPath(), StandardCharsets.UTF_8).asScala.toSeq.zipWithIndex.map {
      case (line, i) => new ManifestCodec().decode(i + 1L, line).asInstanceOf[Accepted].sample
    }

  private def files(layout: DatasetLayout, directory: String): Seq[Path] = {
    val paths = Files.walk(layout.root.resolve(directory).requireLocalPath())
    try paths.iterator().asScala.filter(Files.isRegularFile(_)).toSeq.sorted
    finally paths.close()
  }

  private def copyTree(from: Path, to: Path): Unit = {
    val paths = Files.walk(from)
    try paths.iterator().asScala.foreach(path => Files.copy(path, to.resolve(from.relativize(path).toString)))
    finally paths.close()
  }
}
