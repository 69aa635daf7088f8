package io.millrace.dataset.storage

import java.io.IOException
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.StorageUri

/** S3A against a real S3 server over HTTP. */
class S3ObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors {
  override protected def freshDirectory(): (ObjectStore, StorageUri) = {
    val directory = StorageUri.parse(s"s3://${S3Server.freshBucket()}/some/directory")
    (ObjectStores.of(directory, S3Server.settings), directory)
  }

  /** The server keeps objects as files and fails at what no file system can hold. */
  override protected def answersBelowObjects: Boolean = false

  objectStore()

  test("ING-1 keys - names of every kind - are listed, found and read as they are") {
    val (store, directory) = freshDirectory()
    val expected = Set("a b", " lead", "tail ", "100%", "%41", "a+b", "x#y", "q?r=s&t", "it's", "a\"b",
      "back\\slash", "co:lon", "[x]{y}", "~!@$^*()=;,", "图片/猫 1.jpg", "😀/🎉.png", "e\u0301", "\u00e9",
      "Case.jpg", "case.jpg", "CASE.JPG", ".hidden", "_SUCCESS", "a.b.c..d", "k" * 200 + "/" + ("长" * 80 + "/") * 2 + "x" * 170)
    expected.foreach(name => put(store, directory.resolve(name), name))
    assert(names(store, directory) == expected)
    Using.resource(store.list(directory))(_.iterator.asScala.toSeq).foreach { stored =>
      assert(store.find(stored.uri) == java.util.Optional.of(stored))
      assert(directory.path + "/" + read(store, stored.uri) == stored.uri.path)
    }
  }
}
