package io.millrace.dataset.delta.spark

import java.nio.file.Files
import java.util.{List => JList, Optional, OptionalInt}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.manifest.{Accepted, ManifestCodec}
import io.millrace.dataset.versioning._
import io.millrace.dataset.versioning.PublishRequest.UsagePolicy
import io.millrace.dataset.versioning.SplitPlan.{Division, EarlierParts, PartList, Rule}

class SplitDrawSuite extends AnyFunSuite with SharedSparkSession {
  private val thirds = new Division(SplitParts.Shares.parse("70,20,10"), 11)

  test("VER-3 publish - three parts - each label has its shares in rows, counts and manifest") {
    val table = newTable(Cells.images(60))
    val version = publish(table, thirds)
    val usages = stored(table, version).map(s => s.id -> s.usage.get.name)
    assert(counts(usages.map(_._2)) == version.parts.asScala.view.mapValues(_.toInt).toMap)
    assert(version.parts.keySet.asScala == Set("TRAIN", "EVAL", "TEST"))
    Seq("TRAIN" -> 42, "EVAL" -> 12, "TEST" -> 6).foreach { case (part, exact) =>
      assert(math.abs(version.parts.get(part) - exact) <= 1)
    }
    assert(manifest(version).map(s => s.id -> s.usage.get.name) == usages)
  }

  test("VER-3 publish - groups and a list - rows in any order and partitions give the same parts") {
    val images = framed(60) ++ (60 until 66).map(i => Cells.image(i, "held", s"h$i.jpg", "RBC"))
    val list = Files.writeString(temporaryDirectory().resolve("l.csv"), "id-00060,EVAL\n")
    val tables = Seq(images, images.reverse).map(newTable)
    val first = tables.map(table =>
      stored(table, publish(table, thirds.withGroupKey(GroupKey.VIDEO))))
    val samples = tables.last.samples().repartition(7).sortWithinPartitions("source")
    samples.write.format("delta").mode("overwrite")
      .save(DatasetTable.path(tables.last.layout.samplesTable))
    assert(first.distinct.size == 1)
    val plan = thirds
      .withGroupKey(GroupKey.VIDEO)
      .withLists(JList.of(new PartList(StorageUri.of(list), Optional.empty)))
    val more = framed(90).drop(60).map(s => s.withId(new SampleId("new-" + s.id)))
    val Seq(one, other) = tables.map { table =>
      Cells.add(spark, table, more)
      spark.conf.set("spark.sql.shuffle.partitions", if (table eq tables.head) 2 else 5)
      try stored(table, publish(table, plan))
      finally spark.conf.set("spark.sql.shuffle.partitions", 2)
    }
    assert(one.map(s => s.id -> s.usage) == other.map(s => s.id -> s.usage))
    assert(one.find(_.id.value == "id-00060").get.usage.get == Usage.EVAL)
    videos(one).values.foreach(frames => assert(frames.map(_.usage).distinct.size == 1))
  }

  test("VER-3 publish - stable over five versions - no sample and no video changes its part") {
    val all = framed(150)
    val table = newTable(all.take(30))
    val stable = thirds.withEarlier(EarlierParts.KEEP).withGroupKey(GroupKey.VIDEO)
    var known = Map.empty[String, Usage]
    (1 to 5).foreach { n =>
      if (n > 1) {
        // Removed in the working state only; the version that had them still tells.
        io.delta.tables.DeltaTable.forPath(spark, DatasetTable.path(table.layout.samplesTable))
          .delete(s"id < '${all(8 * n).id}'")
        Cells.add(spark, table, all.slice(24 * n, 24 * n + 30))
      }
      val version = publish(table, stable)
      val samples = stored(table, version)
      assert(version.parts.keySet.asScala == Set("TRAIN", "EVAL", "TEST"))
      val now = samples.map(s => s.id.value -> s.usage.get) ++
        videos(samples).map { case (video, frames) => video -> frames.head.usage.get }
      videos(samples).values.foreach(frames => assert(frames.map(_.usage).distinct.size == 1))
      now.foreach { case (name, usage) => assert(known.get(name).forall(_ == usage), name) }
      known ++= now
    }
  }

  test("VER-3 publish - rules by what samples have and versions lose - are applied in order") {
    val hard = new Hardness(true, java.util.OptionalDouble.empty)
    val images = Cells.images(40).zipWithIndex.map {
      case (s, i) if i < 3  => s.withUsage(Optional.of(Usage.EVAL))
      case (s, i) if i < 6  => s.withHardness(hard).withUsage(Optional.of(Usage.TRAIN))
      case (s, i) if i < 9  => s.withHardness(hard)
      case (s, i) if i < 12 => s.withUsage(Optional.of(Usage.INFERENCE))
      case (s, _)           => s
    }
    val rules = Seq("TEST: usage = EVAL", "EVAL: hard", "TRAIN: usage is not null and hard")
    val table = newTable(images)
    val ruled = thirds.withRules(rules.map(Rule.parse).asJava)
    val removed = stored(table, publish(table, ruled)).map(_.usage.get)
    assert(removed.take(9) == Seq.fill(3)(Usage.TEST) ++ Seq.fill(6)(Usage.EVAL))
    assert(counts(removed.drop(9).map(_.name)).values.sum == 31 && !removed.contains(Usage.INFERENCE))
    val kept = PublishRequest.DEFAULT.withUsage(UsagePolicy.KEEP)
    val usages = stored(table, publish(table, ruled, kept)).map(_.usage.get)
    assert(usages.slice(9, 12).forall(_ == Usage.INFERENCE))
    assert(usages.take(9) == removed.take(9))
  }

  test("VER-3 publish - folds - are a property in rows and manifest, and kept where stable") {
    val table = newTable(Cells.images(60))
    val plan = new Division(new SplitParts.Folds(5, OptionalInt.empty), 3)
    val version = publish(table, plan)
    assert(version.parts.asScala == Map("NONE" -> 60L))
    val folds = stored(table, version).map(s => s.id -> s.properties.value("fold").get)
    assert(counts(folds.map(_._2.toString)) == (0 until 5).map(_.toString -> 12).toMap)
    assert(manifest(version).map(s => s.id -> s.properties.value("fold").get) == folds)
    assert(table.samples().where("properties is not null").isEmpty)
    Cells.add(spark, table, Cells.images(100).drop(60))
    val stable = new Division(new SplitParts.Folds(5, OptionalInt.of(2)), 9)
      .withEarlier(EarlierParts.KEEP)
    val second = stored(table, publish(table, stable))
    val all = second.map(s => s.id -> s.properties.value("fold").get)
    assert(all.take(60) == folds)
    assert(counts(all.map(_._2.toString)).values.forall(count => math.abs(count - 20) <= 1))
    second.foreach { s =>
      val eval = s.properties.value("fold").get == 2L
      assert(s.usage.get == (if (eval) Usage.EVAL else Usage.TRAIN))
    }
  }

  test("VER-3 publish - group keys - directory, digest and attribute keep samples together") {
    val images = (0 until 60).map { i =>
      Cells.image(i, s"d${i % 20}", s"$i.jpg", if (i % 2 == 0) "a" else "b")
        .withDigest(if (i < 50) Optional.of(Digest.ofBytes(Array((i / 5).toByte))) else Optional.empty())
        .withProperties(Properties.EMPTY.`with`("group", Long.box(i / 6)))
    }
    val table = newTable(images)
    val keys = Seq[(GroupKey, Int => Int)](
      GroupKey.Standard.DIRECTORY -> (_ % 20),
      GroupKey.Standard.DIGEST -> (i => if (i < 50) i / 5 else i),
      new GroupKey.Attribute("group") -> (_ / 6))
    keys.foreach { case (key, group) =>
      val usages = stored(table, publish(table, thirds.withGroupKey(key))).map(_.usage.get)
      usages.indices.groupBy(group).values.foreach { members =>
        assert(members.map(usages).distinct.size == 1, key)
      }
    }
    val e = intercept[DatasetException](publish(newTable(images.map(_.withProperties(
      Properties.EMPTY.`with`("group", "all")))), thirds.withGroupKey(new GroupKey.Attribute("group"))))
    assert(e.getMessage.contains("and of groups 'a' has 1, 'b' has 1."))
  }

  test("VER-3 publish - a list names nobody - fails and changes nothing") {
    val table = newTable(Cells.images(30))
    val list = Files.writeString(temporaryDirectory().resolve("l.csv"), "id-00001,TEST\nx,TEST\n")
    val e = intercept[DatasetException](publish(
      table, thirds.withLists(JList.of(new PartList(StorageUri.of(list), Optional.empty)))))
    assert(e.getMessage.contains("line 2: no sample has the id or address 'x'"))
    assert(table.history.versions.isEmpty && table.versionSamples().isEmpty)
  }

  /** Frames of videos, seven each, that have no group in other ways. */
  private def framed(count: Int): Seq[Sample] = Cells.images(count).zipWithIndex.map { case (s, i) =>
    s.withProperties(Properties.EMPTY.`with`("@modelarts:parent_source", s"s3://b/${i / 7}.mp4"))
  }

  private def videos(samples: Seq[Sample]): Map[String, Seq[Sample]] =
    samples
      .filter(_.properties.value("@modelarts:parent_source").isPresent)
      .groupBy(_.properties.value("@modelarts:parent_source").get.toString)

  private def newTable(samples: Seq[Sample]): DatasetTable = {
    val table = DatasetTable.open(spark, Cells.create(temporaryDirectory()))
    Cells.add(spark, table, samples)
    table
  }

  private def publish(
      table: DatasetTable,
      plan: SplitPlan,
      request: PublishRequest = PublishRequest.DEFAULT): DatasetVersion =
    new PublishJob(spark, table, request.withSplit(plan), Cells.clock).run()

  private def stored(table: DatasetTable, version: DatasetVersion): Seq[Sample] =
    table.version(version).orderBy("id").collect().toSeq.map(row => SampleRows.toSample(row))

  private def manifest(version: DatasetVersion): Seq[Sample] = {
    val codec = new ManifestCodec(version.manifest, Cells.clock.instant)
    Files.readAllLines(version.manifest.requireLocalPath()).asScala.toSeq.zipWithIndex.map {
      case (line, i) => codec.decode(i + 1, line).asInstanceOf[Accepted].sample
    }.sortBy(_.id)
  }

  private def counts(values: Seq[String]): Map[String, Int] =
    values.groupBy(identity).view.mapValues(_.size).toMap
}
