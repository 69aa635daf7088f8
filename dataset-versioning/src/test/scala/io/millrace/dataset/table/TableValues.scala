package io.millrace.dataset.table

import java.time.{LocalDate, LocalDateTime}

import scala.jdk.CollectionConverters._

import org.scalacheck.{Arbitrary, Gen}

/** Generated tables: columns of every type with awkward names, and values that are hard to write. */
object TableValues {

  /** Every type once, so that no run leaves one out. */
  val everyType: TableSchema =
    new TableSchema(ColumnType.values().toSeq.map(kind => new TableColumn(s"a $kind", kind)).asJava)

  val schemas: Gen[TableSchema] = for {
    names <- Gen.nonEmptyListOf(Gen.oneOf(Gen.identifier, Gen.oneOf(
      "a b", "列 1", "x,y", "\"q\"", "t:z", "😀", "=1+1", "-5", "@x", "a'b", "a;b", "{c}", "\uFEFFbom", "#x")))
    kinds <- Gen.listOfN(names.size, Gen.oneOf(ColumnType.values().toSeq))
  } yield {
    val columns = names.zip(kinds).distinctBy(_._1.toLowerCase(java.util.Locale.ROOT)).map {
      case (name, kind) => new TableColumn(name.take(128), kind)
    }
    new TableSchema(columns.asJava)
  }

  val texts: Gen[String] = Gen.oneOf(
    Gen.oneOf("", " ", "\t", "\t=1", "\t\t-x", "=1+1", "=cmd|' /C calc'!A0", "+49", "-5", "-1.5e3", "@SUM(A1)", "-",
      "NULL", "\"", "\"\"", "a\"b", ",", "\r", "\n", "\r\n", "x\r", "\ny", "#a", "\\", "\\\"", "\u0000", "\u0000\"",
      "\uFEFF", "\u2028", "true", "007", "2020-01-01", "汉字", "😀", "e\u0301"),
    Gen.asciiPrintableStr,
    Gen.stringOf(Gen.oneOf(",;\"\r\n\t #\\x=+-@\u0000")),
    Gen.stringOf(Gen.oneOf("汉字é€\u0301 \u00a0")))

  private val dates: Gen[LocalDate] =
    Gen.choose(LocalDate.of(1, 1, 1).toEpochDay, LocalDate.of(9999, 12, 31).toEpochDay).map(LocalDate.ofEpochDay)

  private val timestamps: Gen[LocalDateTime] = for {
    date <- dates
    second <- Gen.choose(0, 86399)
    micros <- Gen.oneOf(Gen.const(0), Gen.choose(0, 999999), Gen.choose(0, 9).map(_ * 100000))
  } yield date.atStartOfDay().plusSeconds(second.toLong).plusNanos(micros * 1000L)

  def valuesOf(kind: ColumnType): Gen[Any] = kind match {
    case ColumnType.STRING => texts
    case ColumnType.SHORT => Arbitrary.arbitrary[Short]
    case ColumnType.INT => Arbitrary.arbitrary[Int]
    case ColumnType.LONG => Arbitrary.arbitrary[Long]
    case ColumnType.DOUBLE => Gen.oneOf(
      Arbitrary.arbitrary[Double], Gen.oneOf(Double.NaN, Double.NegativeInfinity, -0.0, Double.MinPositiveValue))
    case ColumnType.FLOAT => Gen.oneOf(
      Arbitrary.arbitrary[Float], Gen.oneOf(Float.NaN, Float.PositiveInfinity, -0.0f, Float.MinPositiveValue))
    case ColumnType.BYTE => Arbitrary.arbitrary[Byte]
    case ColumnType.DATE => dates
    case ColumnType.TIMESTAMP => timestamps
    case ColumnType.BOOLEAN => Arbitrary.arbitrary[Boolean]
  }

  /** Rows of a schema; about one value in six is missing. */
  def rows(schema: TableSchema): Gen[List[List[Any]]] = {
    val row = schema.columns.asScala.toList.map(column => Gen.frequency(1 -> Gen.const(null), 5 -> valuesOf(column.`type`)))
    Gen.listOf(row.foldRight(Gen.const(List.empty[Any])) { (cell, rest) => cell.flatMap(c => rest.map(c :: _)) })
  }
}
