package io.millrace.dataset.table

import java.time.{LocalDate, LocalDateTime}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import io.millrace.dataset.DatasetException
import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll => forEach, Table}
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

class TableSchemaSuite extends AnyFunSuite with ScalaCheckPropertyChecks {

  test("ING-5 schema text - names, types in any case, quotes - read and written") {
    val schema = TableSchema.parse(" name:String, age:int ,\"a, b: \"\"c\"\"\":TIMESTAMP")
    assert(schema.names.asScala === Seq("name", "age", "a, b: \"c\""))
    assert(
      schema.columns.asScala.map(_.`type`) ===
        Seq(ColumnType.STRING, ColumnType.INT, ColumnType.TIMESTAMP))
    assert(schema.toString === "name:String, age:Int, \"a, b: \"\"c\"\"\":Timestamp")
  }

  test("ING-5 schema text - any schema - parse gives back what toString wrote") {
    forAll(schemas)(schema => assert(TableSchema.parse(schema.toString) === schema))
  }

  test("ING-5 schema text - what is wrong with it - named with the column and the nearest type") {
    val types = "String, Short, Int, Long, Double, Float, Byte, Date, Timestamp, Boolean"
    forEach(
      Table(
        ("text", "message"),
        ("", "Invalid schema: it is empty (expected NAME:TYPE, separated by commas"),
        ("age", "Invalid schema: column 1, 'age', has no type (expected age:TYPE, the type one of"),
        ("a:Int,", "Invalid schema: column 2 has no name"),
        ("a:Int,:Int", "Invalid schema: column 2 has no name"),
        ("\"a:Int", "the name of column 1 begins with a quote and never ends."),
        (
          "a:Int, age:Integer",
          s"column 2, 'age', has the type 'Integer' (expected one of $types). Did you mean age:Int?"),
        ("age:Strng", "Did you mean age:String?"),
        ("age:bool", "Did you mean age:Boolean?"),
        ("age:Geometry", s"has the type 'Geometry' (expected one of $types)."),
        ("a:Int, A:Long", "the columns 'a' and 'A' have the same name; case does not tell"),
        ("_source:Int", "'_source' (the dataset uses it for itself; rename the column)"),
        (s"${"x" * 129}:Int", "has 129 characters (expected at most 128)"),
        ("a\tb:Int", "'a?b' holds a control character"))) { (text, message) =>
      val failure = intercept[DatasetException](TableSchema.parse(text)).getMessage
      assert(failure.contains(message))
    }
  }

  test("ING-5 values - every type - its texts and no others") {
    forEach(
      Table[ColumnType, String, Option[Any]](
        ("type", "text", "value"),
        (ColumnType.STRING, "  x ", Some("  x ")),
        (ColumnType.BYTE, "127", Some(127.toByte)),
        (ColumnType.BYTE, "128", None),
        (ColumnType.BYTE, "-128", Some((-128).toByte)),
        (ColumnType.SHORT, "32768", None),
        (ColumnType.SHORT, "-32768", Some((-32768).toShort)),
        (ColumnType.INT, " 42 ", Some(42)),
        (ColumnType.INT, "+007", Some(7)),
        (ColumnType.INT, "2147483648", None),
        (ColumnType.INT, "4.0", None),
        (ColumnType.INT, "1_000", None),
        (ColumnType.INT, "４２", None),
        (ColumnType.INT, "-", None),
        (ColumnType.LONG, "9223372036854775807", Some(Long.MaxValue)),
        (ColumnType.LONG, "9223372036854775808", None),
        (ColumnType.LONG, "-9223372036854775808", Some(Long.MinValue)),
        (ColumnType.LONG, "00000000000000000000000000001", Some(1L)),
        (ColumnType.DOUBLE, "1.5e3", Some(1500.0)),
        (ColumnType.DOUBLE, ".5", Some(0.5)),
        (ColumnType.DOUBLE, "1e999", None),
        (ColumnType.DOUBLE, "1d", None),
        (ColumnType.DOUBLE, "0x1p3", None),
        (ColumnType.DOUBLE, "-Infinity", Some(Double.NegativeInfinity)),
        (ColumnType.DOUBLE, "NA", None),
        (ColumnType.FLOAT, "1e39", None),
        (ColumnType.FLOAT, "0.1", Some(0.1f)),
        (ColumnType.DATE, "2014-05-29", Some(LocalDate.of(2014, 5, 29))),
        (ColumnType.DATE, "2014-02-30", None),
        (ColumnType.DATE, "2014-5-29", None),
        (ColumnType.DATE, "2014/05/29", None),
        (ColumnType.DATE, "0000-01-01", None),
        (ColumnType.DATE, "2014-05-29 00:00:00", None),
        (ColumnType.TIMESTAMP, "2014-05-29 23:59:59", Some(LocalDateTime.of(2014, 5, 29, 23, 59, 59))),
        (ColumnType.TIMESTAMP, "2014-05-29 24:00:00", None),
        (ColumnType.TIMESTAMP, "2014-05-29T10:00:00", None),
        (ColumnType.TIMESTAMP, "2014-05-29", None),
        (ColumnType.BOOLEAN, "TRUE", Some(true)),
        (ColumnType.BOOLEAN, "False", Some(false)),
        (ColumnType.BOOLEAN, "1", None),
        (ColumnType.BOOLEAN, "yes", None))) { (columnType, text, value) =>
      assert(columnType.value(text).toScala === value)
    }
  }

  test("ING-5 values - what Java writes of any value - is that value") {
    forAll { (byte: Byte, short: Short, int: Int, long: Long) =>
      assert(ColumnType.BYTE.value(byte.toString).get === byte)
      assert(ColumnType.SHORT.value(short.toString).get === short)
      assert(ColumnType.INT.value(int.toString).get === int)
      assert(ColumnType.LONG.value(long.toString).get === long)
    }
    forAll { (double: Double, float: Float) =>
      assert(ColumnType.DOUBLE.value(double.toString).get === double)
      assert(ColumnType.FLOAT.value(float.toString).get === float)
    }
    forAll(Gen.choose(LocalDate.of(1, 1, 1).toEpochDay, LocalDate.of(9999, 12, 31).toEpochDay)) { day =>
      val date = LocalDate.ofEpochDay(day)
      assert(ColumnType.DATE.value(date.toString).get === date)
    }
  }

  test("ING-5 values - any text - none fails, and what fits a type fits the types that hold it") {
    forAll(Gen.oneOf(Gen.asciiPrintableStr, Gen.numStr, Gen.stringOf(Gen.oneOf("+-.eE0123456789: ")))) {
      text =>
        for (one <- ColumnType.values(); other <- ColumnType.values() if one.holds(other))
          if (other.value(text).isPresent) assert(one.value(text).isPresent, s"$other $one")
    }
  }

  test("ING-5 inference - the type that gives all texts back") {
    forEach(
      Table(
        ("texts", "type"),
        (Seq(), ColumnType.STRING),
        (Seq("1", "-20"), ColumnType.INT),
        (Seq("1", "3000000000"), ColumnType.LONG),
        (Seq("1", "1.5"), ColumnType.DOUBLE),
        (Seq("3000000000", "1e5"), ColumnType.DOUBLE),
        (Seq("9007199254740993", "1.5"), ColumnType.STRING),
        (Seq("9007199254740993", "1"), ColumnType.LONG),
        (Seq("99999999999999999999"), ColumnType.STRING),
        (Seq("08123"), ColumnType.STRING),
        (Seq("+49"), ColumnType.STRING),
        (Seq("0", "0.5"), ColumnType.DOUBLE),
        (Seq("TRUE", "false"), ColumnType.BOOLEAN),
        (Seq("TRUE", "1"), ColumnType.STRING),
        (Seq("2014-05-29"), ColumnType.DATE),
        (Seq("2014-05-29 10:00:00"), ColumnType.TIMESTAMP),
        (Seq("2014-05-29", "2014-05-29 10:00:00"), ColumnType.STRING),
        (Seq("2025/6/30"), ColumnType.STRING),
        (Seq("1", "NA"), ColumnType.STRING),
        (Seq(" "), ColumnType.STRING))) { (texts, expected) =>
      assert(evidence(texts).`type` === expected)
    }
  }

  test("ING-5 inference - any texts in any order, seen together or apart - the same type") {
    forAll(Gen.listOf(cells), Gen.listOf(cells), Gen.long) { (one, other, seed) =>
      val together = evidence(one ++ other)
      assert(evidence(one).merge(evidence(other)) === together)
      assert(evidence(new scala.util.Random(seed).shuffle(one ++ other)) === together)
      assert((one ++ other).forall(text => together.`type`.value(text).isPresent))
    }
  }

  test("ING-5 two schemas - beside each other - every difference is marked") {
    val left = TableSchema.parse("id:Int, age:Int, seen:Date")
    val right = TableSchema.parse("id:Int, age:Date")
    assert(
      left.besides(right, "a.csv", "b.csv") ===
        """    a.csv      b.csv
          |    id:Int     id:Int
          |  * age:Int    age:Date
          |  * seen:Date  -""".stripMargin)
  }

  private val cells: Gen[String] = Gen.oneOf(
    Gen.oneOf("1", "-5", "3000000000", "9007199254740993", "1.5", "TRUE", "x", "2020-01-01",
      "2020-01-01 00:00:00", "007", "1e400"),
    Gen.choose(-100L, 100L).map(_.toString),
    Gen.choose(-10.0, 10.0).map(_.toString))

  private val schemas: Gen[TableSchema] = for {
    names <- Gen.nonEmptyListOf(
      Gen.oneOf(Gen.identifier, Gen.oneOf("a b", "列 1", "x,y", "\"q\"", "t:z", "😀", "a\"b")))
    types <- Gen.listOfN(names.size, Gen.oneOf(ColumnType.values().toSeq))
  } yield {
    val columns = names.zip(types).distinctBy(_._1.toLowerCase(java.util.Locale.ROOT)).map {
      case (name, columnType) => new TableColumn(name.take(128), columnType)
    }
    new TableSchema(JList.of(columns: _*))
  }

  private def evidence(texts: Seq[String]): TypeEvidence = texts.foldLeft(TypeEvidence.NONE)(_.`with`(_))
}
