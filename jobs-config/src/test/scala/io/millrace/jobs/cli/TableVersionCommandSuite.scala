package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.delta.spark.SharedSparkSession
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

/** The commands that publish and export tables. */
class TableVersionCommandSuite extends AnyFunSuite with SharedSparkSession {
  private val json = new ObjectMapper()

  private lazy val datasets = {
    spark // The engine that commands join.
    val directory = temporaryDirectory()
    val source = Files.writeString(directory.resolve("people.csv"), "name,age\nAnn,41\n=1+1,-5\n").toString
    val datasets = directory.resolve("datasets").toString
    run(datasets, "dataset", "create", "people", "--type", "table", "--schema", "name:String, age:Int")
    run(datasets, "dataset", "import", "people", source, "--format", "table")
    run(datasets, "dataset", "create", "pets", "--type", "image_classification")
    datasets
  }

  test("VER-2 command - publish a table - CSV unless Parquet is asked for; CarbonData is written as Parquet, and said") {
    val csv = run(datasets, "version", "publish", "people")
    assert(csv.exitCode === ExitCode.DONE, csv.err)
    assert(csv.out.startsWith("Published people@V001: 2 samples (NONE 2)\nmanifest: "))
    val manifest = Path.of(java.net.URI.create(csv.out.linesIterator.toSeq(1).stripPrefix("manifest: ")))
    val written = json.readTree(Files.readAllLines(manifest).get(0))
    assert(written.get("property").get("columns").asText === "name:String, age:Int")
    assert(Files.readString(Path.of(java.net.URI.create(written.get("source").asText))) === "name,age\nAnn,41\n\"\t=1+1\",-5\n")
    val carbon = run(datasets, "version", "publish", "people", "--format", "CarbonData")
    assert(carbon.out.contains("\nCarbonData is not written; the version is in Parquet, columnar as well.\n"))
    val plain = run(datasets, "version", "publish", "people", "--format", "csv", "--no-csv-safe")
    assert(plain.exitCode === ExitCode.DONE, plain.err)
    assert(run(datasets, "version", "verify", "people@V003").exitCode === ExitCode.DONE)
  }

  test("VER-6 command - export a table, csv-safe, and import it with --csv-safe - the same rows") {
    val output = temporaryDirectory().resolve("out")
    val exported = run(datasets, "dataset", "export", "people", "--format", "csv", "--output", output.toString)
    assert(exported.exitCode === ExitCode.DONE, exported.err)
    assert(exported.out.startsWith("exported 2 rows, 2 columns, 1 file, "))
    assert(exported.out.contains("\n  csv-safe: 1 texts have a tab in front; --csv-safe takes it away when imported\n"))
    run(datasets, "dataset", "create", "again", "--type", "table", "--schema", "name:String, age:Int")
    val imported = run(datasets, "dataset", "import", "again", output.toString, "--format", "table", "--csv-safe")
    assert(imported.out.startsWith("imported 2 rows, replaced 0, unchanged 0, rejected 0, 2 columns, 1 source, "), imported.err)
    val plain = temporaryDirectory().resolve("out")
    run(datasets, "dataset", "export", "again", "--format", "csv", "--no-csv-safe", "--output", plain.toString)
    val file = Files.list(plain).iterator().asScala.find(_.toString.endsWith(".csv")).get
    assert(Files.readString(file) === "name,age\nAnn,41\n=1+1,-5\n")
  }

  test("VER-6 command - options that mean nothing for a format or a dataset - one sentence") {
    val output = temporaryDirectory().resolve("out").toString
    forAll(Table(
      ("arguments", "words"),
      (Seq("version", "publish", "people", "--format", "avro"),
        "Invalid format: 'avro' (expected csv or parquet, or CarbonData, which is written as Parquet)"),
      (Seq("version", "publish", "people", "--format", "parquet", "--csv-safe"),
        "Cannot publish in format parquet with --csv-safe: only CSV can be run by a spreadsheet. Leave it out."),
      (Seq("version", "publish", "people", "--train-ratio", "0.8"), "Cannot publish people with a split"),
      (Seq("version", "publish", "pets", "--format", "csv"), "Cannot publish pets as CSV, csv-safe: only tables are published so"),
      (Seq("dataset", "export", "people", "--format", "voc", "--output", output), "Formats for it: parquet, arrow, csv."),
      (Seq("dataset", "export", "people", "--format", "csv", "--output", output, "--shard-samples", "5"),
        "Cannot export in format csv with --shard-samples: this option is for another format. Leave it out."),
      (Seq("dataset", "export", "people", "--format", "parquet", "--output", output, "--no-csv-safe"),
        "Cannot export in format parquet with --csv-safe: this option is for another format. Leave it out."),
      (Seq("dataset", "export", "pets", "--format", "webdataset", "--output", output, "--shard-samples", "0"),
        "Invalid shard samples: 0 (expected at least 1)"))) { (arguments, words) =>
      val result = run(datasets, arguments: _*)
      assert(result.err.contains(words), result.err)
      assert(result.exitCode !== ExitCode.DONE)
      assert(!result.err.contains("\tat "))
    }
  }

  private def run(datasets: String, arguments: String*): CommandLineRun =
    CommandLineRun.of(arguments :++ Seq("--datasets", datasets): _*)
}
