package io.millrace.inference

import scala.jdk.CollectionConverters._

import io.millrace.dataset.StorageUri
import org.scalatest.funsuite.AnyFunSuite

class AnswerPathsSuite extends AnyFunSuite {

  test("BAT-3 answer paths - same name in two directories - keep what tells them apart") {
    assert(
      paths("/data/a/1.jpg", "/data/b/1.jpg", "/data/b/c/1.jpg") ===
        Seq("a/1.jpg_result.txt", "b/1.jpg_result.txt", "b/c/1.jpg_result.txt"))
  }

  test("BAT-3 answer paths - one directory - are the bare names of the guide") {
    assert(
      paths("obs://bucket/test/data/1.jpg", "obs://bucket/test/data/2.jpg") ===
        Seq("1.jpg_result.txt", "2.jpg_result.txt"))
    assert(paths("/data/1.jpg") === Seq("1.jpg_result.txt"))
  }

  test("BAT-3 answer paths - same key in two buckets - the bucket tells them apart") {
    assert(
      paths("obs://one/d/1.jpg", "s3://two/d/1.jpg") ===
        Seq("one/d/1.jpg_result.txt", "two/d/1.jpg_result.txt"))
  }

  test("BAT-3 answer paths - the same input twice - a place for each") {
    assert(
      paths("/d/1.jpg", "/d/1.jpg", "/d/1.JPG") ===
        Seq("1.jpg_result.txt", "1.jpg~2_result.txt", "1.JPG~3_result.txt"))
  }

  test("BAT-3 answer paths - pre-signed sources - no signature in a file name") {
    assert(
      paths("https://h/d/1.jpg?Signature=s", "https://h/d/2.jpg?Signature=t") ===
        Seq("1.jpg_result.txt", "2.jpg_result.txt"))
  }

  test("BAT-3 answer paths - names that lead out or are too long - stay inside and fit") {
    val long = "图" * 100 + ".jpg"
    val found = paths("s3://b/x/../1.jpg", s"s3://b/x/$long", s"s3://b/x/$long")
    assert(found.head === "_/1.jpg_result.txt")
    assert(found(1).getBytes("UTF-8").length < 255)
    assert(found.toSet.size === 3)
  }

  test("BAT-3 answer paths - below a directory - as they lie there, whatever they share") {
    val below = AnswerPaths.below(
      StorageUri.parse("/data/in"),
      Seq("/data/in/x/1.jpg", "/data/in/x/2.jpg").map(StorageUri.parse).asJava)
    assert(below.asScala.toSeq === Seq("x/1.jpg_result.txt", "x/2.jpg_result.txt"))
  }

  private def paths(sources: String*): Seq[String] =
    AnswerPaths.of(sources.map(StorageUri.parse).asJava).asScala.toSeq
}
