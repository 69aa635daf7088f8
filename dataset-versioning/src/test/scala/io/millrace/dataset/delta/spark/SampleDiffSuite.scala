package io.millrace.dataset.delta.spark

import java.util.{Optional, Random}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.delta.{DatasetCatalog, VersionIndexes}
import io.millrace.dataset.filter.SampleFilter
import io.millrace.dataset.versioning._
import io.millrace.dataset.versioning.PublishRequest.{HardPolicy, UsagePolicy}

class SampleDiffSuite extends AnyFunSuite with SharedSparkSession {

  test("VER-5 diff - generated samples of all kinds - rows, counts and indexes say the same") {
    val samples = GeneratedSamples.samples(120, 7)
    val others = GeneratedSamples.samples(120, 8)
    // A third is replaced, a third is gone or comes new; annotations change their order.
    val later = samples.zip(others).zipWithIndex.flatMap { case ((sample, other), i) =>
      i % 6 match {
        case 0 => Some(other.withId(sample.id))
        case 1 => Some(sample.withAnnotations(other.annotations))
        case 2 => Some(sample.withUsage(other.usage).withHardness(other.hardness))
        case 3 => None
        case 4 =>
          val reversed = new java.util.ArrayList(sample.annotations)
          java.util.Collections.reverse(reversed)
          Some(sample.withAnnotations(reversed).withCreatedAt(other.createdAt))
        case 5 => Some(sample)
      }
    } ++ others.take(9).zipWithIndex.map { case (s, i) => s.withId(new SampleId(s"new-$i")) }
    val diff = SampleDiff.of(frame(samples), frame(later))
    val indexes = VersionIndex.diff(index(samples), index(later))
    assert(diff.counts() == indexes)
    assert(indexes.added == 9 && indexes.removed == 20)
    assert(indexes.relabelled > 10 && indexes.moved > 10 && indexes.changed > 10)
    assert(indexes.unchanged >= 40)

    val rows = diff.rows(SampleFilter.ALL).collect().toSeq
    def count(kind: String) = rows.count(_.getList[String](2).contains(kind))
    val counted = Seq("added", "removed", "relabelled", "moved", "changed").map(count(_).toLong)
    assert(counted == Seq(
      indexes.added, indexes.removed, indexes.relabelled, indexes.moved, indexes.changed))
    assert(rows.forall(row => row.getList[String](2).size > 0))
    // What is said to differ is said to differ in something, and the other way round.
    rows.filter(row => !Set("added", "removed").contains(row.getList[String](2).get(0))).foreach {
      row =>
        val fields = row.getList[String](7).asScala.toSet
        val changes = row.getList[String](2).asScala.toSet
        assert(fields.contains("annotations") == changes("relabelled"), row)
        assert(fields.contains("usage") == changes("moved"), row)
        assert((fields -- Set("annotations", "usage")).nonEmpty == changes("changed"), row)
    }
    assert(SampleDiff.of(frame(later), frame(samples)).counts() ==
      new DiffCounts(indexes.removed, indexes.added, indexes.relabelled, indexes.moved,
        indexes.changed, indexes.unchanged))
  }

  test("VER-5 diff - two versions - counts without Spark equal those of the rows") {
    val directory = temporaryDirectory()
    val catalog = DatasetCatalog.at(StorageUri.of(directory))
    val table = DatasetTable.open(spark, Cells.create(directory))
    Cells.add(spark, table, Cells.images(12))
    val keep = PublishRequest.DEFAULT.withHard(HardPolicy.KEEP).withUsage(UsagePolicy.KEEP)
    val first = publish(table, keep)
    val relabelled = Cells.image(1, "train", "cell 00001.jpg", "RBC")
    val moved = Cells.images(12)(2).withUsage(Optional.of(Usage.TEST))
    Cells.add(spark, table, Seq(relabelled, moved, Cells.image(99, "train", "new.jpg", "RBC")))
    val second = publish(table, keep)
    val diff = VersionIndexes.diff(table.layout, first, second)
    assert(diff.counts == new DiffCounts(1, 0, 1, 1, 0, 10))
    assert(diff.parts.asScala == Map(
      "NONE" -> new VersionDiff.Change(12, 12), "TEST" -> new VersionDiff.Change(0, 1))
      .filter(_._2.difference != 0))
    assert(diff.labels.asScala("RBC").difference == 2)
    assert(VersionIndexes.diff(table.layout, first, first).counts == new DiffCounts(0, 0, 0, 0, 0, 12))

    val job = new DiffJob(spark, catalog, ref("V001"), ref("V002"), SampleFilter.ALL)
    assert(job.counts == diff.counts)
    val Seq(one, two, added) = job.first(10).asScala.toSeq
    assert(one.id == "id-00001" && one.changes == java.util.List.of("relabelled"))
    assert(one.labelsBefore.get == java.util.List.of("WBC") &&
      one.labelsAfter.get == java.util.List.of("RBC"))
    assert(one.fields == java.util.List.of("annotations"))
    assert(two.changes == java.util.List.of("moved") && two.partBefore.isEmpty)
    assert(two.partAfter.get == "TEST")
    assert(added.changes == java.util.List.of("added") && added.labelsBefore.isEmpty)

    val onlyNew = SampleFilter.parse("file-name = 'new.jpg'")
    val selected = new DiffJob(spark, catalog, ref("V001"), ref("V002"), onlyNew)
    assert(selected.first(10).asScala.map(_.id) == Seq("id-00099"))
    val working = new DiffJob(spark, catalog, ref("V001"), ref("working:main"), SampleFilter.ALL)
    assert(working.counts == diff.counts)
    val csv = StorageUri.of(directory.resolve("out"))
    job.write(csv, DiffFormat.CSV)
    val lines = spark.read.option("header", "true").csv(csv.path).orderBy("id").collect()
    assert(lines.map(_.getString(0)).toSeq == Seq("id-00001", "id-00002", "id-00099"))
    assert(intercept[DatasetException](job.write(csv, DiffFormat.JSONL)).getMessage
      .startsWith("Cannot write differences to"))
  }

  private def ref(state: String) = StateRef.of(Cells.name, state)

  private def publish(table: DatasetTable, request: PublishRequest) =
    new PublishJob(spark, table, request, Cells.clock).run()

  private def frame(samples: Seq[Sample]) =
    spark.createDataFrame(
      SampleRows.toRows(new scala.util.Random(3).shuffle(samples).asJava), SampleRows.SCHEMA)

  /** The index that a publishing of these samples would write. */
  private def index(samples: Seq[Sample]): java.io.InputStream = {
    val entries = frame(samples)
      .select(SampleHashes.ID, SampleHashes.LABELLING, SampleHashes.REST,
        org.apache.spark.sql.functions.col("usage"))
      .collect()
      .map(row => new VersionIndex.Entry(
        row.getLong(0), row.getLong(1), row.getLong(2),
        VersionIndex.partOf(Optional.ofNullable(row.getString(3)).map(Usage.valueOf(_)))))
    val out = new java.io.ByteArrayOutputStream()
    VersionIndex.write(entries.toSeq.asJava, out)
    new java.io.ByteArrayInputStream(out.toByteArray)
  }
}
