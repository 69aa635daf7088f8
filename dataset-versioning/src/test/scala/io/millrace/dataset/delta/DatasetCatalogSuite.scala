package io.millrace.dataset.delta

import java.nio.file.{Files, Path}
import java.time.{Clock, Instant, ZoneOffset}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.Threads.inParallel
import io.millrace.dataset.versioning._

class DatasetCatalogSuite extends AnyFunSuite {
  private val noon = Clock.fixed(Instant.parse("2026-05-06T12:00:00.123456Z"), ZoneOffset.UTC)
  private val pets = new DatasetName("pets")

  test("catalog - a directory that does not exist - lists no datasets") {
    val root = temporaryDirectory().resolve("none")
    assert(DatasetCatalog.at(StorageUri.of(root)).list().isEmpty)
    assert(!Files.exists(root))
  }

  test("create - a new name - is listed, shown and found as it was made") {
    val catalog = newCatalog("plain")
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "cats and dogs", noon)
    val summary = catalog.show(pets)
    assert(summary.info.name == pets)
    assert(summary.info.taskType == LabelTaskType.OBJECT_DETECTION)
    assert(summary.info.description == "cats and dogs")
    assert(summary.info.createdAt == noon.instant)
    assert(layout.root.fileName == summary.info.directoryName)
    assert(summary.samples == 0 && summary.rejects == 0 && summary.versions.isEmpty)
    assert(!summary.current.isPresent)
    assert(catalog.find(pets) == layout)
    assert(catalog.list().asScala.map(_.info.name) == Seq(pets))
  }

  test("create - below a directory with spaces, percent signs and Chinese - works") {
    val catalog = newCatalog("my data 100%25 数据")
    catalog.create(pets, LabelTaskType.IMAGE_CLASSIFICATION, "", noon)
    assert(catalog.show(pets).info.name == pets)
  }

  test("create - an existing name - fails and names the directory") {
    val catalog = newCatalog("twice")
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val e = intercept[DatasetException](
      catalog.create(pets, LabelTaskType.IMAGE_CLASSIFICATION, "", noon)
    )
    assert(
      e.getMessage == s"Cannot create dataset pets: it exists already, in ${layout.root}. " +
        "Choose another name."
    )
    assert(catalog.list().size == 1)
  }

  test("find - an unknown name - fails and names those there are") {
    val catalog = newCatalog("unknown")
    val empty = intercept[DatasetException](catalog.find(pets))
    assert(empty.getMessage.contains("there are no datasets in"))
    Seq("zebras", "cells").foreach { name =>
      catalog.create(new DatasetName(name), LabelTaskType.OBJECT_DETECTION, "", noon)
    }
    val e = intercept[DatasetException](catalog.show(pets))
    assert(e.getMessage.contains("the datasets there are cells, zebras"))
  }

  test("find - a name that begins another one - is not confused with it") {
    val catalog = newCatalog("prefix")
    val long = new DatasetName("pets-aaaaaaaaaaaaaaaaaaaa")
    catalog.create(long, LabelTaskType.OBJECT_DETECTION, "", noon)
    intercept[DatasetException](catalog.find(pets))
    catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    assert(catalog.show(long).info.name == long)
    assert(catalog.show(pets).info.name == pets)
  }

  test("list - a directory of something else, one left half created - are passed over") {
    val root = temporaryDirectory()
    val catalog = DatasetCatalog.at(StorageUri.of(root))
    catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    Files.createDirectories(root.resolve("notes"))
    Files.createDirectories(root.resolve("cats-ABCDEFGHIJKLMNOPQRST/tables/versions/_delta_log"))
    Files.writeString(root.resolve("README"), "hello")
    assert(catalog.list().asScala.map(_.info.name) == Seq(pets))
  }

  test("VER-1 a dataset - copied elsewhere and renamed - opens with its versions") {
    val catalog = newCatalog("source")
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    VersionLog.of(layout).publish(pets, version(layout, "V001"))
    val elsewhere = temporaryDirectory()
    val copy = elsewhere.resolve("renamed")
    copyTree(layout.root.requireLocalPath(), copy)
    val summary = DatasetCatalog.at(StorageUri.of(elsewhere)).show(pets)
    assert(summary.layout.root == StorageUri.of(copy))
    assert(
      summary.versions.get(0).manifest == StorageUri.of(
        copy.resolve("annotation/V001/V001.manifest")
      )
    )
  }

  test("VER-4 version log - versions in order - each has the one before as parent") {
    val layout = newCatalog("log").create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val log = VersionLog.of(layout)
    Seq("V001", "V002", "with-name").foreach(name => log.publish(pets, version(layout, name)))
    val state = log.read()
    assert(state.names.asScala.map(_.value) == Seq("V001", "V002", "with-name"))
    assert(
      state.versions.asScala.map(_.parent.map[String](_.value).orElse("")) ==
        Seq("", "V001", "V002")
    )
    assert(state.current.get.value == "with-name")
    assert(state.versions.get(0).labels.asScala == Map("猫" -> 3L))
    val times = state.versions.asScala.map(_.createdAt)
    assert(times == times.sorted && times.distinct == times)
  }

  test("VER-4 make current - a version, then an unknown one - moves the reference, then fails") {
    val catalog = newCatalog("current")
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val log = VersionLog.of(layout)
    Seq("V001", "V002").foreach(name => log.publish(pets, version(layout, name)))
    log.makeCurrent(pets, BranchName.MAIN, new VersionName("V001"), noon.instant)
    Files.createDirectories(layout.annotation(new VersionName("V001")).requireLocalPath())
    val history = catalog.history(pets)
    assert(history.current.get.name.value == "V001")
    assert(history.resolve(DatasetRef.parse("pets")).name.value == "V001")
    val e = intercept[DatasetException](
      log.makeCurrent(pets, BranchName.MAIN, new VersionName("V009"), noon.instant)
    )
    assert(e.getMessage.contains("The versions are V001, V002"))
  }

  test("VER-2 version log - a name that exists - fails and changes nothing") {
    val layout = newCatalog("taken").create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val log = VersionLog.of(layout)
    log.publish(pets, version(layout, "V001"))
    val before = log.read()
    val e = intercept[DatasetException](log.publish(pets, version(layout, "V001")))
    assert(
      e.getMessage == "Cannot publish pets@V001: this version exists already. " +
        "Choose another name, or none to get the next one."
    )
    assert(log.read() == before)
  }

  test("VER-8 version log - eight writers at once - each name once, none lost") {
    val layout = newCatalog("race").create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val names = (1 to 8).map(i => s"W$i") :+ "W1" :+ "W1"
    val outcomes = inParallel(names) { name =>
      VersionLog.of(layout).publish(pets, version(layout, name))
    }
    assert(outcomes.count(_.isRight) == 8)
    val failures = outcomes.collect { case Left(e: DatasetException) => e.getMessage }
    assert(failures.size == 2 && failures.forall(_.contains("exists already")))
    val state = VersionLog.of(layout).read()
    assert(state.names.asScala.map(_.value).sorted == (1 to 8).map(i => s"W$i"))
    val chain = state.versions.asScala.map(v => Option(v.parent.orElse(null)).map(_.value))
    assert(chain == None +: state.names.asScala.init.map(name => Some(name.value)))
  }

  test("resolve - a dataset without versions - says to publish one first") {
    val catalog = newCatalog("unpublished")
    catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    val e = intercept[DatasetException](catalog.history(pets).resolve(DatasetRef.parse("pets")))
    assert(
      e.getMessage == "Cannot read pets@current: the dataset has no published version. " +
        "Publish one first."
    )
  }

  test("resolve - a version whose files still lie in staging - moves them to their place") {
    val catalog = newCatalog("killed")
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    VersionLog.of(layout).publish(pets, version(layout, "V001"))
    val staging = layout.staging("pub-V001").requireLocalPath()
    Files.createDirectories(staging)
    Files.writeString(staging.resolve("V001.manifest"), "{}")
    val resolved = catalog.history(pets).resolve(DatasetRef.parse("pets@latest"))
    assert(Files.readString(resolved.manifest.requireLocalPath()) == "{}")
    assert(!Files.exists(staging))
  }

  test("resolve - a version whose files are gone - says where they should be") {
    val catalog = newCatalog("lost")
    val layout = catalog.create(pets, LabelTaskType.OBJECT_DETECTION, "", noon)
    VersionLog.of(layout).publish(pets, version(layout, "V001"))
    val e = intercept[DatasetException](catalog.history(pets).resolve(DatasetRef.parse("pets")))
    assert(e.getMessage.contains("annotation/V001: its files are missing"))
  }

  private def version(layout: DatasetLayout, name: String) =
    PublishedVersions.version(layout, name, noon.instant)

  private def newCatalog(directory: String) =
    DatasetCatalog.at(StorageUri.of(temporaryDirectory().resolve(directory)))

  private def temporaryDirectory(): Path = Files.createTempDirectory("millrace-catalog-")

  private def copyTree(from: Path, to: Path): Unit =
    Files.walk(from).iterator().asScala.foreach { path =>
      Files.copy(path, to.resolve(from.relativize(path).toString))
    }
}
