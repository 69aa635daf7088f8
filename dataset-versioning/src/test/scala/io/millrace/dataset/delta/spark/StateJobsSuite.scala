package io.millrace.dataset.delta.spark

import java.nio.file.{Files, Path}
import java.time.{Duration, Instant}
import java.util.{Optional, OptionalDouble, Random}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.delta._
import io.millrace.dataset.merging.{MergeConfig, MergePolicy, MergeReport}
import io.millrace.dataset.versioning._
import io.millrace.dataset.versioning.RollbackConfig.{Goal, Losses}

/** Branches, merges and rollbacks: what happens to working states. */
class StateJobsSuite extends AnyFunSuite with SharedSparkSession {
  private val trial = new BranchName("trial")

  test("VER-5 branch - of a version - has its rows and imports, and neither side sees the other's") {
    val place = newPlace(Cells.images(6))
    ImportLog.of(place.main.layout).append(importRecord)
    place.publish()
    val version = place.branch("trial")
    assert(version.name.value == "V001")
    val branch = place.on("trial")
    assert(stored(branch) == Cells.images(6))
    assert(ImportLog.of(branch.layout).read().asScala == Seq(importRecord))
    Cells.add(spark, branch, Seq(extra(50)))
    Cells.add(spark, place.main, Seq(extra(60)))
    assert(stored(branch).map(_.id.value).last == "id-00050")
    assert(stored(place.main).map(_.id.value).last == "id-00060")
    assert(branch.layout.data == place.main.layout.data)
    val summaries = DatasetBranches.of(place.main.layout).list().asScala
    assert(summaries.map(s => s.branch.name.value -> s.samples) == Seq("main" -> 7L, "trial" -> 7L))

    val second = new PublishJob(spark, branch, PublishRequest.DEFAULT, Cells.clock).run()
    assert(second.name.value == "V002" && second.branch == trial)
    assert(second.parent.get.value == "V001")
    assert(place.main.history.current.get.name.value == "V001")
    assert(second.provenance.operations.asScala.map(_.operation) == Seq("branch create"))
    assert(place.resolve("trial").name.value == "V002")
  }

  test("VER-5 branch - a name that is taken, or no such version - fails and leaves nothing") {
    val place = newPlace(Cells.images(3))
    place.publish()
    place.branch("trial")
    Seq("trial" -> "a branch has this name", "V001" -> "a version has this name",
      "main" -> "a branch has this name").foreach { case (name, words) =>
      val e = intercept[DatasetException](place.branch(name))
      assert(e.getMessage.contains(words), e.getMessage)
    }
    assertThrows[DatasetException](place.branch("other", "V009"))
    assert(place.branchDirectories.size == 1)
    val e = intercept[DatasetException](place.on("tryal"))
    assert(e.getMessage.contains("there is no such branch. The branches are main, trial."))
  }

  test("VER-5 branch - deleted and created again - has none of the old samples") {
    val place = newPlace(Cells.images(3))
    place.publish()
    place.branch("trial")
    val old = place.on("trial")
    Cells.add(spark, old, Seq(extra(50)))
    DatasetBranches.of(place.main.layout).delete(trial, Cells.clock.instant)
    assert(place.branchDirectories.isEmpty)
    assertThrows[DatasetException](place.on("trial"))
    // A writer that did not notice, and its leftovers.
    Cells.add(spark, old, Seq(extra(51)))
    assert(place.branchDirectories.size == 1)
    place.branch("trial")
    assert(stored(place.on("trial")) == Cells.images(3))
    assert(place.branchDirectories.size == 1)
    val e = intercept[DatasetException](
      new PublishJob(spark, old, PublishRequest.DEFAULT, Cells.clock).run())
    assert(e.getMessage.startsWith("Cannot publish"), e.getMessage)
  }

  test("VER-8 branch - leftovers of a creation that died - go after a day, not before") {
    val place = newPlace(Cells.images(3))
    place.publish()
    val dead = Branch.create(trial, Optional.empty(), new Random(1))
    Cells.add(spark, DatasetTable.open(spark, place.main.layout.onBranch(dead)), Cells.images(2))
    val branches = DatasetBranches.of(place.main.layout)
    branches.removeLeftovers(Instant.now().minus(Duration.ofDays(1)))
    assert(place.branchDirectories == Seq(dead.place))
    place.branch("trial")
    assert(stored(place.on("trial")) == Cells.images(3))
    branches.removeLeftovers(Instant.now().plusSeconds(60))
    assert(place.branchDirectories.size == 1 && !place.branchDirectories.contains(dead.place))
    assert(stored(place.on("trial")) == Cells.images(3))
  }

  test("VER-8 branch - two creations of one name at once - one succeeds, whole, and alone") {
    val place = newPlace(Cells.images(3))
    place.publish()
    val outcomes = inParallel(Seq("trial", "trial"))(place.branch(_))
    assert(outcomes.count(_.isRight) == 1, outcomes)
    assert(outcomes.flatMap(_.left.toOption).head.getMessage.contains("a branch has this name"))
    assert(stored(place.on("trial")) == Cells.images(3))
    assert(place.branchDirectories.size == 1)
  }

  test("VER-5 merge - a branch into main - takes what only it changed, in one commit on record") {
    val place = newPlace(Cells.images(6))
    place.publish()
    place.branch("trial")
    val branch = place.on("trial")
    // The branch: 0 relabelled, 1 removed, 50 added. Main: 2 relabelled, 60 added.
    Cells.add(spark, branch, Seq(relabelled(0, "new"), extra(50)))
    remove(branch, 1)
    Cells.add(spark, place.main, Seq(relabelled(2, "other"), extra(60)))
    val commits = place.commits
    val dry = place.merge("working:trial", _.withMode(MergeConfig.Mode.DRY_RUN))
    assert(dry.result == MergeReport.Result.DRY_RUN && place.commits == commits)
    val report = place.merge("working:trial")
    assert(report.counts == dry.counts)
    assert(Seq(report.counts.added, report.counts.changed, report.counts.removed) == Seq(1, 1, 1))
    assert(report.base.get == "cells@V001" && place.commits == commits + 1)
    assert(labels(place.main) == Map(
      "id-00000" -> "new", "id-00002" -> "other", "id-00003" -> "RBC", "id-00004" -> "WBC",
      "id-00005" -> "RBC,血小板", "id-00050" -> "x", "id-00060" -> "x"))
    assert(place.merge("working:trial").result == MergeReport.Result.NOTHING_TO_DO)

    // What was merged is the base of the next merge: main's removal of 50 stays one.
    remove(place.main, 50)
    Cells.add(spark, branch, Seq(extra(51)))
    val again = place.merge("working:trial")
    assert(again.base.get.startsWith("cells@working:trial as merged last"))
    assert(again.counts.added == 1 && labels(place.main).contains("id-00051"))
    assert(!labels(place.main).contains("id-00050"))

    val version = place.publish()
    val operations = version.provenance.operations.asScala
    assert(operations.map(_.operation) == Seq("dataset merge", "dataset merge"))
    assert(operations.head.parameters.value("from").get == "cells@working:trial")
    assert(operations.head.counts.value("added").get == 1L)
    assert(place.publish().provenance.operations.isEmpty)
  }

  test("VER-5 merge - conflicts - fail and name the samples, or are settled by the policy") {
    val place = newPlace(Cells.images(4))
    place.publish()
    place.branch("trial")
    Cells.add(spark, place.on("trial"), Seq(relabelled(0, "theirs"), relabelled(1, "both")))
    Cells.add(spark, place.main, Seq(relabelled(0, "ours"), relabelled(1, "both")))
    val before = stored(place.main)
    val e = intercept[DatasetException](place.merge("working:trial"))
    assert(e.getMessage.startsWith(
      "Cannot merge cells@working:trial into cells@working:main: both sides changed 1 sample"))
    assert(e.getMessage.contains("id-00000 (/data/train/cell 00000.jpg: labels)"))
    assert(stored(place.main) == before)
    val dry = place.merge("working:trial", _.withMode(MergeConfig.Mode.DRY_RUN))
    assert(dry.counts.conflicts == 1 && dry.conflicts.get(0).id.value == "id-00000")
    def after(policy: MergePolicy) = {
      val state = place.state
      val report = place.merge("working:trial", _.withPolicy(policy))
      assert(report.counts.settled == 1 && report.counts.conflicts == 0)
      val result = labels(place.main)("id-00000")
      place.rollback(new Goal.State(state))
      result
    }
    assert(after(MergePolicy.OURS) == "ours")
    assert(after(MergePolicy.THEIRS) == "theirs")
    assert(after(MergePolicy.UNION_LABELS) == "ours,theirs")
  }

  test("VER-5 merge - another dataset - adds its samples, tells of same bytes, asks for one type") {
    val place = newPlace(Cells.images(2).map(_.withDigest(Optional.of(Digest.ofText("same")))))
    val other = new DatasetName("more")
    val source = DatasetTable.open(
      spark, place.catalog.create(other, LabelTaskType.OBJECT_DETECTION, "", Cells.clock))
    val copy = StorageUri.parse(source.layout.data.value + "/3f/x.jpg")
    Cells.add(spark, source, Seq(
      extra(70).withDigest(Optional.of(Digest.ofText("same"))).withSource(copy), extra(71)))
    ImportLog.of(source.layout).append(importRecord)
    val report = place.merge(new StateRef.Working(other, BranchName.MAIN))
    assert(report.counts.added == 2 && report.base.isEmpty)
    assert(report.counts.duplicates == 1 && report.counts.elsewhere == 1)
    assert(report.duplicates.get(0).added == "id-00070" &&
      report.duplicates.get(0).present == "id-00000")
    assert(ImportLog.of(place.main.layout).read().asScala.map(_.id) == Seq(Cells.importId))
    val texts = new DatasetName("texts")
    place.catalog.create(texts, LabelTaskType.TEXT_CLASSIFICATION, "", Cells.clock)
    val e = intercept[DatasetException](place.merge(new StateRef.Working(texts, BranchName.MAIN)))
    assert(e.getMessage.contains("the one is of TEXT_CLASSIFICATION, the other of OBJECT_DETECTION"))
    val self = intercept[DatasetException](place.merge("working:main"))
    assert(self.getMessage.startsWith("Cannot merge cells@working:main into itself."))
  }

  test("VER-8 merge - another writer changes a sample meanwhile - starts again and loses nothing") {
    val place = newPlace(Cells.images(3))
    place.publish()
    place.branch("trial")
    Cells.add(spark, place.on("trial"), Seq(relabelled(0, "theirs"), extra(50)))
    var attempts = 0
    val config = MergeConfig
      .of(new StateRef.Working(Cells.name, BranchName.MAIN), ref("working:trial"), "me")
      .withPolicy(MergePolicy.UNION_LABELS)
    val report = new MergeJob(spark, place.catalog, config, Cells.clock, () => {
      attempts += 1
      if (attempts == 1) Cells.add(spark, place.main, Seq(relabelled(0, "ours")))
    }).run()
    assert(attempts == 2 && report.counts.settled == 1)
    assert(labels(place.main)("id-00000") == "ours,theirs")
    assert(labels(place.main)("id-00050") == "x")
  }

  test("VER-8 merge - another writer always faster - gives up and names both operations") {
    val place = newPlace(Cells.images(3))
    place.publish()
    place.branch("trial")
    Cells.add(spark, place.on("trial"), Seq(relabelled(0, "theirs")))
    var attempts = 0
    val config = MergeConfig
      .of(new StateRef.Working(Cells.name, BranchName.MAIN), ref("working:trial"), "me")
      .withPolicy(MergePolicy.THEIRS)
    val e = intercept[DatasetException](
      new MergeJob(spark, place.catalog, config, Cells.clock, () => {
        attempts += 1
        Cells.add(spark, place.main, Seq(relabelled(0, s"ours $attempts")))
      }).run())
    assert(e.getMessage.startsWith(
      "Cannot merge cells@working:trial into dataset cells: other writers were faster"), e)
    assert(e.getMessage.contains("\"import\":\"imp-cells-0001\""), e)
    assert(labels(place.main)("id-00000") == s"ours $attempts")
  }

  test("VER-5 rollback - to a version and back - restores each state exactly, in one commit") {
    val place = newPlace(Cells.images(5))
    place.publish()
    Cells.add(spark, place.main, Seq(relabelled(3, "new"), extra(50)))
    remove(place.main, 1)
    val edited = stored(place.main)
    val commits = place.commits
    val report = place.rollback(version("V001"))
    assert(report.counts == new DiffCounts(1, 1, 1, 0, 0, 3))
    assert(place.commits == commits + 1)
    assert(stored(place.main) == Cells.images(5))
    assert(place.rollback(version("V001")).result == RollbackReport.Result.NOTHING_TO_DO)
    val back = place.rollback(new Goal.State(report.formerState))
    assert(back.counts == new DiffCounts(1, 1, 1, 0, 0, 3))
    assert(stored(place.main) == edited)
    val operations = place.publish().provenance.operations.asScala
    assert(operations.map(_.parameters.value("to").get) ==
      Seq("cells@V001", s"state ${report.formerState}"))
  }

  test("VER-5 rollback - of a merge - lets it be merged again") {
    val place = newPlace(Cells.images(3))
    place.publish()
    place.branch("trial")
    Cells.add(spark, place.on("trial"), Seq(extra(50)))
    place.merge("working:trial")
    place.rollback(version("V001"))
    assert(stored(place.main) == Cells.images(3))
    assert(place.merge("working:trial").counts.added == 1)
  }

  test("VER-5 rollback - what the version does not carry - is refused, unless losses are accepted") {
    val hard = new Hardness(true, OptionalDouble.empty)
    val marked = Cells.images(3).zipWithIndex.map {
      case (s, 0) => s.withHardness(hard)
      case (s, 1) => s.withUsage(Optional.of(Usage.TEST))
      case (s, _) => s
    }
    val place = newPlace(marked)
    place.publish()
    val e = intercept[DatasetException](place.rollback(version("V001")))
    assert(e.getMessage.contains("1 samples have hard marks and 1 have usages"))
    assert(stored(place.main) == marked)
    assert(place.rollback(version("V001"), Losses.ACCEPT).counts.changed == 1)
    assert(stored(place.main) == Cells.images(3))
  }

  test("VER-5 rollback - no such state, or no samples - fails and says which there are") {
    val place = newPlace(Cells.images(3))
    val e = intercept[DatasetException](place.rollback(new Goal.State(7)))
    assert(e.getMessage.startsWith("Cannot roll back cells@working:main to state 7:"))
    assert(e.getMessage.contains("numbered from 0 to 0"))
    val empty = newPlace(Nil)
    val none = intercept[DatasetException](empty.rollback(new Goal.State(0)))
    assert(none.getMessage.contains("it never had samples"))
  }

  test("VER-5 branch, merge, rollback - of a table - are refused with what to do") {
    val directory = temporaryDirectory()
    val catalog = DatasetCatalog.at(StorageUri.of(directory))
    catalog.create(new DatasetName("people"), LabelTaskType.TABLE, "", Cells.clock)
    val people = new StateRef.Working(new DatasetName("people"), BranchName.MAIN)
    val config = new RollbackConfig(
      people, new Goal.State(0), RollbackConfig.Mode.COMMIT, Losses.REFUSE, "me")
    val e = intercept[DatasetException](
      new RollbackJob(spark, catalog, config, Cells.clock).run())
    assert(e.getMessage.startsWith("Cannot roll back people@working:main: it is a table"))
  }

  private def version(name: String) = new Goal.Version(DatasetRef.of(Cells.name, new VersionName(name)))

  private def ref(state: String) = StateRef.of(Cells.name, state)

  private def extra(i: Int) = Cells.image(i, "more", s"extra $i.jpg", "x")

  private def relabelled(i: Int, label: String) =
    Cells.image(i, "train", f"cell $i%05d.jpg", label)

  private val importRecord = new ImportRecord(
    Cells.importId, StorageUri.parse("/data"), "voc", "{}", Cells.clock.instant)

  private def remove(table: DatasetTable, i: Int): Unit = {
    import org.apache.spark.sql.functions.col
    val gone = table.samples().where(col("id").equalTo(f"id-$i%05d")).select("id")
    val nothing = spark.createDataFrame(List.empty[org.apache.spark.sql.Row].asJava, SampleRows.SCHEMA)
    table.apply(SampleChanges.of(nothing).removing(gone), Cells.importId, _ => ())
  }

  private def stored(table: DatasetTable): Seq[Sample] =
    table.samples().orderBy("id").collect().toSeq.map(row => SampleRows.toSample(row))

  private def labels(table: DatasetTable): Map[String, String] =
    stored(table).map(s => s.id.value -> s.labels.asScala.toSeq.map(_.value).mkString(",")).toMap

  private def newPlace(samples: Seq[Sample]): Place = {
    val directory = temporaryDirectory()
    val place = new Place(directory, DatasetTable.open(spark, Cells.create(directory)))
    if (samples.nonEmpty) Cells.add(spark, place.main, samples)
    place
  }

  /** A dataset and its branches. */
  private class Place(directory: Path, val main: DatasetTable) {
    val catalog: DatasetCatalog = DatasetCatalog.at(StorageUri.of(directory))

    def publish(): DatasetVersion =
      new PublishJob(spark, main, PublishRequest.DEFAULT, Cells.clock).run()

    def branch(name: String, from: String = "current"): DatasetVersion =
      new BranchJob(spark, catalog, "me", Cells.clock)
        .run(new BranchName(name), new DatasetRef(Cells.name, from))

    def on(name: String): DatasetTable =
      DatasetTable.open(spark, catalog.find(Cells.name, new BranchName(name)))

    def resolve(state: String): DatasetVersion =
      main.history.resolve(new DatasetRef(Cells.name, state))

    def merge(source: StateRef, how: MergeConfig => MergeConfig): MergeReport =
      new MergeJob(
        spark,
        catalog,
        how(MergeConfig.of(new StateRef.Working(Cells.name, BranchName.MAIN), source, "me")),
        Cells.clock).run()

    def merge(source: StateRef): MergeReport = merge(source, identity[MergeConfig] _)

    def merge(state: String, how: MergeConfig => MergeConfig = identity): MergeReport =
      merge(ref(state), how)

    def rollback(goal: Goal, losses: Losses = Losses.REFUSE): RollbackReport =
      new RollbackJob(
        spark,
        catalog,
        new RollbackConfig(
          new StateRef.Working(Cells.name, BranchName.MAIN), goal, RollbackConfig.Mode.COMMIT,
          losses, "me"),
        Cells.clock).run()

    def state: Long = io.delta.tables.DeltaTable
      .forPath(spark, DatasetTable.path(main.layout.samplesTable))
      .history(1).head().getAs[Long]("version")

    def commits: Long = state + 1

    def branchDirectories: Seq[String] = {
      val branches = main.layout.root.resolve("tables/branches").requireLocalPath()
      if (!Files.exists(branches)) Nil
      else Files.list(branches).iterator().asScala.map(_.getFileName.toString).toSeq.sorted
    }
  }
}
