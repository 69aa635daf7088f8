package io.millrace.ingestion.spark

import java.nio.file.Path

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.SharedData
import io.millrace.ingestion.table.CsvDialect
import org.scalatest.funsuite.AnyFunSuite

/** Imports of public tables; cancels where they are not on this machine. */
class TableRealDataSuite extends AnyFunSuite with TableImportFixture with SharedData {
  private val penguins = "penguins/inst/extdata"

  test("ING-5 penguins - 344 rows, NA for no value - typed as their authors mean them") {
    val dataset = newDataset()
    val dialect = CsvDialect.DEFAULT.withNullTexts(java.util.Set.of("NA"))
    val report = run(config(dataset, files(sharedData(s"$penguins/penguins.csv"), dialect)))
    info(report.toText)
    assert(Seq(report.seen, report.imported, report.rejected) === Seq(344, 344, 0))
    assert(data(dataset).schema().get.toString ===
      "species:String, island:String, bill_length_mm:Double, bill_depth_mm:Double, flipper_length_mm:Int, " +
      "body_mass_g:Int, sex:String, year:Int")
    assert(report.columns.asScala.map(_.empty) === Seq(0, 0, 2, 2, 2, 2, 11, 0))
    assert(report.columns.asScala.map(_.unparsed).sum === 0)
  }

  test("ING-5 penguins - a fixed schema, no word about NA - null and counted as no value of the type") {
    val dataset = newDataset(
      "species:String, island:String, bill_length_mm:Double, bill_depth_mm:Double, flipper_length_mm:Short, " +
        "body_mass_g:Short, sex:String, year:Short")
    val report = run(config(dataset, files(sharedData(s"$penguins/penguins.csv"))))
    assert(report.columns.asScala.map(_.unparsed) === Seq(0, 0, 2, 2, 2, 2, 0, 0))
    assert(data(dataset).rows().where("sex = 'NA'").count() === 11)
  }

  test("ING-5 penguins_raw - names with spaces and brackets - stored under these names") {
    val dataset = newDataset()
    val dialect = CsvDialect.DEFAULT.withNullTexts(java.util.Set.of("NA"))
    val report = run(config(dataset, files(sharedData(s"$penguins/penguins_raw.csv"), dialect)))
    assert(Seq(report.imported, report.rejected) === Seq(344, 0))
    assert(data(dataset).rows().agg(Map("Body Mass (g)" -> "max")).first().get(0) === 6300)
    assert(data(dataset).schema().get.columns.asScala.find(_.name == "Date Egg").get.`type`.toString === "Date")
    assert(run(config(dataset, files(sharedData(s"$penguins/penguins_raw.csv"), dialect))).unchanged === 344)
  }

  test("ING-5 dotnet test data - quotes, space, a tab as delimiter, other files beside") {
    assert(imported("QuotingData.csv") === Seq(
      Seq("1", "This text contains comma, within quotes."),
      Seq("2", "This text contains extra punctuations and special characters.;*<>?!@#$%^&*()_+=-{}|[]:;'"),
      Seq("3", "This text has no quotes")))
    assert(imported("TrimData.csv") === Seq(
      Seq("1", "There is a space at the end  "), Seq("2", "There is no space at the end")))
    assert(imported("dates1.csv").map(_.head).sorted.head === "2020/3/22")
    val tab = CsvDialect.DEFAULT.withDelimiter('\t')
    val detox = newDataset()
    val comments = run(config(detox, files(dotnet("wikipedia-detox-250-line-data.tsv"), tab)))
    assert(Seq(comments.imported, comments.rejected) === Seq(245, 1))
    assert(rejects(detox).head._1.endsWith("wikipedia-detox-250-line-data.tsv:83"))
    assert(rejects(detox).head._3.startsWith(
      "A quote in this row is not closed where it should be, so it took 5 lines for one row: 0\t\"== "))
    assert(imported("iris.txt", tab).size === 150)
    val credit = newDataset()
    val report = run(config(credit, files(dotnet("creditapproval_train.csv"))))
    assert(report.imported === 552)
    assert(data(credit).schema().get.columns.get(13).toString === "A14:String", "00200 is no number")
  }

  test("ING-5 dotnet partitioned files - one with other columns - both shown; without it, all rows") {
    val dataset = newDataset()
    val message = failure(config(dataset, files(dotnet("Partitioned/Unnamed"))))
    assert(message.contains("two of its files have different columns"))
    assert(message.contains("dataBadSchema.csv"))
    val report = run(config(dataset, files(dotnet("Partitioned/Named"))))
    assert(Seq(report.sources, report.imported, report.rejected) === Seq(5, 9, 0))
    assert(data(dataset).schema().get.toString === "col1:Int, col2:Int")
  }

  test("ING-5 csv-spectrum - every file through the whole import - the values of its JSON") {
    val json = new ObjectMapper()
    for (name <- Seq("comma_in_quotes", "empty", "escaped_quotes", "json", "newlines", "quotes_and_newlines", "utf8")) {
      val dataset = newDataset()
      run(config(dataset, files(sharedData(s"csv-spectrum/csvs/$name.csv"))))
      val names = data(dataset).schema().get.names.asScala
      val expected = json.readTree(sharedData(s"csv-spectrum/json/$name.json").toFile).elements().asScala.toSeq
        .map(row => names.map(column => row.get(column).asText).toSeq)
      // An empty number is null, an empty text is not.
      val stored = rows(dataset).map(_.map(value => if (value == null) "" else value))
      assert(stored.toSet === expected.toSet, name)
    }
  }

  private def imported(name: String, dialect: CsvDialect = CsvDialect.DEFAULT): Seq[Seq[String]] = {
    val dataset = newDataset()
    run(config(dataset, files(dotnet(name), dialect)))
    rows(dataset)
  }

  private def dotnet(name: String): Path = sharedData(s"dotnet-ml-testdata/test/data/$name")
}
