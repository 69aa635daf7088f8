package io.millrace.dataset.delta.spark

import java.time.{Clock, Instant, ZoneOffset}
import java.util.{Optional, OptionalDouble, OptionalInt}

import scala.jdk.CollectionConverters._

import io.delta.tables.DeltaTable
import org.apache.spark.sql.{DataFrame, Row, RowFactory}
import org.apache.spark.sql.types.{DataTypes, StructType}
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.delta.DatasetCatalog

class DatasetTableSuite extends AnyFunSuite with SharedSparkSession {
  private val noon = Instant.parse("2026-05-06T12:00:00Z")
  private val first = new ImportId("imp-first-import")
  private val second = new ImportId("imp-second-import")
  private val pets = new DatasetName("pets")

  test("samples - before the first import - are none, with all columns") {
    val table = newTable()
    assert(table.samples().count() == 0)
    assert(table.samples().schema.fieldNames.toSeq == SampleRows.SCHEMA.fieldNames.toSeq)
    assert(table.rejects().count() == 0)
    assert(table.metrics(new VersionName("V001")).count() == 0)
  }

  test("upsert - new samples - are added as they are, in one commit that names the import") {
    val (table, catalog) = newTableAndCatalog()
    val samples = GeneratedSamples.samples(40, 1)
    assert(table.upsert(rows(samples), first) == new UpsertCounts(40, 0, 0))
    assert(stored(table) == samples)
    assert(commits(table) == 1)
    val metadata = lastCommit(table).getAs[String]("userMetadata")
    assert(metadata == """{"import":"imp-first-import","added":40,"updated":0,"unchanged":0,"missing":0}""")
    assert(catalog.show(pets).samples == 40)
  }

  test("upsert - the same samples at another time by another import - changes nothing") {
    val table = newTable()
    val samples = GeneratedSamples.samples(40, 2)
    table.upsert(rows(samples), first)
    val again = samples.map(s => withCreatedAt(s, noon).withOrigin(Optional.of(second)))
    assert(table.upsert(rows(again.reverse), second) == new UpsertCounts(0, 0, 40))
    assert(commits(table) == 1)
    assert(stored(table) == samples)
  }

  test("upsert - some new, some changed, some the same - counts each and keeps created_at") {
    val table = newTable()
    val samples = GeneratedSamples.samples(40, 3)
    table.upsert(rows(samples.take(30)), first)
    val changed = samples.zipWithIndex.map { case (sample, i) =>
      if (i < 10) withCreatedAt(sample.withHardness(hard(sample)), noon) else sample
    }
    assert(table.upsert(rows(changed), second) == new UpsertCounts(10, 10, 20))
    val expected = changed.zip(samples).map { case (now, before) =>
      withCreatedAt(now, before.createdAt)
    }
    assert(stored(table) == expected)
    assert(commits(table) == 2)
    assert(
      lastCommit(table).getAs[String]("userMetadata") ==
        """{"import":"imp-second-import","added":10,"updated":10,"unchanged":20,"missing":0}"""
    )
  }

  test("upsert - properties that the import does not know - are kept") {
    val table = newTable()
    val sample = plain("a").withProperties(Properties.EMPTY.with_("colour", "red"))
    table.upsert(rows(Seq(sample)), first)
    table.setProperty("group", values("a" -> "7"))
    assert(table.upsert(rows(Seq(sample)), second) == new UpsertCounts(0, 0, 1))
    val blue = sample.withProperties(Properties.EMPTY.with_("colour", "blue"))
    assert(table.upsert(rows(Seq(blue)), second) == new UpsertCounts(0, 1, 0))
    val kept = stored(table).head.properties.values.asScala
    assert(kept == Map("colour" -> "blue", "group" -> "7"))
  }

  test("ING-6 apply - same etag, another time - unchanged; another etag or size - updated") {
    val table = newTable()
    def at(etag: String, time: Instant, size: Long = 10) =
      plain("a")
        .withSizeBytes(size)
        .withSourceState(
          SourceState.UNKNOWN.withEtag(Optional.of(etag)).withModifiedAt(Optional.of(time)))
    table.upsert(rows(Seq(at("x", noon))), first)
    val later = noon.plusSeconds(60)
    assert(table.upsert(rows(Seq(at("x", later))), second) == new UpsertCounts(0, 0, 1))
    assert(table.upsert(rows(Seq(at("y", noon))), second) == new UpsertCounts(0, 1, 0))
    assert(table.upsert(rows(Seq(at("y", later, size = 11))), second) == new UpsertCounts(0, 1, 0))
  }

  test("ING-6 apply - values that moved to the next column - are a change") {
    val table = newTable()
    val moved = Seq((OptionalInt.of(5), OptionalInt.empty), (OptionalInt.empty, OptionalInt.of(5)))
      .map { case (width, height) =>
        plain("a").withMeasures(
          new Measures(
            width, height, OptionalInt.empty, OptionalDouble.empty, OptionalInt.empty))
      }
    table.upsert(rows(moved.take(1)), first)
    assert(table.upsert(rows(moved.drop(1)), second) == new UpsertCounts(0, 1, 0))
    assert(stored(table) == moved.drop(1))
  }

  test("ING-6 apply - missing samples - marked or removed in one commit with what is new") {
    val table = newTable()
    table.upsert(rows(Seq("a", "b", "c").map(plain)), first)
    val gone = rows(Seq(plain("b"))).select("id")
    val marking = SampleChanges.of(rows(Seq(plain("d")))).marking(gone, noon)
    assert(table.apply(marking, second, _ => ()) == new UpsertCounts(1, 0, 0, 1))
    assert(
      stored(table).map(s => s.id.value -> s.sourceState.missingSince.isPresent) ==
        Seq("a" -> false, "b" -> true, "c" -> false, "d" -> false))
    val removing = SampleChanges.of(rows(Seq())).removing(gone)
    assert(table.apply(removing, second, _ => ()) == new UpsertCounts(0, 0, 0, 1))
    assert(stored(table).map(_.id.value) == Seq("a", "c", "d"))
  }

  test("apply - what comes before the commit fails - nothing is committed") {
    val table = newTable()
    table.upsert(rows(Seq(plain("a"))), first)
    val before = lastCommit(table)
    intercept[IllegalStateException](
      table.apply(
        SampleChanges.of(rows(Seq(plain("b")))),
        second,
        _ => throw new IllegalStateException("disk full")))
    assert(lastCommit(table) == before)
    var calls = 0
    table.apply(SampleChanges.of(rows(Seq(plain("a")))), second, _ => calls += 1)
    assert(calls == 0)
  }

  test("ING-4 rejects - known and new ones - only the new ones are left to record") {
    val table = newTable()
    def reject(source: String, message: String) =
      new Reject(first, source, "empty-file", message, noon)
    def of(rejects: Reject*): DataFrame =
      spark.createDataFrame(rejects.map(RejectRows.toRow).asJava, RejectRows.SCHEMA)
    table.appendRejects(table.newRejects(of(reject("/a", "x"), reject("/b", "x"))))
    val fresh = table.newRejects(of(reject("/a", "x"), reject("/b", "y"), reject("/c", "x")))
    assert(fresh.orderBy("source").collect().map(_.getAs[String]("source")).toSeq == Seq("/b", "/c"))
  }

  test("upsert - an id twice among the rows - is our defect and commits nothing") {
    val table = newTable()
    val e = intercept[IllegalStateException](
      table.upsert(rows(Seq(plain("a"), plain("a"), plain("b"))), first)
    )
    assert(e.getMessage.contains("2 ids for 3 rows, for example [[a,2]]"))
    assert(table.samples().count() == 0)
  }

  test("VER-8 upsert - four writers of different samples at once - no update is lost") {
    val table = newTable()
    table.upsert(rows(Seq(plain("first"))), first)
    val results = inParallel(1 to 4) { writer =>
      table.upsert(
        rows((1 to 5).map(i => plain(s"$writer-$i"))),
        new ImportId(s"imp-writer-$writer")
      )
    }
    val failures = results.collect { case Left(e: DatasetException) => e.getMessage }
    assert(failures.forall(_.startsWith("Cannot import into dataset pets: other writers")))
    val successes = results.collect { case Right(counts) => counts }
    assert(successes.nonEmpty && successes.forall(_ == new UpsertCounts(5, 0, 0)))
    assert(successes.size + failures.size == 4)
    assert(table.samples().count() == 1 + 5 * successes.size)
    assert(table.samples().select("id").distinct().count() == 1 + 5 * successes.size)
  }

  test("VER-8 upsert - two first imports at once - both sets are there once") {
    val table = newTable()
    val results = inParallel(1 to 2) { writer =>
      table.upsert(rows((1 to 5).map(i => plain(s"$i"))), new ImportId(s"imp-writer-$writer"))
    }
    assert(results.forall(_.isRight), results)
    assert(table.samples().count() == 5)
    assert(results.flatMap(_.toOption).map(_.added).sum == 5)
  }

  test("conflict - every attempt lost - fails and names both operations") {
    val table = newTable()
    table.upsert(rows(Seq(plain("a"))), first)
    table.setProperty("group", values("a" -> "1"))
    val lost = new io.delta.exceptions.ConcurrentAppendException("conflict")
    var attempts = 0
    val e = intercept[DatasetException](
      table.committing[String](
        "import into",
        table.layout.samplesTable,
        () => {
          attempts += 1
          throw lost
        }
      )
    )
    assert(attempts == 4)
    assert(
      e.getMessage == "Cannot import into dataset pets: other writers were faster 4 times, " +
        "the last of them with MERGE. Run the command again when they have finished."
    )
  }

  test("set property - some ids known, one unknown, one the same - changes what differs") {
    val table = newTable()
    table.upsert(rows(Seq(plain("a"), plain("b"), plain("c"))), first)
    assert(table.setProperty("group", values("a" -> "1", "b" -> "2", "x" -> "9")) == 2)
    assert(table.setProperty("group", values("a" -> "1", "b" -> "3")) == 1)
    val version = commits(table)
    assert(table.setProperty("group", values("a" -> "1", "b" -> "3")) == 0)
    assert(commits(table) == version)
    assert(groups(table) == Seq(Some("1"), Some("3"), None))
    assert(table.setProperty("group", values("a" -> null)) == 1)
    assert(groups(table) == Seq(None, Some("3"), None))
  }

  test("rejects - of two imports - are all there") {
    val (table, catalog) = newTableAndCatalog()
    Seq(first, second).foreach { id =>
      val reject = new Reject(id, "a.jpg", "not-an-image", "It is a text.", noon)
      table.appendRejects(
        spark.createDataFrame(List(RejectRows.toRow(reject)).asJava, RejectRows.SCHEMA)
      )
    }
    assert(table.rejects().count() == 2)
    assert(catalog.show(pets).rejects == 2)
  }

  test("replace metrics - of one of two versions - leaves the other alone") {
    val table = newTable()
    val Seq(one, two) = Seq("V001", "V002").map(new VersionName(_))
    table.replaceMetrics(one, metrics("a" -> 1.0, "b" -> 2.0))
    table.replaceMetrics(two, metrics("a" -> 3.0))
    table.replaceMetrics(one, metrics("c" -> 4.0))
    assert(table.metrics(one).collect().toSeq == Seq(Row("V001", "c", "TRAIN", "m", null, 4.0)))
    assert(table.metrics(two).collect().toSeq == Seq(Row("V002", "a", "TRAIN", "m", null, 3.0)))
  }

  private def newTable(): DatasetTable = newTableAndCatalog()._1

  private def newTableAndCatalog(): (DatasetTable, DatasetCatalog) = {
    val catalog = DatasetCatalog.at(StorageUri.of(temporaryDirectory().resolve("with space")))
    val clock = Clock.fixed(noon, ZoneOffset.UTC)
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", clock)
    (DatasetTable.open(spark, layout), catalog)
  }

  private def plain(id: String): Sample =
    Sample
      .of(StorageUri.parse(s"/data/$id.jpg"), DatasetKind.IMAGE, 10, noon)
      .withId(new SampleId(id))

  private def hard(sample: Sample) =
    new Hardness(!sample.hardness.hard, sample.hardness.coefficient)

  private def withCreatedAt(s: Sample, at: Instant) = new Sample(
    s.id,
    s.source,
    s.kind,
    s.sizeBytes,
    s.digest,
    at,
    s.sourceState,
    s.usage,
    s.hardness,
    s.properties,
    s.measures,
    s.annotations,
    s.inferenceLocation,
    s.origin,
    s.foreignFields
  )

  private def rows(samples: Seq[Sample]): DataFrame =
    spark.createDataFrame(SampleRows.toRows(samples.asJava), SampleRows.SCHEMA)

  private def values(idAndText: (String, String)*): DataFrame = {
    val schema = new StructType()
      .add("id", DataTypes.StringType)
      .add("value", DataTypes.StringType)
    spark.createDataFrame(idAndText.map { case (i, v) => RowFactory.create(i, v) }.asJava, schema)
  }

  private def metrics(values: (String, Double)*): DataFrame =
    spark.createDataFrame(
      values.map { case (id, value) => Row("?", id, "TRAIN", "m", null, value) }.asJava,
      DatasetTable.METRICS_SCHEMA
    )

  private def stored(table: DatasetTable): Seq[Sample] =
    table.samples().orderBy("id").collect().toSeq.map(row => SampleRows.toSample(row))

  private def groups(table: DatasetTable): Seq[Option[Any]] =
    stored(table).map(_.properties.values.asScala.get("group"))

  private def history(table: DatasetTable) =
    DeltaTable.forPath(spark, table.layout.samplesTable.path).history()

  private def commits(table: DatasetTable): Long = history(table).count()

  private def lastCommit(table: DatasetTable): Row = history(table).first()

  implicit private class PropertiesInScala(properties: Properties) {
    def with_(name: String, value: Object): Properties = properties.`with`(name, value)
  }
}
