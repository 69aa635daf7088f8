package io.millrace.ingestion.spark

import java.nio.file.{Files, Path}

import org.apache.spark.sql.{DataFrameReader, Row}
import org.scalatest.funsuite.AnyFunSuite

/** What Spark's own CSV reader does, which is why tables are not imported with it (ADR 11). */
class TableSparkCsvSuite extends AnyFunSuite with TableImportFixture {

  test("ADR 11 spark.read.csv - short and long rows - filled and cut without a word") {
    val rows = read(reader.schema("a STRING, b STRING"), "1\n1,2,3\n")
    assert(rows === Seq(Row("1", null), Row("1", "2")))
  }

  test("ADR 11 spark.read.csv - corrupt records - hold rows whose values merely do not fit as well") {
    val rows = read(reader.schema("a INT, b INT, _corrupt_record STRING"), "1\n1,x\n1,2\n")
    assert(rows === Seq(Row(1, null, "1"), Row(1, null, "1,x"), Row(1, 2, null)))
  }

  test("ADR 11 spark.read.csv - a header in another order - taken by place") {
    assert(read(reader.schema("a INT, b INT").option("header", "true"), "b,a\n1,2\n") === Seq(Row(1, 2)))
  }

  test("ADR 11 spark.read.csv - bytes that are no text - replaced") {
    val file = Files.write(temporaryDirectory().resolve("x.csv"), Array[Byte](-1, 44, 98, 10))
    assert(reader.schema("a STRING, b STRING").csv(file.toString).collect() === Array(Row("\uFFFD", "b")))
  }

  test("ADR 11 spark.read.csv - JSON in quotes - torn apart unless the escape is set") {
    val text = "1,\"{\"\"a\"\": 1, \"\"b\"\": 2}\"\n"
    assert(read(reader.schema("k STRING, v STRING"), text) !== Seq(Row("1", "{\"a\": 1, \"b\": 2}")))
    assert(
      read(reader.schema("k STRING, v STRING").option("escape", "\""), text)
        === Seq(Row("1", "{\"a\": 1, \"b\": 2}")))
  }

  test("ADR 11 spark.read.csv - CR LF first, LF later; LF first, CR LF later - the CR stays or not") {
    assert(read(reader.schema("a STRING, b STRING"), "1,2\r\n3,4\n") === Seq(Row("1", "2"), Row("3", "4")))
    assert(read(reader.schema("a STRING, b STRING"), "1,2\n3,4\r\n").last !== Row("3", "4"))
  }

  private def reader: DataFrameReader = spark.read.option("multiLine", "true")

  private def read(reader: DataFrameReader, text: String): Seq[Row] = {
    val file: Path = write(temporaryDirectory(), "x.csv", text)
    reader.csv(file.toString).collect().toSeq
  }
}
