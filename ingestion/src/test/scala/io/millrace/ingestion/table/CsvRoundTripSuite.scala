package io.millrace.ingestion.table

import java.io.{ByteArrayInputStream, ByteArrayOutputStream}
import java.nio.charset.StandardCharsets

import scala.jdk.CollectionConverters._

import io.millrace.dataset.table.{FormulaGuard, TableCsvWriter, TableSchema, TableValues}
import org.scalacheck.{Gen, Shrink}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

/** What {@link TableCsvWriter} writes is what the import of tables reads. */
class CsvRoundTripSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  implicit override val generatorDrivenConfig: PropertyCheckConfiguration =
    PropertyCheckConfiguration(minSuccessful = 300)
  implicit private val whole: Shrink[(TableSchema, List[List[Any]])] = Shrink.shrinkAny

  test("VER-6 round trip - any rows of every type, nulls, quotes, line ends, tabs, Unicode - the same rows") {
    val everyType = TableValues.rows(TableValues.everyType).map((TableValues.everyType, _))
    val anySchema = TableValues.schemas.flatMap(schema => TableValues.rows(schema).map((schema, _)))
    forAll(Gen.oneOf(everyType, anySchema), Gen.oneOf(FormulaGuard.values().toSeq)) { case ((schema, rows), guard) =>
      val (names, found) = written(schema, rows, guard, guard)
      assert(names === schema.names.asScala)
      assert(found.size === rows.size)
      val isOneText = schema.size == 1 && schema.columns.get(0).`type`.toString == "String"
      val expected = if (isOneText) rows.map(_.map(cell => if (cell == null) "" else cell)) else rows
      assert(found.zip(expected).find { case (one, other) => !same(one, other) } === None)
    }
  }

  test("VER-6 round trip - a csv-safe file read as any other - the tabs stay, nothing else differs") {
    val schema = TableSchema.parse("s:String, n:Int")
    val rows = List(List("=1+1", -5), List("\t@x", 5), List("x", null))
    assert(written(schema, rows, FormulaGuard.ON, FormulaGuard.OFF)._2 ===
      List(List("\t=1+1", -5), List("\t\t@x", 5), List("x", null)))
    assert(written(schema, rows, FormulaGuard.ON, FormulaGuard.ON)._2 === rows)
    assert(CsvDialect.DEFAULT.withFormulas(FormulaGuard.ON).reading !== CsvDialect.DEFAULT.reading)
  }

  test("VER-6 round trip - a csv-safe file and texts that mean none - the tab does not hide them") {
    val dialect = CsvDialect.DEFAULT.withFormulas(FormulaGuard.ON).withNullTexts(java.util.Set.of("-"))
    val schema = TableSchema.parse("s:String, t:String")
    assert(read(schema, write(schema, List(List("-", "a")), FormulaGuard.ON), dialect)._2 === List(List(null, "a")))
  }

  /** By Java's equals: NaN is itself, and -0.0 is not 0.0. */
  private def same(one: List[Any], other: List[Any]): Boolean = one.asJava == other.asJava

  private def written(schema: TableSchema, rows: List[List[Any]], writing: FormulaGuard, reading: FormulaGuard) =
    read(schema, write(schema, rows, writing), CsvDialect.DEFAULT.withFormulas(reading))

  private def write(schema: TableSchema, rows: List[List[Any]], guard: FormulaGuard): Array[Byte] = {
    val out = new ByteArrayOutputStream()
    val writer = new TableCsvWriter(out, schema, guard)
    rows.foreach(row => writer.write(row.asJava))
    writer.finish()
    out.toByteArray
  }

  /** The names and the values, as the import's tasks read them. */
  private def read(schema: TableSchema, bytes: Array[Byte], dialect: CsvDialect): (Seq[String], List[List[Any]]) = {
    val scan = CsvFileScan.of(() => new ByteArrayInputStream(bytes), dialect, Long.MaxValue) match {
      case known: CsvFileScan.Known => known
      case refused => fail(refused.toString + "\n" + new String(bytes, StandardCharsets.UTF_8))
    }
    val reader = scan.open(new ByteArrayInputStream(bytes), dialect)
    try {
      reader.next()
      val rows = Iterator.continually(reader.next()).takeWhile(_.isPresent).map(_.get).toList
      val values = rows.map { row =>
        assert(RowFault.of(row, schema, 1 << 20).isEmpty)
        schema.columns.asScala.toList.zipWithIndex.map { case (column, i) =>
          val text = dialect.text(row.cell(i), column.`type`)
          val value = text.flatMap(column.`type`.value(_))
          assert(text.isPresent === value.isPresent, text)
          value.orElse(null): Any
        }
      }
      (scan.names.asScala.toSeq, values)
    } finally reader.close()
  }
}
