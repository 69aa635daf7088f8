package io.millrace.dataset.table

import java.io.ByteArrayOutputStream
import java.nio.charset.StandardCharsets
import java.time.{LocalDate, LocalDateTime}
import java.util.Arrays

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll => forEach, Table}
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

class TableCsvWriterSuite extends AnyFunSuite with ScalaCheckPropertyChecks {

  test("VER-2 CSV - values of every type, none, quotes and line ends - as a reader of CSV expects them") {
    val schema = TableSchema.parse(
      "\"a,b\":String, h:Short, i:Int, l:Long, d:Double, f:Float, b:Byte, dt:Date, ts:Timestamp, t:Boolean")
    val (text, counts) = write(
      schema,
      FormulaGuard.ON,
      Seq("say \"hi\"", -1.toShort, -2, -3L, -0.5, Float.NaN, -4.toByte, LocalDate.of(2014, 5, 29),
        LocalDateTime.of(2014, 5, 29, 1, 2, 3), true),
      Seq("two\nlines\r", null, null, null, Double.NegativeInfinity, null, null, LocalDate.of(1, 1, 1),
        LocalDateTime.of(2014, 5, 29, 0, 0, 0, 120000), false),
      Seq("", null, null, null, null, null, null, null, null, null),
      Seq(null, 1.toShort, null, null, null, null, null, null, null, null))
    assert(text ===
      "\"a,b\",h,i,l,d,f,b,dt,ts,t\n" +
      "\"say \"\"hi\"\"\",-1,-2,-3,-0.5,NaN,-4,2014-05-29,2014-05-29 01:02:03,TRUE\n" +
      "\"two\nlines\r\",,,,-Infinity,,,0001-01-01,2014-05-29 00:00:00.00012,FALSE\n" +
      "\"\",,,,,,,,,\n" +
      ",1,,,,,,,,\n")
    assert(counts === new TableCsvWriter.Counts(4, 0, 0))
  }

  test("VER-6 csv-safe - texts that begin like a formula, also in the header - a tab goes in front") {
    val schema = TableSchema.parse("=name:String, n:Int, d:Double")
    val rows = Seq("=1+1", "+49", "-x", "@SUM(A1)", "=cmd|'/C calc'!\"A0\"", "\t=1", "a=1", " =1").map(Seq(_, -5, -1.5))
    val (safe, counts) = write(schema, FormulaGuard.ON, rows: _*)
    assert(safe ===
      "\"\t=name\",n,d\n\"\t=1+1\",-5,-1.5\n\"\t+49\",-5,-1.5\n\"\t-x\",-5,-1.5\n\"\t@SUM(A1)\",-5,-1.5\n" +
      "\"\t=cmd|'/C calc'!\"\"A0\"\"\",-5,-1.5\n\"\t\t=1\",-5,-1.5\na=1,-5,-1.5\n =1,-5,-1.5\n")
    assert(counts.guarded === 6)
    val (plain, none) = write(schema, FormulaGuard.OFF, rows: _*)
    assert(plain.startsWith("=name,n,d\n=1+1,-5,-1.5\n+49,-5,-1.5\n-x,-5,-1.5\n@SUM(A1),-5,-1.5\n"))
    assert(none.guarded === 0)
  }

  test("VER-6 csv-safe - any text - begins with no formula character, and comes back") {
    forAll(TableValues.texts) { text =>
      val safe = FormulaGuard.ON.guarded(text)
      assert(safe.isEmpty || !"=+-@".contains(safe.head))
      assert(FormulaGuard.ON.unguarded(safe) === text)
      assert(FormulaGuard.OFF.guarded(text) === text)
      assert(FormulaGuard.OFF.unguarded(text) === text)
    }
  }

  test("VER-2 CSV - what an import cannot read back - is counted") {
    val days = write(
      TableSchema.parse("a:Date, b:Timestamp"),
      FormulaGuard.ON,
      Seq(LocalDate.of(0, 12, 31), LocalDateTime.of(10000, 1, 1, 0, 0)),
      Seq(LocalDate.of(9999, 12, 31), null))
    assert(days === (("a,b\n0000-12-31,+10000-01-01 00:00:00\n9999-12-31,\n", new TableCsvWriter.Counts(2, 0, 2))))
    assert(write(TableSchema.parse("a:String"), FormulaGuard.ON, Seq(null), Seq("")) ===
      (("a\n\"\"\n\"\"\n", new TableCsvWriter.Counts(2, 0, 1))))
    assert(write(TableSchema.parse("a:Int"), FormulaGuard.ON, Seq(null)) ===
      (("a\n\"\"\n", new TableCsvWriter.Counts(1, 0, 0))))
  }

  test("ING-5 values - the text of any value of any type - is that value") {
    forEach(Table("type", ColumnType.values().toSeq: _*)) { kind =>
      forAll(TableValues.valuesOf(kind)) { value =>
        assert(kind.value(kind.text(value)).get.equals(value))
      }
    }
  }

  test("ING-5 values - a fraction of a second - up to six digits, and nothing else") {
    val time = LocalDateTime.of(2014, 5, 29, 1, 2, 3)
    forEach(Table(
      ("text", "nanos"),
      ("2014-05-29 01:02:03.5", 500000000),
      ("2014-05-29 01:02:03.000001", 1000),
      ("2014-05-29 01:02:03.120", 120000000))) { (text, nanos) =>
      assert(ColumnType.TIMESTAMP.value(text).get === time.withNano(nanos))
    }
    for (text <- Seq("2014-05-29 01:02:03.", "2014-05-29 01:02:03.1234567", "2014-05-29 01:02:03.-1", "2014-05-29 01:02:03,5"))
      assert(ColumnType.TIMESTAMP.value(text).isEmpty, text)
    assert(TypeEvidence.NONE.`with`("2014-05-29 01:02:03.50").`type` === ColumnType.STRING, "500 ms do not give .50 back")
  }

  test("VER-2 CSV - a row of another width - is refused") {
    val writer = new TableCsvWriter(new ByteArrayOutputStream(), TableSchema.parse("a:Int"), FormulaGuard.ON)
    assert(intercept[io.millrace.dataset.DatasetException](writer.write(Arrays.asList(1, 2))).getMessage ===
      "Cannot write a row of 2 values: the table has 1 columns")
  }

  test("VER-2 CSV - any rows - as many as were written, whatever they hold") {
    forAll(TableValues.schemas.flatMap(schema => TableValues.rows(schema).map((schema, _))), Gen.oneOf(FormulaGuard.values().toSeq)) {
      case ((schema, rows), guard) => assert(write(schema, guard, rows: _*)._2.rows === rows.size)
    }
  }

  private def write(schema: TableSchema, guard: FormulaGuard, rows: Seq[Any]*): (String, TableCsvWriter.Counts) = {
    val out = new ByteArrayOutputStream()
    val writer = new TableCsvWriter(out, schema, guard)
    rows.foreach(row => writer.write(row.asJava))
    val counts = writer.finish()
    (out.toString(StandardCharsets.UTF_8), counts)
  }
}
