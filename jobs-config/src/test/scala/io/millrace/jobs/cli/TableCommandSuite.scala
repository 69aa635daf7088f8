package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import com.fasterxml.jackson.databind.ObjectMapper
import io.millrace.dataset.delta.spark.SharedSparkSession
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class TableCommandSuite extends AnyFunSuite with SharedSparkSession {
  private val json = new ObjectMapper()

  test("ING-5 command - create with columns, import, show - the report, the columns and the rows") {
    spark // The engine that commands join.
    val datasets = temporaryDirectory().toString
    assert(run(datasets, "create", "people", "--type", "table", "--schema", "name:String, age:Short").exitCode === ExitCode.DONE)
    val empty = run(datasets, "show", "people")
    assert(empty.out.contains("rows         0\n"))
    assert(empty.out.contains("columns      name:String\n             age:Short\n"))
    val source = file("x.csv", "Ann;41\nBob;many\nbad\n")
    val imported = run(
      datasets, "import", "people", source, "--format", "table", "--no-header", "--delimiter", ";", "--charset", "gbk")
    assert(imported.exitCode === ExitCode.DONE, imported.err)
    assert(imported.out.startsWith(
      "imported 2 rows, replaced 0, unchanged 0, rejected 1 (1 column-count), 2 columns, 1 source, "))
    assert(imported.out.contains("\n  age:Short: 0 empty, 1 not a value of its type\n"))
    val shown = json.readTree(run(datasets, "show", "people", "-o", "json").out)
    assert(shown.get("samples").asLong === 2)
    assert(shown.get("rejects").asLong === 1)
    assert(shown.get("columns").toString ===
      """[{"name":"name","type":"String"},{"name":"age","type":"Short"}]""")
    val again = json.readTree(run(
      datasets, "import", "people", source, "--format", "table", "--no-header", "--delimiter", ";",
      "--charset", "gbk", "-o", "json").out)
    assert(again.get("unchanged").asLong === 2)
    assert(again.get("imported").asLong === 0)
  }

  test("ING-5 command - create without columns - the first import brings them") {
    spark
    val datasets = temporaryDirectory().toString
    run(datasets, "create", "people", "--type", "table")
    assert(run(datasets, "show", "people").out.contains("columns      none yet; the first import brings them\n"))
    val source = file("y.csv", "name,age\nAnn,41\nBob,NA\n")
    val imported = run(datasets, "import", "people", source, "--format", "table", "--null-text", "NA")
    assert(imported.out.contains("\n  age:Int: 1 empty, 0 not a value of its type\n"), imported.err)
    assert(run(datasets, "show", "people").out.contains("columns      name:String\n             age:Int\n"))
  }

  test("ING-5 command - bad input - one sentence with the value and the remedy") {
    spark
    val datasets = temporaryDirectory().toString
    run(datasets, "create", "people", "--type", "table", "--schema", "a:Int")
    val source = file("z.csv", "a\n1\n")
    forAll(
      Table(
        ("arguments", "exit code", "words"),
        (
          Seq("create", "x", "--type", "table", "--schema", "a:Integer"),
          ExitCode.USAGE,
          "Invalid schema: column 1, 'a', has the type 'Integer' (expected one of String, Short"),
        (
          Seq("create", "x", "--type", "object_detection", "--schema", "a:Int"),
          ExitCode.FAILED,
          "only tables have columns. Leave it out, or create it with --type TABLE."),
        (
          Seq("import", "people", source, "--format", "voc", "--delimiter", ";"),
          ExitCode.FAILED,
          "Cannot import in format voc with --delimiter: this option is for tables."),
        (
          Seq("import", "people", source, "--format", "table", "--table", "t"),
          ExitCode.FAILED,
          "--table: this option is for databases."),
        (
          Seq("import", "people", "jdbc:h2:mem:x", "--format", "table"),
          ExitCode.FAILED,
          "Cannot import jdbc:h2:mem:x: it does not say what to read. Add --table NAME or --query SQL."),
        (
          Seq("import", "people", "jdbc:h2:mem:x", "--format", "table", "--table", "t", "--query", "select 1"),
          ExitCode.FAILED,
          "Give --table or --query, not both."),
        (
          Seq("import", "people", "jdbc:h2:mem:x", "--format", "table", "--table", "t", "--partitions", "2"),
          ExitCode.FAILED,
          "add --partition-column NAME"),
        (
          Seq("import", "people", "jdbc:h2:mem:x", "--format", "voc"),
          ExitCode.FAILED,
          "a database has tables. Import it into a dataset of --type TABLE."),
        (
          Seq("import", "people", "jdbc:nosuch:x", "--format", "table", "--table", "t"),
          ExitCode.FAILED,
          "Name the driver's jar in the environment variable MILLRACE_JARS"),
        (
          Seq("import", "people", "jdbc:postgresql://h/db?user=me&password=apple-pie", "--format", "table", "--table", "t"),
          ExitCode.FAILED,
          "Cannot import jdbc:postgresql://h/db?user=***&password=***: the address holds a user or a secret. " +
            "Leave it out and set the environment variables MILLRACE_JDBC_USER and MILLRACE_JDBC_PASSWORD instead."),
        (
          Seq("import", "people", "hive:db.people", "--format", "table"),
          ExitCode.USAGE,
          "Cannot import hive:db.people: this build of Spark has no Hive support."),
        (
          Seq("import", "people", source, "--format", "table", "--charset", "latin1"),
          ExitCode.USAGE,
          "Invalid charset: 'latin1' (expected one of auto, UTF-8, GBK)."),
        (
          Seq("import", "people", source, "--format", "table", "--delimiter", "abc"),
          ExitCode.FAILED,
          "Invalid delimiter: 'abc' (expected one character such as , ; | or \\t)"),
        (
          Seq("import", "people", source, "--format", "table", "--infer-rows", "0"),
          ExitCode.FAILED,
          "Invalid inference rows: 0 (expected at least 1)"))) { (arguments, exitCode, words) =>
      val result = run(datasets, arguments: _*)
      assert(result.err.contains(words), result.err)
      assert(result.exitCode === exitCode)
      assert(!result.err.contains("apple-pie"))
      assert(!result.err.contains("\tat "))
    }
  }

  private def run(datasets: String, arguments: String*): CommandLineRun =
    CommandLineRun.of("dataset" +: arguments :++ Seq("--datasets", datasets): _*)

  private def file(name: String, text: String): String =
    Files.writeString(Path.of(temporaryDirectory().toString, name), text).toString
}
