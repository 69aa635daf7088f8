package io.millrace.dataset.delta

import java.nio.file.Files
import java.time.{Clock, Instant, ZoneOffset}
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.versioning._
import io.millrace.dataset.versioning.Versions.version

class VersionLogSuite extends AnyFunSuite {
  private val pets = new DatasetName("pets")
  private val noon = Clock.fixed(Instant.parse("2026-05-06T12:00:00Z"), ZoneOffset.UTC)
  private val golden = new TagName("golden")
  private val trial = new BranchName("trial")

  private def name(text: String) = new VersionName(text)

  private def withVersions(names: String*): (DatasetCatalog, DatasetLayout, VersionLog) = {
    val catalog = DatasetCatalog.at(StorageUri.of(Files.createTempDirectory("millrace-log-")))
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val log = VersionLog.of(layout)
    names.foreach { text =>
      val manifest = layout.manifest(name(text))
      log.publish(pets, version(text, manifest = Some(manifest)))
      Files.createDirectories(manifest.requireLocalPath().getParent)
      Files.writeString(manifest.requireLocalPath(), text)
    }
    (catalog, layout, log)
  }

  private def create(log: VersionLog, branch: BranchName, from: Option[String] = None): Unit =
    log.createBranch(
      pets,
      Branch.create(branch, Optional.ofNullable(from.map(name).orNull), new java.util.Random(1)),
      noon.instant)

  private def refused(work: => Any): String = intercept[DatasetException](work).getMessage

  test("VER-4 log - every event - is read back as it was written") {
    val (_, layout, log) = withVersions("V001", "V002")
    val rich = new DatasetVersion(
      name("rich"), "pub-rich", LabelTaskType.TEXT_TRIPLE, "描述", noon.instant, Optional.empty(),
      VersionState.NORMAL, layout.manifest(name("rich")), Digest.ofText("m"), 2,
      new java.util.TreeMap(java.util.Map.of("TEST", Long.box(2))), new java.util.TreeMap(), 5,
      VersionFormat.PARQUET, BranchName.MAIN,
      new VersionSeal(Digest.ofText("r"), Digest.ofText("f"), Long.MaxValue),
      new Provenance("0.1.0 (commit 12)", "maria", 41,
        java.util.List.of(new ImportId("imp-0000-0002"), new ImportId("imp-0000-0001")), 7,
        Properties.EMPTY.`with`("split", "none").`with`("seed", Long.box(3))))
    val recorded = log.publish(pets, rich)
    log.tag(pets, golden, name("V001"), noon.instant)
    create(log, trial, Some("V002"))
    log.makeCurrent(pets, trial, name("V001"), noon.instant)
    log.delete(pets, name("V002"), noon.instant)
    val history = log.read()
    assert(history.find(name("rich")).get == recorded)
    assert(recorded.provenance == rich.provenance && recorded.seal == rich.seal)
    assert(recorded.parent.get == name("V002"))
    assert(history.tags.asScala == Map(golden -> name("V001")))
    assert(history.current(trial).get == name("V001"))
    assert(history.isDeleted(name("V002")))
    log.untag(pets, golden, noon.instant)
    log.deleteBranch(pets, trial, noon.instant)
    assert(log.read().tags.isEmpty && log.read().branches.size == 1)
  }

  test("VER-4 references - by tag, branch and time - find the version that is meant") {
    val (catalog, _, log) = withVersions("V001", "V002")
    log.tag(pets, golden, name("V001"), noon.instant)
    create(log, trial, Some("V001"))
    def resolved(ref: String) = catalog.history(pets).resolve(DatasetRef.parse(ref)).name.value
    assert(resolved("pets") == "V002")
    assert(resolved("pets@golden") == "V001")
    assert(resolved("pets@trial") == "V001")
    val first = log.read().find(name("V001")).get.createdAt
    assert(resolved("pets@" + first) == "V001")
    assert(resolved("pets@2030-01-01T00:00:00+08:00") == "V002")
    val before = refused(resolved("pets@2001-01-01T00:00:00Z"))
    assert(before == "Cannot read pets@2001-01-01T00:00:00Z: there is no such version. " +
      "The versions are V001, V002, the tags golden, the branches main, trial.")
    assert(refused(resolved("pets@V1:x")).startsWith("Invalid time of a version: 'V1:x'"))
  }

  test("VER-4 delete - a version - is gone for readers, its name stays taken, its files go") {
    val (catalog, layout, log) = withVersions("V001", "V002")
    new VersionDeletion(layout).run(pets, name("V002"), noon.instant)
    assert(!Files.exists(layout.annotation(name("V002")).requireLocalPath()))
    val history = catalog.history(pets)
    assert(history.current.get.name == name("V001"))
    assert(refused(history.resolve(DatasetRef.parse("pets@V002"))) ==
      "Cannot read pets@V002: this version was deleted. The versions are V001.")
    assert(refused(log.publish(pets, version("V002"))).contains("this version exists already"))
    assert(refused(log.delete(pets, name("V002"), noon.instant)).contains("was deleted"))
    assert(refused(log.makeCurrent(pets, BranchName.MAIN, name("V002"), noon.instant))
      .contains("was deleted"))
    assert(refused(log.tag(pets, golden, name("V002"), noon.instant)).contains("was deleted"))
  }

  test("VER-5 delete - a tagged version - is refused until the tag is gone") {
    val (_, _, log) = withVersions("V001")
    log.tag(pets, golden, name("V001"), noon.instant)
    assert(refused(log.delete(pets, name("V001"), noon.instant)) ==
      "Cannot delete pets@V001: the tags golden mark it. Move or remove them first.")
    log.untag(pets, golden, noon.instant)
    log.delete(pets, name("V001"), noon.instant)
    assert(log.read().versions.isEmpty)
  }

  test("VER-5 names - of versions, tags and branches - are never shared") {
    val (_, _, log) = withVersions("V001")
    log.tag(pets, golden, name("V001"), noon.instant)
    create(log, trial)
    val refusals = Seq(
      refused(log.publish(pets, version("golden"))),
      refused(log.publish(pets, version("trial"))),
      refused(log.tag(pets, new TagName("V001"), name("V001"), noon.instant)),
      refused(log.tag(pets, new TagName("trial"), name("V001"), noon.instant)),
      refused(create(log, new BranchName("V001"))),
      refused(create(log, new BranchName("golden"))),
      refused(log.createBranch(pets, Branch.MAIN, noon.instant))
    )
    assert(refusals.forall(_.contains(" has this name. Choose another name.")), refusals)
  }

  test("VER-5 branches and tags - that are not there - are named with those that are") {
    val (_, _, log) = withVersions("V001")
    assert(refused(log.untag(pets, golden, noon.instant)) ==
      "Cannot remove the tag golden of pets: the dataset has no tags.")
    assert(refused(log.deleteBranch(pets, trial, noon.instant)) ==
      "Cannot delete branch trial of pets: there is no such branch. The branches are main.")
    assert(refused(log.deleteBranch(pets, BranchName.MAIN, noon.instant))
      .startsWith("Cannot delete branch main of pets: every dataset has it."))
    assert(refused(log.publish(pets, version("V002", None, trial)))
      .startsWith("Cannot publish on branch trial of pets: there is no such branch."))
  }
}
