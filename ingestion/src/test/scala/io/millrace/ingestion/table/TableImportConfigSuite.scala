package io.millrace.ingestion.table

import java.time.Duration
import java.util.{List => JList, Map => JMap, Optional}

import io.millrace.dataset.{DatasetException, DatasetName, ImportId}
import io.millrace.dataset.table.{ColumnType, TableColumn}
import io.millrace.ingestion.RejectReason
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class TableImportConfigSuite extends AnyFunSuite {

  test("ING-1 jdbc address - a user or a secret in it - refused, and not repeated") {
    forAll(
      Table(
        "url",
        "jdbc:postgresql://h/db?user=me&password=apple-pie",
        "jdbc:postgresql://me:apple-pie@h/db",
        "jdbc:mysql://h/db?sslPassword=apple-pie",
        "jdbc:h2:mem:x;PASSWORD=apple-pie",
        "jdbc:h2:mem:x;USER=apple-pie",
        "jdbc:sqlserver://h;databaseName=d;user=me;password=apple-pie",
        "jdbc:oracle:thin:me/apple-pie@h:1521:x",
        "jdbc:databricks://h;AccessToken=apple-pie",
        "jdbc:x://h?a=b&pwd = apple-pie")) { url =>
      val message = intercept[DatasetException](source(url)).getMessage
      assert(message.contains("the address holds a user or a secret. Leave it out and set the environment variables"))
      assert(!message.contains("apple-pie"), message)
    }
    for (url <- Seq(
        "jdbc:postgresql://h:5432/db?ssl=true", "jdbc:h2:mem:x;MODE=MySQL", "jdbc:oracle:thin:@//h:1521/x",
        "jdbc:oracle:thin:@h:1521:x", "jdbc:sqlserver://h:1433;databaseName=passwords"))
      assert(source(url).url === url)
  }

  test("ING-5 jdbc source - a query - its semicolon dropped, named by a digest") {
    val query = JdbcSource.of("jdbc:x:y", Optional.empty(), Optional.of(" select 1 ; "), Optional.empty())
    assert(query.relation === "(select 1) millrace_rows")
    assert(query.description.matches("jdbc:x:y#query-[0-9a-f]{12}"))
    assert(source("jdbc:x:y").description === "jdbc:x:y#t")
  }

  test("ING-4 report - rows that do not add up - are our defect") {
    intercept[IllegalStateException](report(seen = 5))
    assert(report(seen = 6).rejected === 2)
    intercept[IllegalStateException](report(seen = 6, empty = 4))
  }

  test("ING-4 report - line, text and JSON - say the same") {
    assert(report(seen = 6, empty = 2).toText ===
      """imported 3 rows, replaced 7, unchanged 1, rejected 2 (2 column-count), 1 column, 2 sources, 0.5 s, 10 rows/s
        |  a:Int: 2 empty, 1 not a value of its type
        |  1 of 2 sources did not change
        |  4 other files ignored""".stripMargin)
    assert(report(seen = 6).toJson ===
      """{"import_id":"imp-12345678","dataset":"d","source":"s","format":"table","sources":2,"unchanged_sources":1,""" +
        """"other_files":4,"seen":6,"imported":3,"unchanged":1,"replaced":7,"rejected":2,"rejections":{"column-count":2},""" +
        """"columns":[{"name":"a","type":"Int","empty":0,"unparsed":1}],"seconds":0.5}""")
  }

  private def source(url: String): JdbcSource =
    JdbcSource.of(url, Optional.of("t"), Optional.empty(), Optional.empty())

  private def report(seen: Long, empty: Long = 0): TableImportReport =
    new TableImportReport(
      new ImportId("imp-12345678"), new DatasetName("d"), "s", 2, 1, 4, seen, 3, 1, 7,
      JMap.of(RejectReason.COLUMN_COUNT, 2L, RejectReason.EMPTY_FILE, 0L),
      JList.of(new ColumnTally(new TableColumn("a", ColumnType.INT), empty, 1)), Duration.ofMillis(500))
}
