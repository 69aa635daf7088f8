package io.millrace.ingestion.spark

import java.nio.charset.{Charset, StandardCharsets}
import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, DatasetName, FailureLimit, LabelTaskType, Limits, StorageUri}
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.delta.spark.{DatasetTable, SharedSparkSession, TableData}
import io.millrace.dataset.table.TableSchema
import io.millrace.ingestion.OnError
import io.millrace.ingestion.table._
import org.scalatest.Assertions

/** Table datasets, sources and imports, made for a test. */
trait TableImportFixture extends SharedSparkSession with Assertions {
  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)

  val NoHeader: CsvDialect = CsvDialect.DEFAULT.withHeader(CsvDialect.Header.ABSENT)

  def newDataset(schema: String = ""): DatasetLayout = {
    val catalog = DatasetCatalog.at(StorageUri.of(temporaryDirectory()))
    val name = new DatasetName("people")
    if (schema.isEmpty) catalog.create(name, LabelTaskType.TABLE, "", clock)
    else catalog.createTable(name, TableSchema.parse(schema), "", clock)
  }

  def write(directory: Path, name: String, text: String, charset: Charset = StandardCharsets.UTF_8): Path = {
    val file = directory.resolve(name)
    Files.createDirectories(file.getParent)
    Files.write(file, text.getBytes(charset))
  }

  def files(source: Path, dialect: CsvDialect = CsvDialect.DEFAULT): TableFiles =
    new TableFiles(StorageUri.of(source), dialect)

  def config(
      dataset: DatasetLayout,
      source: TableSource,
      onError: OnError = OnError.SKIP,
      maxRejects: String = "100%",
      inferenceRows: Long = TableImportConfig.ALL_ROWS,
      limits: Limits = Limits.DEFAULT): TableImportConfig =
    new TableImportConfig(dataset, source, onError, FailureLimit.parse(maxRejects), inferenceRows, limits)

  /** Every report that a suite makes passes the checks of its constructor. */
  def run(config: TableImportConfig, credentials: JdbcCredentials = JdbcCredentials.NONE): TableImportReport =
    new TableImportJob(spark, config, credentials, clock).run()

  def failure(config: TableImportConfig, credentials: JdbcCredentials = JdbcCredentials.NONE): String =
    intercept[DatasetException](run(config, credentials)).getMessage

  def data(dataset: DatasetLayout): TableData = TableData.of(DatasetTable.open(spark, dataset))

  /** The rows without their origin, as text, in order. */
  def rows(dataset: DatasetLayout): Seq[Seq[String]] =
    data(dataset).rows().drop("_source", "_import_id").collect().toSeq
      .map(_.toSeq.map(value => if (value == null) null else value.toString))
      .sortBy(_.mkString("|"))

  def rejects(dataset: DatasetLayout): Seq[(String, String, String)] =
    DatasetTable.open(spark, dataset).rejects().collect().toSeq
      .map(row => (row.getString(1), row.getString(2), row.getString(3))).sorted

  /** Every file of a dataset, with its size and time: equal states mean that nothing was written. */
  def state(dataset: DatasetLayout): Set[(String, Long, Long)] = {
    val paths = Files.walk(dataset.root.requireLocalPath)
    try
      paths.iterator().asScala.filter(Files.isRegularFile(_)).map(file =>
        (file.toString, Files.size(file), Files.getLastModifiedTime(file).toMillis)).toSet
    finally paths.close()
  }
}
