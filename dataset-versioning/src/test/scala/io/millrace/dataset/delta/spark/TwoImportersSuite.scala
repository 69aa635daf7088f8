package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path, StandardOpenOption}

import scala.io.StdIn
import scala.jdk.CollectionConverters._

import io.delta.tables.DeltaTable
import org.apache.spark.sql.SparkSession
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.delta.{DatasetCatalog, DatasetLayout}
import io.millrace.dataset.storage.{S3Server, StorageArguments, StorageSettings}

/** Two processes, this one and another, that bring samples into one dataset by Spark's merge. */
class TwoImportersSuite extends AnyFunSuite with SharedSparkSession with S3Session {
  test("VER-8 two importers of 20 commits each, on a disk - each is there once, or named its rival") {
    twoImporters(Cells.create(temporaryDirectory()), StorageSettings.NONE, 20)
  }

  test("VER-8 two importers of 5 commits each, in S3 - each is there once, or named its rival") {
    inS3 {
      val layout = DatasetCatalog.at(StorageUri.parse(s"s3://${S3Server.freshBucket()}/data"))
        .create(Cells.name, LabelTaskType.OBJECT_DETECTION, "", Cells.clock)
      twoImporters(layout, S3Server.settings, 5)
    }
  }

  private def twoImporters(layout: DatasetLayout, settings: StorageSettings, commits: Int): Unit = {
    val table = DatasetTable.open(spark, layout)
    Cells.add(spark, table, Cells.images(3))
    val directory = temporaryDirectory()
    val Seq(mine, theirs) = Seq("A", "B").map(directory.resolve)
    val other = new WaitingProcess(
      "io.millrace.dataset.delta.spark.ImportingInTurn",
      "-XX:SharedArchiveFile=" + directory.resolve("none"),
      Seq(layout.root.value, "B", commits.toString, theirs.toString) ++
        StorageArguments.of(settings): _*)
    other.await("ready")
    val start = System.nanoTime()
    other.go()
    ImportingInTurn.run(spark, layout, "A", commits, mine)
    assert(other.awaitEnd() == 0)
    val seconds = (System.nanoTime() - start) / 1e9
    val (done, failed) = Seq(mine, theirs).flatMap(Files.readAllLines(_).asScala)
      .partition(_.startsWith("done "))
    assert(done.size + failed.size == 2 * commits)
    failed.foreach { line =>
      assert(line.matches("failed Cannot import into dataset cells: other writers were faster 4 " +
        "times, the last of them with MERGE \\{\"import\":\"imp-[AB]-.*\\. Run the command again.*"))
    }
    val acknowledged = done.map(_.stripPrefix("done "))
    val ids = table.samples().select("id").collect().map(_.getString(0)).toSeq
    assert(ids.filter(_.matches("[AB]-.*")).sorted == acknowledged.sorted, "lost, or there twice")
    val committed = DeltaTable.forPath(spark, DatasetTable.path(layout.samplesTable)).history()
      .collect().flatMap(row => Option(row.getAs[String]("userMetadata")))
    acknowledged.foreach { id =>
      assert(committed.count(_.contains(s""""imp-$id"""")) == 1, id)
    }
    info(f"${acknowledged.size} commits in $seconds%.1f s, ${failed.size} given up")
  }
}

/** Brings one new sample after the other into a dataset, and writes down what came of it. */
object ImportingInTurn {
  def main(arguments: Array[String]): Unit = {
    val Array(root, writer, commits, outcome) = arguments.take(4)
    StorageArguments.take(arguments.drop(4).toSeq)
    val spark = DeltaSession.embedded("importing", 1).getOrCreate()
    val layout = new DatasetLayout(StorageUri.parse(root))
    DatasetTable.open(spark, layout).samples().count()
    println("ready")
    StdIn.readLine()
    run(spark, layout, writer, commits.toInt, Path.of(outcome))
  }

  def run(
      spark: SparkSession,
      layout: DatasetLayout,
      writer: String,
      commits: Int,
      outcome: Path): Unit = {
    val table = DatasetTable.open(spark, layout)
    Files.createFile(outcome)
    for (i <- 1 to commits) {
      val id = f"$writer-$i%03d"
      val sample = Cells.image(i, writer, s"$id.jpg", "RBC").withId(new SampleId(id))
      val rows = spark.createDataFrame(SampleRows.toRows(java.util.List.of(sample)), SampleRows.SCHEMA)
      val line =
        try {
          table.upsert(rows, new ImportId(s"imp-$id"))
          s"done $id"
        } catch {
          case e: DatasetException => s"failed ${e.getMessage}"
        }
      Files.writeString(outcome, line + "\n", StandardOpenOption.APPEND)
    }
  }
}
