package io.millrace.ingestion.spark

import java.nio.file.Path
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.StorageUri
import io.millrace.dataset.columns.ColumnFile
import io.millrace.dataset.delta.DatasetLayout
import io.millrace.dataset.delta.spark.{DatasetTable, PublishJob, TableExportJob}
import io.millrace.dataset.export.{ExportConfig, ExportFormat, ExportSource}
import io.millrace.dataset.export.format.{ColumnFormat, CsvFormat}
import io.millrace.dataset.table.{FormulaGuard, TableCsvWriter, TableValues}
import io.millrace.dataset.versioning.{PublishRequest, TableOutput}
import io.millrace.ingestion.table.CsvDialect
import org.scalacheck.Gen
import org.scalacheck.rng.Seed
import org.scalatest.funsuite.AnyFunSuite

/** Import, publish, export, import: the same typed rows. */
class TableVersionRoundTripSuite extends AnyFunSuite with TableImportFixture {
  private val clock = Clock.fixed(Instant.parse("2026-08-01T10:00:00Z"), ZoneOffset.UTC)
  private val schema = TableValues.everyType
  private val safe = CsvDialect.DEFAULT.withFormulas(FormulaGuard.ON)

  /** A dataset with generated rows of every type, brought by a file that the import reads. */
  private lazy val original: DatasetLayout = {
    val rows = Gen.listOfN(120, Gen.sequence[List[Any], Any](schema.columns.asScala.map(column =>
      Gen.frequency(1 -> Gen.const(null), 4 -> TableValues.valuesOf(column.`type`)))))
      .pureApply(Gen.Parameters.default, Seed(7))
    val text = new java.io.ByteArrayOutputStream()
    val writer = new TableCsvWriter(text, schema, FormulaGuard.ON)
    rows.foreach(row => writer.write(row.asJava))
    writer.finish()
    val source = write(temporaryDirectory(), "rows.csv", text.toString(java.nio.charset.StandardCharsets.UTF_8))
    val dataset = newDataset(schema.toString)
    val report = run(config(dataset, files(source, safe)))
    assert(Seq(report.imported, report.columns.asScala.map(_.unparsed).sum) === Seq(120, 0))
    dataset
  }

  test("VER-6 round trip - a version published as CSV, csv-safe or plain - imported, the same rows") {
    for (guard <- FormulaGuard.values()) {
      val version = new PublishJob(
        spark, DatasetTable.open(spark, original), PublishRequest.DEFAULT.withTable(
          new TableOutput.Csv(guard)), clock).run()
      val csv = version.manifest.requireLocalPath().resolveSibling("csv")
      assert(again(csv, CsvDialect.DEFAULT.withFormulas(guard)) === rows(original))
      val parquet = version.manifest.requireLocalPath().resolveSibling("parquet")
      assert(again(parquet, CsvDialect.DEFAULT) === rows(original))
    }
  }

  test("VER-6 round trip - exported as CSV and as Parquet - imported, the same rows") {
    for (format <- Seq[ExportFormat](new CsvFormat(FormulaGuard.ON), new ColumnFormat(ColumnFile.Kind.PARQUET))) {
      val target = temporaryDirectory().resolve("export")
      val report = new TableExportJob(
        spark, DatasetTable.open(spark, original),
        ExportConfig.of(new ExportSource.WorkingState(), format, StorageUri.of(target)), clock).run()
      assert(report.counts.rows === 120)
      assert(report.columns === schema)
      assert(again(target, safe) === rows(original))
    }
  }

  test("VER-6 round trip - a dataset without columns - Parquet brings them back, with their types") {
    val target = temporaryDirectory().resolve("export")
    new TableExportJob(
      spark, DatasetTable.open(spark, original),
      ExportConfig.of(new ExportSource.WorkingState(), new ColumnFormat(ColumnFile.Kind.PARQUET), StorageUri.of(target)), clock).run()
    val dataset = newDataset()
    run(config(dataset, files(target)))
    assert(data(dataset).schema.get === schema)
    assert(rows(dataset) === rows(original))
  }

  private def again(source: Path, dialect: CsvDialect): Seq[Seq[String]] = {
    val dataset = newDataset(schema.toString)
    val report = run(config(dataset, files(source, dialect)))
    assert(Seq(report.rejected, report.columns.asScala.map(_.unparsed).sum) === Seq(0, 0))
    rows(dataset)
  }
}
