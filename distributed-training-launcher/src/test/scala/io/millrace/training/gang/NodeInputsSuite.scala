package io.millrace.training.gang

import java.io.{IOException, InputStream}
import java.nio.file.{Files, Path}
import java.util.concurrent.atomic.AtomicInteger

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.manifest.{Accepted, ManifestCodec}
import io.millrace.dataset.storage.{InMemoryObjectStore, InMemoryStorage}
import io.millrace.dataset.{DatasetRef, StorageUri}
import io.millrace.training._

class NodeInputsSuite extends AnyFunSuite with TrainingFixture with InMemoryStorage {
  private val data = StorageUri.parse("s3://bucket/data")
  private val version = StorageUri.parse("s3://bucket/sets/cells/annotation/V001")

  test("TRN-5 inputs - a directory of an object store - reaches each node, read once, as further names of its files") {
    val counting = new CountingStore
    store = counting
    (1 to 40).foreach(i => put(data.resolve(s"d$i/f.txt"), s"text $i"))
    val inputs = inputsOf(directoryInput)
    Seq(0, 1).foreach { node =>
      val got = inputs.bring(node, directoryInput).get
      assert((got.files, got.bytes) === ((40L, (1 to 40).map(i => s"text $i".length).sum.toLong)))
      (1 to 40).foreach(i => assert(Files.readString(target(node).resolve(s"d$i/f.txt")) === s"text $i"))
    }
    assert(counting.opened.get === 40)
    assert(Files.isSameFile(target(0).resolve("d1/f.txt"), target(1).resolve("d1/f.txt")))
  }

  test("TRN-5 inputs - a local directory to download - is copied, with its times, and the original left alone") {
    val original = write(directory.resolve("given/a.txt"), "a")
    val input = TrainingInput.of("data_url", StorageUri.of(original.getParent)).withDelivery(InputDelivery.DOWNLOADED)
    inputsOf(input).bring(0, input)
    val copy = target(0).resolve("a.txt")
    assert(Files.getLastModifiedTime(copy).toMillis === Files.getLastModifiedTime(original).toMillis)
    Files.writeString(copy, "changed")
    assert(Files.readString(original) === "a")
  }

  test("TRN-5 inputs - that are linked - are not copied") {
    val input = TrainingInput.of("data_url", StorageUri.of(directory))
    assert(inputsOf(input).bring(0, input).isEmpty)
    assert(!Files.exists(target(0)))
  }

  test("TRN-5 inputs - an object that breaks off once - is read again; one that does so twice ends it by name") {
    val flaky = new FlakyStore
    store = flaky
    put(data.resolve("a"), "content")
    put(data.resolve("b"), "content")
    flaky.failures.set(1)
    assert(inputsOf(directoryInput).bring(0, directoryInput).get.files === 2)
    flaky.failures.set(4)
    val failure = intercept[TrainingException](inputsOf(directoryInput).bring(0, directoryInput))
    assert(failure.getMessage.matches(
      s"Cannot download input data_url: Cannot read $data/[ab]: the connection broke"))
  }

  test("TRN-5 inputs - an object shorter than listed - is no success") {
    val short = new InMemoryObjectStore {
      override def open(uri: StorageUri): InputStream = {
        val in = super.open(uri)
        in.read()
        in
      }
    }
    store = short
    put(data.resolve("a"), "content")
    val failure = intercept[TrainingException](inputsOf(directoryInput).bring(0, directoryInput))
    assert(failure.getMessage.contains(s"Cannot read $data/a: it gave 6 bytes and has 7"))
  }

  test("TRN-5 inputs - more than the disk holds - is told before the first byte is read") {
    val huge = new InMemoryObjectStore {
      override def list(directory: StorageUri): java.util.stream.Stream[io.millrace.dataset.storage.StoredObject] =
        super.list(directory).map(o => new io.millrace.dataset.storage.StoredObject(o.uri, 1L << 60, o.modifiedAt))
      override def open(uri: StorageUri): InputStream = throw new AssertionError("it was read")
    }
    store = huge
    put(data.resolve("a"), "x")
    val failure = intercept[TrainingException](inputsOf(directoryInput).bring(0, directoryInput))
    assert(failure.getMessage.startsWith(
      s"Cannot copy input data_url ($data) to ${target(0)}: it takes ${1L << 60} bytes, and "))
  }

  test("TRN-5 inputs - once the run is to end - nothing more is copied") {
    put(data.resolve("a"), "x")
    val builder = job().input(directoryInput)
    val inputs = new NodeInputs(builder.build(), layouts, settings.withStorage(store), () => false)
    assert(inputs.bring(0, directoryInput).get.bytes === 0)
    assert(!inputs.isWanted)
    assert(!Files.exists(target(0).resolve("a")))
  }

  test("TRN-1 a dataset version - downloaded - each node's manifest points to its own copies, all else as it was") {
    put(StorageUri.parse("s3://bucket/img/1.jpg"), "one")
    put(StorageUri.parse("obs://other/img/2 \u00e4.jpg"), "two")
    val local = write(directory.resolve("pictures/3.jpg"), "three")
    put(version.resolve("annotations/1.xml"), "<annotation/>")
    val lines = Seq(
      """{"source":"s3://bucket/img/1.jpg", "usage" : "TRAIN","annotation":[{"annotation-loc":"./annotations/1.xml","type":"modelarts/object_detection","annotation-format":"PASCAL VOC","own":{"source":"s3://bucket/img/1.jpg"}}],"x":1.0e2}""",
      """{"annotation":[{"name":"cat","type":"modelarts/image_classification","annotation-loc":"no file"}],"source":"obs://other/img/2 ä.jpg"}""",
      s"""{"source":"$local","property":{"a":"\\u00e4"}}""",
      """{"source":"s3://bucket/img/1.jpg","id":"again"}""",
      """{"source":"content://some text","annotation":[]}"""
    )
    put(version.resolve("V001.manifest"), lines.mkString("\n"))
    val inputs = inputsOf(versionInput)
    Seq(0, 1).foreach { node =>
      assert(inputs.bring(node, versionInput).get.files === 5)
      val home = target(node)
      val copies = Seq("files/s3/bucket/img/1.jpg", "files/obs/other/img/2 ä.jpg", s"files/file$local")
        .map(name => home.resolve(if (name.startsWith("files/file")) "files/file/" + local else name).toString)
      val expected = Seq(
        lines.head.replace("\"source\":\"s3://bucket/img/1.jpg\", ", s""""source":"${copies.head}", """)
          .replace("./annotations/1.xml", home.resolve("annotations/1.xml").toString),
        lines(1).replace("obs://other/img/2 ä.jpg", copies(1)),
        lines(2).replace(s""""$local"""", s""""${copies(2)}""""),
        lines(3).replace("s3://bucket/img/1.jpg", copies.head),
        lines(4)
      )
      assert(Files.readAllLines(home.resolve("V001.manifest")).asScala.toSeq === expected)
      assert(copies.map(file => Files.readString(Path.of(file))) === Seq("one", "two", "three"))
      assert(Files.readString(home.resolve("annotations/1.xml")) === "<annotation/>")
      expected.zipWithIndex.foreach { case (line, i) =>
        assert(new ManifestCodec().decode(i + 1L, line).isInstanceOf[Accepted], line)
      }
    }
    assert(Files.isSameFile(target(0).resolve("files/s3/bucket/img/1.jpg"), target(1).resolve("files/s3/bucket/img/1.jpg")))
  }

  test("TRN-1 a dataset version - files that are missing - are told in one sentence, with the number and the first") {
    put(StorageUri.parse("s3://bucket/img/0.jpg"), "x")
    put(version.resolve("V001.manifest"), (0 to 5).map(i => s"""{"source":"s3://bucket/img/$i.jpg"}""").mkString("\n"))
    val failure = intercept[TrainingException](inputsOf(versionInput).bring(0, versionInput))
    assert(failure.getMessage.matches(
      "Cannot download input data_url: 5 of the 6 files that cells@V001 names are missing: (s3://bucket/img/[1-5].jpg, ){2}s3://bucket/img/[1-5].jpg and 2 more. Bring them back or give another version."))
  }

  test("TRN-1 a dataset version - a manifest that cannot be read - is told with the line") {
    put(version.resolve("V001.manifest"), "{\"source\":\"s3://bucket/a\"}\n{\"usage\":\"TRAIN\"}\n")
    val failure = intercept[TrainingException](inputsOf(versionInput).bring(0, versionInput))
    assert(failure.getMessage.startsWith(s"Cannot read the manifest $version/V001.manifest: "))
    assert(failure.getMessage.endsWith("in line 2. Publish the version anew."))
  }

  test("TRN-1 a version of a table - downloaded - brings its files as they are") {
    put(version.resolve("part-0.csv"), "a,b\n")
    assert(inputsOf(versionInput).bring(0, versionInput).get.files === 1)
    assert(Files.readString(target(0).resolve("part-0.csv")) === "a,b\n")
  }

  private val directoryInput = TrainingInput.of("data_url", data).withDelivery(InputDelivery.DOWNLOADED)

  private val versionInput = TrainingInput
    .ofVersion("data_url", DatasetRef.parse("cells@V001"), version)
    .withDelivery(InputDelivery.DOWNLOADED)

  private class CountingStore extends InMemoryObjectStore {
    val opened = new AtomicInteger
    override def open(uri: StorageUri): InputStream = {
      opened.incrementAndGet()
      super.open(uri)
    }
  }

  private class FlakyStore extends InMemoryObjectStore {
    val failures = new AtomicInteger
    override def open(uri: StorageUri): InputStream = {
      if (failures.getAndDecrement() > 0) throw new IOException(s"Cannot read $uri: the connection broke")
      super.open(uri)
    }
  }

  private def put(address: StorageUri, content: String): Unit =
    store.write(address, out => out.write(content.getBytes("UTF-8")))

  private def layouts: java.util.List[NodeLayout] =
    Seq(0, 1).map(n => new NodeLayout(directory.resolve(s"nodes/worker-$n"), directory.resolve("logs"))).asJava

  private def target(node: Int): Path =
    directory.resolve(s"nodes/worker-$node/modelarts/inputs/data_url_0")

  private def inputsOf(input: TrainingInput): NodeInputs = {
    script("")
    FileTree.delete(directory.resolve("nodes"))
    new NodeInputs(job().input(input).build(), layouts, settings.withStorage(store), () => true)
  }
}
