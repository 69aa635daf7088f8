package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.ForeignPython
import io.millrace.dataset.columns.{CellType, Column, ColumnFile, Columns, SampleColumns}
import org.scalatest.funsuite.AnyFunSuite

/** Files in columns, read by others than those who wrote them. */
class ColumnFileSuite extends AnyFunSuite with SharedSparkSession with ForeignPython {
  private val samples = GeneratedSamples.samples(300, 11)

  test("VER-6 parquet - any samples - Spark reads the same samples, by the columns of its tables") {
    val file = write(ColumnFile.Kind.PARQUET, SampleColumns.COLUMNS, samples.map(SampleColumns.of))
    val rows = spark.read.parquet(file.toString)
    assert(rows.schema === SampleRows.SCHEMA)
    assert(rows.orderBy("id").collect().toSeq.map(SampleRows.toSample) === samples.sortBy(_.id.value))
  }

  test("VER-6 arrow - any samples - pyarrow maps the file into memory and has the same samples") {
    val file = write(ColumnFile.Kind.ARROW, SampleColumns.COLUMNS, samples.map(SampleColumns.of))
    val copy = file.resolveSibling("copy.parquet")
    val program =
      """import json, sys
        |import pyarrow as pa, pyarrow.parquet as pq
        |with pa.memory_map(sys.argv[1]) as mapped:
        |    before = pa.total_allocated_bytes()
        |    table = pa.ipc.open_file(mapped).read_all()
        |    allocated = pa.total_allocated_bytes() - before
        |    table.validate(full=True)
        |    pq.write_table(table, sys.argv[2], coerce_timestamps="us")
        |    print(json.dumps([table.num_rows, allocated]))
        |""".stripMargin
    val found = python(Seq("pyarrow"), program, file.toString, copy.toString)
    assert(found.get(0).asInt === samples.size)
    assert(found.get(1).asLong < Files.size(file) / 10, "the cells stay in the file")
    val rows = spark.read.parquet(copy.toString).orderBy("id").collect().toSeq.map(SampleRows.toSample)
    assert(rows === samples.sortBy(_.id.value))
  }

  test("VER-6 arrow and parquet - all types, nulls, empty lists, more rows than a batch - the same cells") {
    val columns = new Columns((CellType.Plain.values().toSeq.map(kind => new Column(kind.name, kind)) ++ Seq(
      new Column("list", new CellType.ListOf(CellType.Plain.INT)),
      new Column("structs", new CellType.ListOf(new CellType.Struct(new Columns(
        java.util.List.of(new Column("a", CellType.Plain.TEXT), new Column("b", new CellType.ListOf(CellType.Plain.DOUBLE)))))))
    )).asJava)
    val full = Array[AnyRef]("é\u0000😀", Byte.box(-1), Short.box(-2), Int.box(-3), Long.box(Long.MinValue), Float.box(1.5f),
      Double.box(-0.0), Boolean.box(true), Int.box(-719162), Long.box(-1L), Array[Byte](0, -1),
      Array[AnyRef](Int.box(1), null), Array[AnyRef](Array[AnyRef]("x", Array[AnyRef]()), null, Array[AnyRef](null, null)))
    val empty = Array.fill[AnyRef](columns.size)(null)
    val rows = Seq.fill(5000)(Seq(full, empty)).flatten
    val program =
      """import json, sys
        |import pyarrow as pa, pyarrow.parquet as pq
        |tables = [pq.read_table(sys.argv[1]), pa.ipc.open_file(pa.memory_map(sys.argv[2])).read_all()]
        |for table in tables:
        |    table.validate(full=True)
        |one, other = (table.to_pylist() for table in tables)
        |assert one == other
        |assert all(row == one[0] for row in one[::2]) and all(value is None for row in one[1::2] for value in row.values())
        |print(json.dumps([len(one), {name: repr(value) for name, value in one[0].items()},
        |                  [str(field.type) for field in tables[1].schema], pa.ipc.open_file(sys.argv[2]).num_record_batches]))
        |""".stripMargin
    val files = Seq(ColumnFile.Kind.PARQUET, ColumnFile.Kind.ARROW).map(write(_, columns, rows).toString)
    val found = python(Seq("pyarrow"), program, files: _*)
    assert(found.get(0).asInt === 10000)
    assert(found.get(1).properties().asScala.map(field => field.getKey -> field.getValue.asText).toMap === Map(
      "TEXT" -> "'é\\x00😀'", "BYTE" -> "-1", "SHORT" -> "-2", "INT" -> "-3", "LONG" -> "-9223372036854775808",
      "FLOAT" -> "1.5", "DOUBLE" -> "-0.0", "BOOLEAN" -> "True", "DATE" -> "datetime.date(1, 1, 1)",
      "TIMESTAMP" -> "datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=zoneinfo.ZoneInfo(key='UTC'))", "BYTES" -> "b'\\x00\\xff'",
      "list" -> "[1, None]", "structs" -> "[{'a': 'x', 'b': []}, None, {'a': None, 'b': None}]"))
    assert(found.get(2).elements().asScala.map(_.asText).toSeq.take(11) === Seq(
      "string", "int8", "int16", "int32", "int64", "float", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]", "binary"))
    assert(found.get(3).asInt === 3)
  }

  private def write(kind: ColumnFile.Kind, columns: Columns, rows: Seq[Array[AnyRef]]): Path = {
    val file = temporaryDirectory().resolve("rows" + kind.extension)
    val out = Files.newOutputStream(file)
    try {
      val written = kind.open(out, columns)
      rows.foreach(written.write)
      written.finish()
    } finally out.close()
    file
  }
}
