package io.millrace.dataset.export

import java.nio.file.{Files, Path}
import java.time.Instant
import java.util.Random

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetException, StorageUri}
import io.millrace.dataset.storage.{InMemoryObjectStore, LocalObjectStore, ObjectStore}

class ExportTargetSuite extends AnyFunSuite {
  private val now = Instant.parse("2026-05-06T12:00:00Z")
  private val local = new LocalObjectStore

  private def target(
      place: StorageUri,
      store: ObjectStore,
      seed: Int = 1,
      whenNotEmpty: WhenNotEmpty = WhenNotEmpty.REFUSE,
      at: Instant = now) =
    ExportTarget.of(place, store, ExportId.of(at, new Random(seed)), whenNotEmpty)

  private def put(store: ObjectStore, directory: StorageUri, file: String): Unit =
    store.write(directory.resolve(file), _.write(65))

  private def begun(target: ExportTarget): ExportTarget = {
    target.check()
    target.begin()
    target
  }

  test("VER-6 target - on a file system, killed before its end - is not there; the next one is whole") {
    val directory = Files.createTempDirectory("target")
    val place = StorageUri.of(directory.resolve("out"))
    val killed = begun(target(place, local))
    put(local, killed.staging, "half.jpg")
    assert(!Files.exists(directory.resolve("out")))
    val next = begun(target(place, local, seed = 2))
    put(local, next.staging, "a.jpg")
    next.complete("{}")
    assert(names(directory.resolve("out")) == Set("a.jpg", ExportTarget.REPORT))
    val much = begun(target(place, local, seed = 3, WhenNotEmpty.REPLACE_EXPORT, now.plusSeconds(90000)))
    assert(names(directory) == Set("out"), "what was killed a day ago is removed")
    much.abandon()
  }

  test("VER-6 target - abandoned - leaves nothing") {
    val directory = Files.createTempDirectory("target")
    val asked = begun(target(StorageUri.of(directory.resolve("out")), local))
    put(local, asked.staging, "a.jpg")
    asked.abandon()
    assert(names(directory) == Set())
  }

  test("VER-6 target - that holds something - is refused and left as it was") {
    val directory = Files.createTempDirectory("target")
    Files.writeString(directory.resolve("mine"), "x")
    for (policy <- WhenNotEmpty.values) {
      val failure = intercept[DatasetException](target(StorageUri.of(directory), local, 1, policy).check())
      assert(failure.getMessage == s"Cannot export to ${StorageUri.of(directory)}: the directory is not empty. " +
        "Name an empty one, or one that does not exist yet.")
    }
    val file = intercept[DatasetException](target(StorageUri.of(directory.resolve("mine")), local).check())
    assert(file.getMessage.contains("there is a file of that name"))
    Files.createSymbolicLink(directory.resolve("sub"), directory)
    Files.delete(directory.resolve("mine"))
    assertThrows[DatasetException](target(StorageUri.of(directory), local).check())
  }

  test("VER-6 target - an empty directory, and an earlier export to be replaced - are taken") {
    val place = StorageUri.of(Files.createTempDirectory("target"))
    for ((policy, file) <- Seq(WhenNotEmpty.REFUSE -> "a", WhenNotEmpty.REPLACE_EXPORT -> "b")) {
      val next = begun(target(place, local, seed = file.hashCode, policy))
      put(local, next.staging, file)
      next.complete("{}")
      assert(names(place.requireLocalPath) == Set(file, ExportTarget.REPORT))
    }
    val failure = intercept[DatasetException](target(place, local, seed = 9).check())
    assert(failure.getMessage.contains("it holds an earlier export. Name another directory, or replace it with --replace."))
  }

  test("VER-6 target - filled by another while it was written - is not touched") {
    val place = StorageUri.of(Files.createTempDirectory("target").resolve("out"))
    val slow = begun(target(place, local))
    put(local, slow.staging, "a")
    put(local, place, "other")
    assertThrows[DatasetException](slow.complete("{}"))
    assert(names(place.requireLocalPath) == Set("other"))
  }

  test("VER-6 target - on an object store, killed before its end - bears the mark; the next removes it") {
    val store = new InMemoryObjectStore
    val place = StorageUri.parse("s3://b/out")
    val killed = begun(target(place, store))
    put(store, killed.staging, "half.jpg")
    assert(store.find(place.resolve(ExportTarget.REPORT)).isEmpty)
    assert(store.find(place.resolve(ExportTarget.UNFINISHED)).isPresent)
    val next = begun(target(place, store, seed = 2))
    put(store, next.staging, "a.jpg")
    next.complete("{}")
    assert(store.find(place.resolve(ExportTarget.REPORT)).isPresent)
    assert(store.find(place.resolve(ExportTarget.UNFINISHED)).isEmpty)
    assert(store.find(place.resolve("half.jpg")).isEmpty)
    assert(store.find(place.resolve("a.jpg")).isPresent)
    val late = intercept[DatasetException](killed.complete("{}"))
    assert(late.getMessage.contains("another export began there meanwhile"))
    killed.abandon()
    assert(store.find(place.resolve("a.jpg")).isPresent, "the late one removes nothing of the other")
    assert(store.openStreams == 0)
  }

  private def names(directory: Path): Set[String] =
    directory.toFile.list().toSet
}
