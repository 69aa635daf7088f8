package io.millrace.jobs.cli

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetName, LabelTaskType, StorageUri, VersionName}
import io.millrace.dataset.delta.{DatasetCatalog, VersionLog}
import io.millrace.dataset.versioning.Versions

class VersionManageSuite extends AnyFunSuite {
  private val json = new ObjectMapper()
  private val pets = new DatasetName("pets")

  /** Versions on record, of which no row exists: these commands read and write the log alone. */
  private def recorded(names: String*): Path = {
    val place = Files.createTempDirectory("millrace-manage-")
    val catalog = DatasetCatalog.at(StorageUri.of(place))
    catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", java.time.Clock.systemUTC())
    names.foreach(publish(place, _, ""))
    place
  }

  private def publish(place: Path, name: String, description: String): Unit = {
    val layout = DatasetCatalog.at(StorageUri.of(place)).find(pets)
    val manifest = layout.manifest(new VersionName(name))
    VersionLog.of(layout).publish(
      pets, Versions.version(name, description = description, manifest = Some(manifest)))
    Files.createDirectories(manifest.requireLocalPath().getParent)
  }

  private def run(place: Path, arguments: String*): CommandLineRun =
    CommandLineRun.of(arguments ++ Seq("--datasets", place.toString): _*)

  test("VER-4 version tree - versions after a step back, deleted, tagged - is drawn as it grew") {
    val place = recorded("V001", "V002")
    assert(run(place, "version", "set-current", "pets", "V001").out.trim ==
      "pets@V001 is the current version of main")
    publish(place, "V003", "with boxes")
    assert(run(place, "version", "tag", "pets", "V003", "golden").out.trim == "pets@golden is pets@V003")
    assert(run(place, "version", "delete", "pets", "V002", "--yes").exitCode == ExitCode.DONE)
    val lines = run(place, "version", "tree", "pets").out.linesIterator
      .map(_.replaceAll("[0-9-]{10} [0-9:]{8}", "TIME")).toSeq
    assert(lines == Seq(
      "V001  3 samples  TIME",
      "├─ V002  3 samples  TIME  deleted",
      "└─ V003  3 samples  TIME  (current)  #golden  with boxes"))
    val tree = json.readTree(run(place, "version", "tree", "pets", "-o", "json").out)
    assert(tree.get(0).get("children").asScala.map(_.get("state").asText).toSeq == Seq("DELETED", "NORMAL"))
    assert(tree.get(0).get("children").get(1).get("tags").get(0).asText == "golden")
  }

  test("VER-4 version delete - without somebody to ask and without --yes - is refused") {
    val place = recorded("V001")
    val refused = run(place, "version", "delete", "pets", "V001")
    assert(refused.exitCode == ExitCode.FAILED)
    assert(refused.err.trim ==
      "millrace: Cannot delete pets@V001: nobody is there to confirm it. Add --yes.")
    val done = run(place, "version", "delete", "pets", "V001", "--yes", "-o", "json")
    assert(json.readTree(done.out).get("state").asText == "DELETED")
    assert(run(place, "version", "list", "pets").out.startsWith("No versions."))
  }

  test("VER-4 version list - sizes and types - are shown; ModelArts shows no size") {
    val listed = run(recorded("V001"), "version", "list", "pets").out.linesIterator.toSeq
    assert(listed.head.split(" +").toSeq ==
      Seq("VERSION", "TYPE", "SAMPLES", "PARTS", "LABELS", "SIZE", "MEDIA", "PARENT", "PUBLISHED"))
    assert(listed(1).contains("OBJECT_DETECTION") && listed(1).contains("1.2 KB") && listed(1).contains("99 B"))
  }

  test("VER-5 version untag - an unknown tag - fails in one sentence") {
    val failed = run(recorded("V001"), "version", "untag", "pets", "golden")
    assert(failed.exitCode == ExitCode.FAILED)
    assert(failed.err.trim ==
      "millrace: Cannot remove the tag golden of pets: the dataset has no tags.")
  }
}
