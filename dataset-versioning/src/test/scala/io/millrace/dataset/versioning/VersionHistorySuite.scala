package io.millrace.dataset.versioning

import java.time.Instant
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{BranchName, TagName, VersionName}
import io.millrace.dataset.versioning.VersionEvent._
import io.millrace.dataset.versioning.Versions.{begin, version}

class VersionHistorySuite extends AnyFunSuite {
  private val main = BranchName.MAIN
  private val trial = new BranchName("trial")
  private val golden = new TagName("golden")

  private def at(minute: Int): Instant = begin.plusSeconds(60L * minute)

  private def name(text: String) = new VersionName(text)

  private def published(text: String, minute: Int, parent: Option[String] = None) =
    new Published(version(text, parent, main, minute))

  private def history(events: VersionEvent*) = VersionHistory.of(events.asJava)

  private val three = Seq(
    published("V001", 1),
    published("V002", 2, Some("V001")),
    published("V003", 3, Some("V002"))
  )

  test("VER-4 history - nothing happened - has the main branch and nothing else") {
    val empty = history()
    assert(empty.versions.isEmpty && empty.current.isEmpty && empty.tags.isEmpty)
    assert(empty.branches.asScala == Set(main))
    assert(empty.lastChange.isEmpty)
    assert(empty.nextName == name("V001"))
  }

  test("VER-4 current - the last published one, until another is made current") {
    assert(history(three: _*).current.get == name("V003"))
    val moved = history(three :+ new MadeCurrent(main, name("V001"), at(4)): _*)
    assert(moved.current.get == name("V001"))
    assert(moved.names.asScala.map(_.value) == Seq("V001", "V002", "V003"))
  }

  test("VER-4 delete - the current version - its nearest ancestor that is left becomes current") {
    val events = three ++ Seq(new Deleted(name("V002"), at(4)), new Deleted(name("V003"), at(5)))
    val left = history(events: _*)
    assert(left.names.asScala.map(_.value) == Seq("V001"))
    assert(left.current.get == name("V001"))
    assert(left.isDeleted(name("V002")) && !left.isDeleted(name("V001")))
    assert(!left.isDeleted(name("V009")), "what never was is not deleted")
    assert(left.everyVersion.asScala.map(_.state) ==
      Seq(VersionState.NORMAL, VersionState.DELETED, VersionState.DELETED))
    assert(left.nextName == name("V004"), "a deleted version's name stays taken")
    assert(left.publishIds.asScala == Set("pub-V001"))
    val none = history(events :+ new Deleted(name("V001"), at(6)): _*)
    assert(none.current.isEmpty)
  }

  test("VER-4 as of - moments between events - shows what was current then") {
    val all = history(three :+ new MadeCurrent(main, name("V001"), at(4)): _*)
    val currents = Seq(0, 1, 2, 3, 4, 9).map(minute => all.asOf(at(minute)).current)
    assert(currents.map(_.map[String](_.value).orElse("-")) ==
      Seq("-", "V001", "V002", "V003", "V001", "V001"))
    assert(all.asOf(at(2)).versions.size == 2)
  }

  test("VER-5 tags - set, moved, removed - mark one version at a time") {
    val tagged = three :+ new Tagged(golden, name("V001"), at(4))
    assert(history(tagged: _*).tags.asScala == Map(golden -> name("V001")))
    val moved = tagged :+ new Tagged(golden, name("V003"), at(5))
    assert(history(moved: _*).tags.asScala == Map(golden -> name("V003")))
    assert(history(moved :+ new Untagged(golden, at(6)): _*).tags.isEmpty)
  }

  test("VER-5 branches - a version on another branch - leaves the main one's current alone") {
    val branched = three :+ new Branched(new Branch(trial, "trial-0123456789ab", Optional.of(name("V002"))), at(4))
    assert(history(branched: _*).current(trial).get == name("V002"))
    val grown = branched :+ new Published(version("T1", Some("V002"), trial, 5))
    assert(history(grown: _*).current(trial).get == name("T1"))
    assert(history(grown: _*).current.get == name("V003"))
    val ended = history(grown :+ new BranchDeleted(trial, at(6)): _*)
    assert(ended.branches.asScala == Set(main))
    assert(ended.current(trial).isEmpty)
    assert(ended.find(name("T1")).isPresent, "the versions of a branch outlive it")
  }

  test("VER-2 next name - tags and branches that look like counted names - are passed over") {
    val events = Seq(
      published("V001", 1),
      new Tagged(new TagName("V007"), name("V001"), at(2)),
      new Branched(new Branch(new BranchName("V009"), "V009-0123456789ab", Optional.empty()), at(3))
    )
    assert(history(events: _*).nextName == name("V010"))
  }
}
