package io.millrace.training.gang

import java.io.IOException
import java.nio.file.{Files, Path, StandardOpenOption}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri
import io.millrace.dataset.storage.{InMemoryObjectStore, InMemoryStorage, PendingObject}
import io.millrace.training.gang.OutputMirror.Pass
import io.millrace.training.{FileTree, OutputPreparation, TrainingFixture}

class StoreMirrorSuite extends AnyFunSuite with TrainingFixture with InMemoryStorage {
  private val location = StorageUri.parse("s3://bucket/job/out")

  test("TRN-5 outputs on an object store - a new file - is uploaded once it stayed the same for one period") {
    val mirror = prepared()
    write(node(0).resolve("a/model.bin"), "one")
    assert(mirror.sync(Pass.PERIODIC).files === 0)
    val report = mirror.sync(Pass.PERIODIC)
    assert((report.files, report.bytes) === ((1, 3L)))
    assert(text("a/model.bin") === "one")
  }

  test("TRN-5 outputs on an object store - only what changed - is uploaded again, nothing is removed") {
    val counting = new CountingStore
    store = counting
    val mirror = prepared()
    write(node(0).resolve("a"), "one")
    write(node(0).resolve("b"), "one")
    write(node(0).resolve("c.tmp"), "half")
    mirror.sync(Pass.FINAL)
    write(node(0).resolve("b"), "two!")
    Files.delete(node(0).resolve("a"))
    val report = mirror.sync(Pass.FINAL)
    assert((report.files, report.bytes) === ((1, 4L)))
    assert(counting.created === Seq("a", "b", "b"))
    assert((names(), text("b")) === ((Set("a", "b"), "two!")))
  }

  test("TRN-5 outputs on an object store - the lowest node's - is kept, told once") {
    val mirror = prepared()
    write(node(1).resolve("log"), "of node 1")
    mirror.sync(Pass.FINAL)
    write(node(0).resolve("log"), "of node 0")
    assert(
      mirror.sync(Pass.FINAL).conflicts.asScala ===
        Seq("log is written by worker-0 and worker-1; that of worker-0 is kept")
    )
    write(node(1).resolve("log"), "of node 1 again")
    assert(mirror.sync(Pass.FINAL).conflicts.isEmpty)
    assert(text("log") === "of node 0")
  }

  test("TRN-5 outputs on an object store - a file that changes or goes while it is uploaded - is never shown in part") {
    val meddling = new MeddlingStore
    store = meddling
    val mirror = prepared()
    val model = write(node(0).resolve("model"), "old")
    mirror.sync(Pass.FINAL)
    write(model, "x" * 100000)
    meddling.whileWriting = () => Files.writeString(model, "newer", StandardOpenOption.APPEND)
    assert(mirror.sync(Pass.FINAL).files === 0)
    assert(text("model") === "old")
    meddling.whileWriting = () => ()
    assert(mirror.sync(Pass.FINAL).files === 1)
    assert(text("model") === "x" * 100000 + "newer")
    write(model, "last")
    meddling.whileWriting = () => Files.delete(model)
    assert(mirror.sync(Pass.FINAL).failures.isEmpty)
    assert(text("model") === "x" * 100000 + "newer")
  }

  test("TRN-5 outputs on an object store - refused - fail by name while others are uploaded, and are tried again") {
    val meddling = new MeddlingStore
    store = meddling
    val mirror = prepared()
    write(node(0).resolve("a"), "1")
    write(node(1).resolve("b"), "1")
    meddling.refused = Set("a")
    val report = mirror.sync(Pass.FINAL)
    assert(report.files === 1)
    assert(
      report.failures.asScala ===
        Seq(s"Cannot copy a of worker-0 to $location: Cannot write $location/a: the disk there is full")
    )
    meddling.refused = Set()
    assert(mirror.sync(Pass.FINAL).files === 1)
    assert(names() === Set("a", "b"))
  }

  test("TRN-5 outputs on an object store - downloaded - reach each node, each object fetched once, none uploaded back") {
    val counting = new CountingStore
    store = counting
    put("ckpt/last", "7")
    put("other", "x")
    put("half.tmp", "x")
    val mirror = prepared(OutputPreparation.DOWNLOADED)
    Seq(0, 1).foreach(n => assert(Files.readString(node(n).resolve("ckpt/last")) === "7"))
    assert(!Files.exists(node(0).resolve("half.tmp")))
    assert(counting.opened.sorted === Seq("ckpt/last", "other"))
    assert(mirror.sync(Pass.FINAL).files === 0)
    write(node(1).resolve("ckpt/last"), "8!")
    assert(mirror.sync(Pass.FINAL).files === 1)
    assert(text("ckpt/last") === "8!")
  }

  test("TRN-7 outputs on an object store - prepared again for a restart - are those of this run, not older ones") {
    put("older", "x")
    val mirror = prepared()
    assert(!Files.exists(node(0).resolve("older")))
    write(node(0).resolve("ckpt"), "1")
    write(node(0).resolve("gone"), "1")
    mirror.sync(Pass.FINAL)
    store.delete(location.resolve("gone"))
    FileTree.delete(directory.resolve("nodes"))
    assert((mirror.prepare(0), mirror.prepare(1)) === ((1, 1)))
    assert(Files.readString(node(1).resolve("ckpt")) === "1")
  }

  test("TRN-6 logs - that grow while they are copied - are copied as far as they went, and again") {
    val meddling = new MeddlingStore
    store = meddling
    val log = write(directory.resolve("logs/worker.log"), "first\n")
    val mirror = OutputMirror.ofLogs(MirrorTarget.of(location, store), log.getParent)
    meddling.whileWriting = () => Files.writeString(log, "second\n", StandardOpenOption.APPEND)
    assert(mirror.sync(Pass.PERIODIC).files === 1)
    assert(text("worker.log") === "first\n")
    meddling.whileWriting = () => ()
    assert(mirror.sync(Pass.PERIODIC).files === 1)
    assert(text("worker.log") === "first\nsecond\n")
    assert(mirror.sync(Pass.PERIODIC).files === 0)
  }

  /** Does something between the first byte that is written and the end. */
  private class MeddlingStore extends InMemoryObjectStore {
    @volatile var whileWriting: () => Unit = () => ()
    @volatile var refused: Set[String] = Set()

    override def create(uri: StorageUri): PendingObject = {
      if (refused.contains(uri.fileName)) throw new IOException(s"Cannot write $uri: the disk there is full")
      val inner = super.create(uri)
      new PendingObject(inner) {
        override protected def publish(): Unit = ()
        override protected def finish(stream: java.io.OutputStream): Unit = stream.close()
        override protected def abandon(stream: java.io.OutputStream): Unit = {
          inner.discard()
        }
        override protected def forget(): Unit = ()
        whileWriting()
      }
    }
  }

  private class CountingStore extends InMemoryObjectStore {
    var created: Seq[String] = Seq()
    var opened: Seq[String] = Seq()

    override def create(uri: StorageUri): PendingObject = {
      if (uri.isSameOrBelow(location)) created :+= location.relativize(uri)
      super.create(uri)
    }

    override def open(uri: StorageUri): java.io.InputStream = {
      opened :+= location.relativize(uri)
      super.open(uri)
    }
  }

  private def node(index: Int): Path = directory.resolve(s"nodes/$index")

  private def put(name: String, content: String): Unit =
    store.write(location.resolve(name), out => out.write(content.getBytes))

  private def text(name: String): String = {
    val in = store.open(location.resolve(name))
    try new String(in.readAllBytes())
    finally in.close()
  }

  private def names(): Set[String] =
    store.list(location).iterator.asScala.map(o => location.relativize(o.uri)).toSet

  private def prepared(preparation: OutputPreparation = OutputPreparation.EMPTY): OutputMirror = {
    val mirror =
      OutputMirror.ofOutput(MirrorTarget.of(location, store), preparation, java.util.List.of(node(0), node(1)))
    mirror.prepare(0)
    mirror.prepare(1)
    mirror
  }
}
