package io.millrace.dataset.versioning

import java.time.Instant
import java.util.{Optional, Random}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.versioning.VersionEvent._

class BranchSuite extends AnyFunSuite {
  private val trial = new BranchName("trial")

  test("VER-5 branch - created twice under one name - has another place each time") {
    val random = new Random(1)
    val branches = (1 to 50).map(_ => Branch.create(trial, Optional.empty(), random))
    assert(branches.map(_.place).distinct.size == 50)
    assert(branches.forall(_.place.matches("trial-[0-9a-f]{12}")))
    assert(Branch.MAIN.isMain && !branches.head.isMain)
  }

  test("VER-5 branch - a place that could lead elsewhere - fails") {
    Seq("", "trial", "../main-0123456789ab", "trial-0123").foreach { place =>
      val e = intercept[DatasetException](new Branch(trial, place, Optional.empty()))
      assert(e.getMessage.startsWith(s"Invalid place of branch trial: '$place'"))
    }
    assertThrows[DatasetException](
      new Branch(BranchName.MAIN, "main-0123456789ab", Optional.empty()))
  }

  test("VER-5 history - a branch that was deleted and created again - is the new one") {
    val first = Branch.create(trial, Optional.of(name("V001")), new Random(1))
    val second = Branch.create(trial, Optional.empty(), new Random(2))
    val begun = Seq[VersionEvent](published("V001", None), new Branched(first, at(2)))
    val ended = begun :+ new BranchDeleted(trial, at(3))
    val again = ended :+ new Branched(second, at(4))
    assert(history(begun).branch(trial).toScala.contains(first))
    assert(history(begun).current(trial).toScala.contains(name("V001")))
    assert(history(ended).branch(trial).isEmpty && !history(ended).hasBranch(trial))
    assert(history(again).branch(trial).toScala.contains(second))
    assert(history(again).current(trial).isEmpty)
    assert(history(again).branchPlaces.asScala == Set("", second.place))
    assert(history(again).deletedBranchPlaces.asScala == Set(first.place))
  }

  test("VER-5 history - the version that a working state is at - is the last published, not current") {
    val branch = Branch.create(trial, Optional.of(name("V001")), new Random(1))
    val events = Seq[VersionEvent](
      published("V001", None),
      published("V002", Some("V001")),
      new MadeCurrent(BranchName.MAIN, name("V001"), at(3)),
      new Branched(branch, at(4)))
    assert(history(Nil).lastOn(BranchName.MAIN).isEmpty)
    assert(history(events).lastOn(BranchName.MAIN).toScala.contains(name("V002")))
    assert(history(events).lastOn(trial).toScala.contains(name("V001")))
    val more = events :+ published("V003", Some("V001"), "trial")
    assert(history(more).lastOn(trial).toScala.contains(name("V003")))
    assert(history(more).lastOn(BranchName.MAIN).toScala.contains(name("V002")))
  }

  test("VER-5 lineage - the common ancestor - is the nearest that is not deleted") {
    // V001 - V002 - V004 on main; V003 on trial, from V002; V005 from V003.
    val tree = Seq[VersionEvent](
      published("V001", None),
      published("V002", Some("V001")),
      new Branched(Branch.create(trial, Optional.of(name("V002")), new Random(1)), at(3)),
      published("V003", Some("V002"), "trial"),
      published("V004", Some("V002")),
      published("V005", Some("V003"), "trial"),
      published("lone", None))
    assert(ancestor(tree, Seq("V004"), "V005").contains("V002"))
    assert(ancestor(tree, Seq("V004"), "V002").contains("V002"))
    assert(ancestor(tree, Seq("V004"), "V004").contains("V004"))
    assert(ancestor(tree, Seq("V004"), "lone").isEmpty)
    assert(ancestor(tree, Seq(), "V004").isEmpty)
    // V003 was merged into main before.
    assert(ancestor(tree, Seq("V004", "V003"), "V005").contains("V003"))
    val deleted = tree :+ new Deleted(name("V002"), at(9))
    assert(ancestor(deleted, Seq("V004"), "V005").contains("V001"))
  }

  private def ancestor(events: Seq[VersionEvent], left: Seq[String], right: String) =
    VersionLineage
      .commonAncestor(history(events), left.map(name).asJava, name(right))
      .toScala
      .map(_.name.value)

  private def history(events: Seq[VersionEvent]) = VersionHistory.of(events.asJava)

  private def name(text: String) = new VersionName(text)

  private def at(second: Long) = Instant.ofEpochSecond(second)

  private def published(
      version: String, parent: Option[String], branch: String = "main"): VersionEvent =
    new Published(
      new DatasetVersion(
        name(version), "pub-" + version, LabelTaskType.OBJECT_DETECTION, "", Instant.EPOCH,
        parent.map(name).toJava, VersionState.NORMAL, StorageUri.parse("/d/" + version),
        Digest.ofText("x"), 1, new java.util.TreeMap(), new java.util.TreeMap(), 1,
        VersionFormat.MANIFEST, new BranchName(branch),
        new VersionSeal(Digest.ofText("rows"), Digest.ofText("files"), 1),
        new Provenance("0.1.0", "me", 0, java.util.List.of(), 0, Properties.EMPTY)))
}
