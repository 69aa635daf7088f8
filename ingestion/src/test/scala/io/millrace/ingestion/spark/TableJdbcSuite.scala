package io.millrace.ingestion.spark

import java.sql.{Connection, DriverManager}
import java.util.{Optional, TimeZone}

import scala.jdk.CollectionConverters._

import io.millrace.ingestion.table._
import io.millrace.ingestion.table.JdbcSource.Partitioning
import org.scalatest.funsuite.AnyFunSuite

/** Imports from a real embedded database. */
class TableJdbcSuite extends AnyFunSuite with TableImportFixture {

  test("ING-5 jdbc - a table of every type - typed rows; twice writes nothing; a change replaces") {
    withDatabase { (url, connection) =>
      execute(connection,
        "CREATE TABLE people (name VARCHAR(20), sh SMALLINT, i INT, l BIGINT, d DOUBLE PRECISION, r REAL, " +
          "by TINYINT, dt DATE, ts TIMESTAMP, t BOOLEAN, money DECIMAL(10,2), big DECIMAL(25,3), n NUMERIC(12,0))",
        "INSERT INTO people VALUES ('Ann', 1, 2, 3, 4.5, 5.5, 6, DATE '1500-01-02', " +
          "TIMESTAMP '2026-03-29 02:30:00', TRUE, 12.34, 1234567890123456789012.345, 123456789012)",
        "INSERT INTO people (name) VALUES (NULL)")
      val dataset = newDataset()
      val source = table(url, "people")
      val zone = TimeZone.getDefault
      // A clock time that Berlin skips: it must not depend on where this machine is.
      TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"))
      val report = try run(config(dataset, source)) finally TimeZone.setDefault(zone)
      assert(Seq(report.seen, report.imported, report.sources) === Seq(2, 2, 1))
      assert(data(dataset).schema().get.columns.asScala.map(_.`type`.toString) === Seq(
        "String", "Int", "Int", "Long", "Double", "Double", "Int", "Date", "Timestamp", "Boolean",
        "Double", "String", "Long"), "Spark widens small numbers of databases")
      val stored = data(dataset).rows().where("NAME = 'Ann'").selectExpr(
        "SH", "I", "L", "D", "R", "BY", "cast(DT as string)", "cast(TS as string)", "T", "MONEY", "BIG", "N",
        "_source").first()
      assert(stored.toSeq.map(_.toString) === Seq(
        "1", "2", "3", "4.5", "5.5", "6", "1500-01-02", "2026-03-29 02:30:00", "true", "12.34",
        "1234567890123456789012.345", "123456789012", s"$url#people"))
      assert(report.columns.asScala.map(_.empty).toSet === Set(1L))

      val before = state(dataset)
      val again = run(config(dataset, source))
      assert(Seq(again.seen, again.unchanged) === Seq(2, 2))
      assert(state(dataset) === before)
      execute(connection, "UPDATE people SET i = NULL, l = 2 WHERE name = 'Ann'")
      val third = run(config(dataset, source))
      assert(Seq(third.imported, third.replaced) === Seq(2, 2))
      assert(data(dataset).rows().count() === 2)
    }
  }

  test("ING-5 jdbc - in partitions, by integers and dates, with nulls - every row once") {
    withDatabase { (url, connection) =>
      execute(connection,
        "CREATE TABLE \"My Table\" (\"Id\" INT, d DATE, x VARCHAR)",
        "INSERT INTO \"My Table\" SELECT x - 40, DATEADD('DAY', x, DATE '2026-01-01'), 'r' || x FROM SYSTEM_RANGE(1, 200)",
        "INSERT INTO \"My Table\" VALUES (NULL, NULL, 'none')")
      val whole = newDataset()
      run(config(whole, table(url, "\"My Table\"")))
      assert(rows(whole).size === 201)
      for (column <- Seq("id", "D")) {
        val parts = newDataset()
        val source = JdbcSource.of(
          url, Optional.of("\"My Table\""), Optional.empty(), Optional.of(new Partitioning(column, 7)))
        assert(run(config(parts, source)).imported === 201)
        assert(rows(parts) === rows(whole))
      }
      val query = JdbcSource.of(
        url, Optional.empty(), Optional.of("SELECT \"Id\", x FROM \"My Table\" WHERE \"Id\" > 150;"),
        Optional.of(new Partitioning("Id", 2)))
      val queried = newDataset()
      assert(run(config(queried, query)).imported === 10)
      assert(data(queried).rows().select("_source").first().getString(0).startsWith(s"$url#query-"))
      val none = JdbcSource.of(
        url, Optional.empty(), Optional.of("SELECT * FROM \"My Table\" WHERE \"Id\" > 900"),
        Optional.of(new Partitioning("Id", 2)))
      assert(run(config(newDataset(), none)).imported === 0)
      val bad = JdbcSource.of(
        url, Optional.of("\"My Table\""), Optional.empty(), Optional.of(new Partitioning("x", 2)))
      assert(failure(config(newDataset(), bad)).contains("the column 'X' is of type string. Name a column of integers or of dates."))
      val unknown = JdbcSource.of(
        url, Optional.of("\"My Table\""), Optional.empty(), Optional.of(new Partitioning("y", 2)))
      assert(failure(config(newDataset(), unknown)).contains("the column 'y' is not one of Id, D, X."))
    }
  }

  test("ING-5 jdbc - user and password - from the environment alone") {
    withDatabase { (url, connection) =>
      execute(connection, "CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)",
        "CREATE USER reader PASSWORD 'grapefruit'", "GRANT SELECT ON t TO reader")
      val environment = java.util.Map.of("MILLRACE_JDBC_USER", "reader", "MILLRACE_JDBC_PASSWORD", "grapefruit")
      val dataset = newDataset()
      assert(run(config(dataset, table(url, "t")), JdbcCredentials.of(environment)).imported === 1)
      val wrong = java.util.Map.of("MILLRACE_JDBC_USER", "reader", "MILLRACE_JDBC_PASSWORD", "lemon-tree")
      val message = failure(config(dataset, table(url, "t")), JdbcCredentials.of(wrong))
      assert(message.startsWith(s"Cannot import $url#t: Wrong user name or password"), message)
      assert(!message.contains("lemon-tree"))
      assert(JdbcCredentials.of(environment).toString === "JdbcCredentials[***]")
    }
  }

  test("ING-5 jdbc - no driver, no such table, lists, other columns - one sentence each, untouched") {
    withDatabase { (url, connection) =>
      execute(connection, "CREATE TABLE t (a INT, b VARBINARY, c BLOB)", "CREATE TABLE u (a BIGINT)", "CREATE TABLE v (a INT)",
        "CREATE TABLE w (a INT, b INT ARRAY)")
      val dataset = newDataset("a:Int")
      val before = state(dataset)
      assert(failure(config(dataset, table("jdbc:nosuch://h/db", "t"))) ===
        "Cannot import jdbc:nosuch://h/db: no JDBC driver on the class path takes this address. Name the " +
        "driver's jar in the environment variable MILLRACE_JARS (of spark-submit: --jars), and check the address.")
      assert(failure(config(dataset, table(url, "nowhere"))).contains("\"NOWHERE\" not found"))
      assert(failure(config(dataset, table(url, "t"))) ===
        s"Cannot import $url#t: tables hold plain values, but 'B' is of type binary, 'C' is of type binary. " +
        "Import a query or a file without them.")
      assert(failure(config(dataset, table(url, "w"))).contains("Unrecognized SQL type - name: INTEGER ARRAY"))
      assert(failure(config(dataset, table(url, "u"))).contains("\n  * a:Int    A:Long\n"))
      assert(state(dataset) === before)
      val query = JdbcSource.of(url, Optional.empty(), Optional.of("SELECT a AS \"a\" FROM v"), Optional.empty())
      assert(run(config(dataset, query)).imported === 0)
    }
  }

  private def table(url: String, name: String): JdbcSource =
    JdbcSource.of(url, Optional.of(name), Optional.empty(), Optional.empty())

  private def withDatabase(test: (String, Connection) => Any): Unit = {
    val url = s"jdbc:h2:mem:${java.util.UUID.randomUUID()}"
    val connection = DriverManager.getConnection(url) // the database lives as long as this one
    try { test(url, connection); () }
    finally connection.close()
  }

  private def execute(connection: Connection, statements: String*): Unit = statements.foreach { sql =>
    val statement = connection.createStatement()
    try statement.execute(sql)
    finally statement.close()
  }
}
