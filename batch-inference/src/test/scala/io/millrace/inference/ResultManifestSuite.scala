package io.millrace.inference

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import io.millrace.dataset.StorageUri
import io.millrace.dataset.storage.LocalObjectStore
import org.scalatest.funsuite.AnyFunSuite

class ResultManifestSuite extends AnyFunSuite {
  private val directory = Files.createTempDirectory("manifests")
  private val output = new BatchOutput(StorageUri.of(directory), new TaskId("7"))

  test("BAT-3 manifest - over its limit - goes on in _1, _2 and loses no line") {
    val lines = (1 to 10).map(n => f"line $n%02d")
    assert(write(24, lines) === 4)
    assert(read("infer-result-7.manifest") === lines.take(3))
    assert(read("infer-result-7_1.manifest") === lines.slice(3, 6))
    assert(read("infer-result-7_2.manifest") === lines.slice(6, 9))
    assert(read("infer-result-7_3.manifest") === lines.drop(9))
  }

  test("BAT-3 manifest - written again with fewer files - leaves no old sequel") {
    write(8, Seq("1", "2", "3", "4", "5", "6", "7", "8", "9"))
    assert(write(1000, Seq("a", "b")) === 1)
    assert(read("infer-result-7.manifest") === Seq("a", "b"))
    assert(names() === Seq("infer-result-7.manifest"))
  }

  test("BAT-3 manifest - a line longer than the limit - has a file of its own") {
    assert(write(4, Seq("a", "longer than that", "b")) === 3)
    assert(read("infer-result-7_1.manifest") === Seq("longer than that"))
  }

  private def write(limit: Long, lines: Seq[String]): Int =
    new ResultManifest(new LocalObjectStore(), output, limit).write(lines.iterator.asJava)

  private def read(name: String): Seq[String] =
    Files.readAllLines(directory.resolve(name)).asScala.toSeq

  private def names(): Seq[String] = {
    val listing = Files.list(directory)
    try listing.iterator.asScala.map((file: Path) => file.getFileName.toString).toSeq.sorted
    finally listing.close()
  }
}
