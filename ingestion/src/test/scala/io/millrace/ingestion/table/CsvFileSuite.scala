package io.millrace.ingestion.table

import java.io.{ByteArrayInputStream, InputStream}
import java.nio.charset.{Charset, StandardCharsets}
import java.nio.file.Files

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.{DatasetException, SharedData}
import io.millrace.dataset.table.{TableSchema, TypeEvidence}
import io.millrace.ingestion.RejectReason
import io.millrace.ingestion.table.CsvFileScan.{Known, Refused}
import org.scalacheck.{Gen, Shrink}
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

class CsvFileSuite extends AnyFunSuite with ScalaCheckPropertyChecks with SharedData {
  private val gb18030 = Charset.forName("GB18030")

  test("ING-5 csv-spectrum - every file - the values of its JSON") {
    val json = new ObjectMapper()
    val files = Files.list(sharedData("csv-spectrum/csvs")).iterator().asScala.toSeq
    assert(files.size === 11)
    for (file <- files) {
      val name = file.getFileName.toString.stripSuffix(".csv")
      val expected = json.readTree(sharedData(s"csv-spectrum/json/$name.json").toFile)
      // The copy at hand has lost the CRs of the files that are about them.
      val text = Files.readString(file)
      val isCrLf = name.endsWith("_crlf") && !text.contains("\r")
      val bytes = (if (isCrLf) text.replace("\n", "\r\n") else text).getBytes(StandardCharsets.UTF_8)
      val scan = known(bytes)
      val rows = read(bytes).tail.map(row => scan.names.asScala.zip(row.cells.asScala).toMap)
      val wanted = expected.elements().asScala.toSeq.map(
        _.properties().asScala.map(field => field.getKey -> field.getValue.asText).toMap)
      assert(rows === wanted, name)
    }
  }

  test("ING-5 rows - quotes, line ends, blank lines - each with the line that it begins in") {
    val rows = read("a,b\n\n\"x\r\ny\",2\r\n\r\n\n3,\"p\nq\"\n5,6")
    assert(rows.map(row => (row.line, row.cells.asScala.toSeq)) ===
      Seq((1, Seq("a", "b")), (3, Seq("x\r\ny", "2")), (7, Seq("3", "p\nq")), (9, Seq("5", "6"))))
  }

  test("ING-5 rows - CR LF, LF and mixed - the CR is never part of a value, unless quoted") {
    for (text <- Seq("a,b\r\n1,2\r\n", "a,b\n1,2\n", "a,b\r\n1,2\n", "a,b\n1,2\r\n", "a,b\r\n1,2", "a,b\r1,2\r"))
      assert(values(text) === Seq(Seq("a", "b"), Seq("1", "2")), text.replace("\r", "\\r"))
    assert(values("1,\r\n2,\"\"\r\n3,\"x\r\"\r\n4,\"x\"\"\r\"\r\n5,y\"\r\n6,\"\r\"\r\n7,\"\"\"\r\"\r\n") ===
      Seq(Seq("1", null), Seq("2", ""), Seq("3", "x\r"), Seq("4", "x\"\r"), Seq("5", "y\""), Seq("6", "\r"),
        Seq("7", "\"\r")))
  }

  test("ING-5 rows - empty and quoted empty, a hash, a backslash, space - as they stand") {
    assert(values(",\"\"\n#a,\"b\\\"\n x , \"y\"\n\"\"\n") ===
      Seq(Seq(null, ""), Seq("#a", "b\\"), Seq(" x ", " \"y\""), Seq("")))
  }

  test("ING-5 rows - any cells, written with quotes - read as they were, in any charset") {
    val cell = Gen.oneOf(
      Gen.asciiPrintableStr,
      Gen.stringOf(Gen.oneOf(",;\"\r\n\t #\\x")),
      Gen.listOf(Gen.oneOf("汉", "字", "€", "é", "😀", " ")).map(_.mkString))
    val tables = for {
      columns <- Gen.choose(1, 5)
      rows <- Gen.nonEmptyListOf(Gen.listOfN(columns, cell))
    } yield rows
    implicit val whole: Shrink[List[List[String]]] = Shrink.shrinkAny // a smaller table may be none
    forAll(tables, Gen.oneOf("\n", "\r\n"), Gen.oneOf(StandardCharsets.UTF_8, gb18030)) { (rows, end, charset) =>
      val text = rows.map(_.map(c => "\"" + c.replace("\"", "\"\"") + "\"").mkString(",")).mkString("", end, end)
      val bytes = text.getBytes(charset)
      val dialect = CsvDialect.DEFAULT.withHeader(CsvDialect.Header.ABSENT)
        .withCharset(if (charset == gb18030) TableCharset.GBK else TableCharset.UTF_8)
      val found = read(bytes, dialect).map(_.cells.asScala.toSeq)
      assert(found.zip(rows).find { case (one, other) => one != other } === None)
      assert(found.size === rows.size)
    }
  }

  test("ING-5 charset - auto - strict UTF-8, else GB 18030; BOM is no part of the first name") {
    assert(known("a,名\n1,中\n".getBytes(StandardCharsets.UTF_8)).text.charsetName === "UTF-8")
    assert(known("a,名\n1,中\n".getBytes(gb18030)).text.charsetName === "GB18030")
    val bom = Array(0xef, 0xbb, 0xbf).map(_.toByte) ++ "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)
    assert(known(bom).names.asScala === Seq("a", "b"))
    val long = ("x" * 65535 + "é,b\n").getBytes(StandardCharsets.UTF_8)
    assert(known(long).text.charsetName === "UTF-8", "a character over the end of a block")
  }

  test("ING-5 charset - bytes that are no text - the file is refused, never repaired silently") {
    val broken = "a,b\n1,".getBytes(StandardCharsets.UTF_8) ++ Array(0xff.toByte, 0xff.toByte) ++ "\n".getBytes
    assert(scan(broken) === new Refused(
      RejectReason.UNDECODABLE_TEXT,
      "The bytes are no text in UTF-8 or GBK. Convert the file to UTF-8, or name its charset."))
    val gbk = "a,名\n".getBytes(gb18030)
    assert(scan(gbk, CsvDialect.DEFAULT.withCharset(TableCharset.UTF_8)).isInstanceOf[Refused])
    assert(scan("é".getBytes(StandardCharsets.UTF_8).take(1), CsvDialect.DEFAULT.withCharset(TableCharset.UTF_8))
      .isInstanceOf[Refused], "cut within a character")
  }

  test("ING-5 scan - a quote that is never closed - the file is refused, memory bounded") {
    val endless = new InputStream {
      private val start = "a,b\n1,\"x\n".getBytes
      private var at = 0L
      override def read(): Int = {
        at += 1
        if (at <= start.length) start((at - 1).toInt) else if (at > 40000000L) -1 else if (at % 80 == 0) '\n' else 'z'
      }
    }
    val first = scan("a,b\n1,2\n".getBytes)
    val reader = CsvReader.open(endless, first.asInstanceOf[Known].text, CsvDialect.DEFAULT)
    assert(reader.next().get.cells.asScala === Seq("a", "b"))
    val failure = intercept[RunawayRowException](reader.next())
    assert(failure.line === 2)
    assert(failure.getMessage === "The row that begins in line 2 has more than 16777216 characters: a quote in it is never closed")
    reader.close()
  }

  test("ING-5 scan - header off, blank names, first rows - names and types") {
    val dialect = CsvDialect.DEFAULT.withHeader(CsvDialect.Header.ABSENT)
    assert(known("1,x\n2,y\n".getBytes, dialect).inferred.toString === "attr_1:Int, attr_2:String")
    assert(known(" a ,,c\n1,2,3\n".getBytes).names.asScala === Seq("a", "attr_2", "c"))
    assert(known("a\n1\nx\n".getBytes, CsvDialect.DEFAULT, 1).inferred.toString === "a:Int")
    assert(known("a\n1\nNA\n".getBytes, CsvDialect.DEFAULT.withNullTexts(java.util.Set.of("NA"))).inferred.toString === "a:Int")
    assert(scan(Array()) === new Refused(
      RejectReason.EMPTY_FILE, "The file has no row, not even one that names columns."))
  }

  test("ING-5 row faults - count of values, length, open quote - with the first 200 characters") {
    val schema = TableSchema.parse("a:Int, b:String")
    def fault(text: String, limit: Long = 1000) =
      RowFault.of(read(text).head, schema, limit).map[(RejectReason, String)](f => (f.reason, f.message)).orElse(null)
    assert(fault("1,2\n") === null)
    assert(fault("1,2,3\n") === ((RejectReason.COLUMN_COUNT, "The row has 3 values, the table has 2 columns: 1,2,3")))
    assert(fault("x" * 300)._2.endsWith("x" * 200 + "..."))
    assert(fault("1," + "y" * 50, 20)._1 === RejectReason.ROW_TOO_LARGE)
    assert(fault("1,\"x\n2,y\n3,z\n") === ((
      RejectReason.UNCLOSED_QUOTE,
      "A quote in this row is not closed where it should be, so it took 3 lines for one row: 1,\"x\n2,y\n3,z")))
    assert(fault("1,\"x\ny\"\n") === null)
    assert(fault("1,5\" pipe\n") === null)
  }

  test("ING-5 several files - numbers widen, empty columns agree, others do not - one table") {
    def agreement(texts: String*) = SchemaAgreement.ofFiles(
      "dir", texts.zipWithIndex.foldLeft(new java.util.LinkedHashMap[String, Known]) { case (map, (text, i)) =>
        map.put(s"$i.csv", known(text.getBytes)); map
      }).toString
    assert(agreement("a,b\n1,\n", "a,b\n1.5,2020-01-01\n", "a,b\n3000000000,\n") === "a:Double, b:Date")
    val failure = intercept[DatasetException](agreement("a,b\n1,x\n", "a,b\n2,y\n", "a,c\n2020-01-01,z\n"))
    assert(failure.getMessage ===
      """Cannot import dir: two of its files have different columns (marked *):
        |    0.csv     2.csv
        |  * a:Int     a:Date
        |  * b:String  c:String
        |The dataset was left as it was. Import files of one kind only, or create the dataset with --schema to say which types are meant.""".stripMargin)
    assert(intercept[DatasetException](agreement("a,A\n1,2\n")).getMessage.contains(
      "the first row of 0.csv names no columns that a dataset can have: Invalid schema: the columns 'a' and 'A'"))
  }

  test("ING-5 several files - any evidence - agreement does not depend on the order") {
    forAll(Gen.choose(0, 255), Gen.choose(0, 255)) { (one, other) =>
      assert(new TypeEvidence(one).agreesWith(new TypeEvidence(other)) ===
        new TypeEvidence(other).agreesWith(new TypeEvidence(one)))
    }
  }

  test("ING-5 dialect - delimiters and charsets - what cannot be is refused") {
    assert(CsvDialect.delimiter("\\t") === '\t')
    assert(CsvDialect.delimiter(";") === ';')
    for (text <- Seq("", "ab", "x", "\"")) {
      intercept[DatasetException](CsvDialect.DEFAULT.withDelimiter(CsvDialect.delimiter(text)))
    }
    assert(TableCharset.parse("utf8") === TableCharset.UTF_8)
    assert(intercept[DatasetException](TableCharset.parse("latin1")).getMessage ===
      "Invalid charset: 'latin1' (expected one of auto, UTF-8, GBK). Convert files in another one to UTF-8 first.")
  }

  private def scan(bytes: Array[Byte], dialect: CsvDialect = CsvDialect.DEFAULT, rows: Long = Long.MaxValue): CsvFileScan =
    CsvFileScan.of(() => new ByteArrayInputStream(bytes), dialect, rows)

  private def known(bytes: Array[Byte], dialect: CsvDialect = CsvDialect.DEFAULT, rows: Long = Long.MaxValue): Known =
    scan(bytes, dialect, rows) match {
      case known: Known => known
      case refused => fail(refused.toString)
    }

  private def read(bytes: Array[Byte], dialect: CsvDialect = CsvDialect.DEFAULT): Seq[CsvRow] = {
    val reader = known(bytes, dialect).open(new ByteArrayInputStream(bytes), dialect)
    try Iterator.continually(reader.next()).takeWhile(_.isPresent).map(_.get).toList
    finally reader.close()
  }

  private def read(text: String): Seq[CsvRow] = read(text.getBytes(StandardCharsets.UTF_8))

  private def values(text: String): Seq[Seq[String]] = read(text).map(_.cells.asScala.toSeq)
}
