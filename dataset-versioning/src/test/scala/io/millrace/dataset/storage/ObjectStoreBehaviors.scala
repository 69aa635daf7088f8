package io.millrace.dataset.storage

import java.io.{FileNotFoundException, IOException}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.FileAlreadyExistsException

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri

/** The contract of [[ObjectStore]]; each implementation's suite mixes it in. */
trait ObjectStoreBehaviors { this: AnyFunSuite =>

  /** A store and a directory of it that is used by nobody else. */
  protected def freshDirectory(): (ObjectStore, StorageUri)

  /** Whether the storage can be asked for something below an object; one in a suite cannot. */
  protected def answersBelowObjects: Boolean = true

  protected def put(store: ObjectStore, uri: StorageUri, text: String): Unit =
    store.write(uri, out => out.write(text.getBytes(UTF_8)))

  protected def read(store: ObjectStore, uri: StorageUri): String =
    Using.resource(store.open(uri))(in => new String(in.readAllBytes, UTF_8))

  protected def names(store: ObjectStore, directory: StorageUri): Set[String] =
    Using.resource(store.list(directory))(
      _.iterator.asScala.map(_.uri.path.stripPrefix(directory.path).stripPrefix("/")).toSet)

  def objectStore(): Unit = {
    test("create - written and closed - is read back, with its size") {
      val (store, directory) = freshDirectory()
      val uri = directory.resolve("a/b/c.txt")
      put(store, uri, "héllo")
      assert(read(store, uri) == "héllo")
      assert(store.find(uri).get.sizeBytes == 6)
      assert(store.find(uri).get.uri == uri)
    }

    test("create - not closed yet - shows the old object, and no other name in the listing") {
      val (store, directory) = freshDirectory()
      val uri = directory.resolve("x")
      put(store, uri, "old")
      val pending = store.create(uri)
      pending.write("new".getBytes(UTF_8))
      pending.flush()
      assert(read(store, uri) == "old")
      assert(names(store, directory) == Set("x"))
      pending.close()
      pending.close()
      assert(read(store, uri) == "new")
    }

    test("create - discarded - leaves nothing, and the old object where there was one") {
      val (store, directory) = freshDirectory()
      val pending = store.create(directory.resolve("x"))
      pending.write(1)
      pending.discard()
      pending.close()
      assert(store.find(directory.resolve("x")).isEmpty)
      assert(names(store, directory).isEmpty)
      intercept[IOException](pending.write(1))
    }

    test("write - content that fails half-way - leaves the old object and throws the failure") {
      val (store, directory) = freshDirectory()
      val uri = directory.resolve("x")
      put(store, uri, "old")
      val error = intercept[IllegalStateException](
        store.write(uri, { out =>
          out.write("half".getBytes(UTF_8))
          throw new IllegalStateException("broken source")
        }))
      assert(error.getMessage == "broken source")
      assert(read(store, uri) == "old")
      assert(names(store, directory) == Set("x"))
    }

    test("open - no such object, or a directory - fails and names the address") {
      val (store, directory) = freshDirectory()
      put(store, directory.resolve("d/x"), "")
      Seq("missing", "d").foreach { name =>
        val uri = directory.resolve(name)
        val error = intercept[FileNotFoundException](store.open(uri))
        assert(error.getMessage.contains(uri.toString))
      }
    }

    test("find - no object, or a directory - is empty") {
      val (store, directory) = freshDirectory()
      put(store, directory.resolve("d/x"), "")
      assert(store.find(directory.resolve("d")).isEmpty)
      assert(store.find(directory.resolve("missing")).isEmpty)
      if (answersBelowObjects) assert(store.find(directory.resolve("d/x/y")).isEmpty)
      assert(store.find(directory.resolve("d/x")).get.sizeBytes == 0)
    }

    test("isDirectory - directory, object, nothing - tells them apart") {
      val (store, directory) = freshDirectory()
      put(store, directory.resolve("d/x"), "")
      assert(store.isDirectory(directory.resolve("d")))
      assert(!store.isDirectory(directory.resolve("d/x")))
      assert(!store.isDirectory(directory.resolve("missing")))
    }

    test("list - names with spaces, percent, hash, plus and Chinese - can be opened as listed") {
      val (store, directory) = freshDirectory()
      val expected = Set("a b.txt", "100%.txt", "a%20b", "x#y", "x+y", "图/猫 1.jpg", "d/e/f", "q?r")
      expected.foreach(name => put(store, directory.resolve(name), name))
      assert(names(store, directory) == expected)
      Using.resource(store.list(directory))(_.iterator.asScala.toSeq).foreach { stored =>
        assert(expected.contains(read(store, stored.uri)))
        assert(store.find(stored.uri) == java.util.Optional.of(stored))
      }
    }

    test("list - a directory that does not exist, an object - is empty") {
      val (store, directory) = freshDirectory()
      put(store, directory.resolve("x"), "")
      assert(names(store, directory.resolve("missing")).isEmpty)
      assert(names(store, directory.resolve("x")).isEmpty)
    }

    test("ING-1 listFiles - objects and directories - gives the objects directly below") {
      val (store, directory) = freshDirectory()
      Seq("x", "a b", "a/y", "a/b/z").foreach(name => put(store, directory.resolve(name), name))
      val found = Using.resource(store.listFiles(directory))(_.iterator.asScala.toSet)
      assert(found.map(_.uri) == Set("x", "a b").map(directory.resolve))
      found.foreach(stored => assert(store.find(stored.uri) == java.util.Optional.of(stored)))
      assert(store.listFiles(directory.resolve("missing")).count == 0)
      assert(store.listFiles(directory.resolve("x")).count == 0)
    }

    test("ING-1 listFiles and listDirectories - going down - give what list gives") {
      val (store, directory) = freshDirectory()
      val all = Set("x", "a/y", "a/b/z", "a/b/c/d/e", "图 %2/猫+.jpg")
      all.foreach(name => put(store, directory.resolve(name), name))
      def below(at: StorageUri): Set[StoredObject] =
        Using.resource(store.listFiles(at))(_.iterator.asScala.toSet) ++
          Using.resource(store.listDirectories(at))(_.iterator.asScala.toSet).flatMap(below)
      assert(below(directory) == Using.resource(store.list(directory))(_.iterator.asScala.toSet))
    }

    test("listDirectories - objects and directories - gives the directories directly below") {
      val (store, directory) = freshDirectory()
      Seq("x", "a/y", "b c/d/z").foreach(name => put(store, directory.resolve(name), ""))
      val found = Using.resource(store.listDirectories(directory))(_.iterator.asScala.toSet)
      assert(found == Set(directory.resolve("a"), directory.resolve("b c")))
      assert(store.listDirectories(directory.resolve("missing")).count == 0)
    }

    test("delete - object, directory, nothing - leaves nothing and never complains") {
      val (store, directory) = freshDirectory()
      Seq("x", "d/y", "d/e/z").foreach(name => put(store, directory.resolve(name), ""))
      store.delete(directory.resolve("x"))
      store.delete(directory.resolve("d"))
      store.delete(directory.resolve("missing"))
      assert(names(store, directory).isEmpty)
    }

    test("rename - a directory - moves all below it; an existing target is refused") {
      val (store, directory) = freshDirectory()
      Seq("from/x", "from/d/y", "other/z").foreach(name => put(store, directory.resolve(name), name))
      intercept[FileAlreadyExistsException](
        store.rename(directory.resolve("from"), directory.resolve("other")))
      store.rename(directory.resolve("from"), directory.resolve("new/to"))
      assert(names(store, directory) == Set("new/to/x", "new/to/d/y", "other/z"))
    }

    test("rename - a directory that does not exist - fails") {
      val (store, directory) = freshDirectory()
      intercept[IOException](store.rename(directory.resolve("no"), directory.resolve("to")))
    }
  }
}
