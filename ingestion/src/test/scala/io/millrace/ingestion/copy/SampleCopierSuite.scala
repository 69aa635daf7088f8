package io.millrace.ingestion.copy

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, IOException, ObjectInputStream, ObjectOutputStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.time.Instant
import java.util.Optional

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetKind, Digest, Sample, SampleId, StorageUri, Threads}
import io.millrace.dataset.delta.DatasetLayout
import io.millrace.dataset.storage._
import io.millrace.ingestion.copy.CopiedSample.Action

class SampleCopierSuite extends AnyFunSuite with InMemoryStorage {
  private val local = new LocalObjectStore
  private val dataset = new DatasetLayout(StorageUri.parse("s3://datasets/pets-1"))
  private val copier = SampleCopier.into(dataset)

  test("ING-1 copy - a source - lies in the dataset, with digest and origin; the sample keeps its id") {
    val source = file("cat.jpg", "meow")
    val copied = copy(source, store)
    assert(copied.action == Action.COPIED)
    assert(copied.sample.source.value.matches("s3://datasets/pets-1/data/([0-9a-f]{2})/\\1[0-9a-f]{30}\\.jpg"))
    assert(read(store, copied.sample.source) == "meow")
    assert(copied.sample.digest.get == Digest.ofText("meow"))
    assert(copied.sample.sourceState.copiedFrom.get == source)
    assert(copied.sample.id == SampleId.ofSource(source))
    assert(copied.sample.sizeBytes == 4)
  }

  test("ING-1 copy - again, nothing changed - finds the copy and writes nothing") {
    val source = file("cat.jpg", "meow")
    val first = copy(source, store)
    val readOnly = new InMemoryObjectStore {
      override def open(uri: StorageUri) = store.open(uri)
      override def find(uri: StorageUri) = store.find(uri)
      override def create(uri: StorageUri) = fail("it writes")
    }
    val second = copy(source, readOnly)
    assert(second.action == Action.FOUND)
    assert(second.sample == first.sample)
  }

  test("ING-1 copy - the source changed - is another file; the bytes of published versions stay") {
    val source = file("cat.jpg", "meow")
    val first = copy(source, store)
    write(source, "MEOW, louder")
    val second = copy(source, store)
    assert(second.action == Action.COPIED)
    assert(read(store, first.sample.source) == "meow")
    assert(read(store, second.sample.source) == "MEOW, louder")
  }

  test("ING-1 copy - the source changed and the storage does not tell - is seen by its bytes") {
    val source = file("cat.jpg", "meow")
    def told = new StoredObject(source, 4, Instant.EPOCH)
    val first = copier.copy(sample(source), told, local, store)
    write(source, "woof")
    val second = copier.copy(sample(source), told, local, store)
    val third = copier.copy(sample(source), told, local, store)
    assert(Seq(first, second, third).map(_.action) == Seq(Action.COPIED, Action.COPIED, Action.FOUND))
    assert(read(store, first.sample.source) == "meow")
    assert(read(store, second.sample.source) == "woof")
    assert(third.sample.source == second.sample.source)
  }

  test("ING-1 copy - names of every kind - are safe anywhere, distinct, and keep a plain extension") {
    val directory = Files.createTempDirectory("sources-")
    val names = Seq("a.jpg", "A.jpg", "a.JPG", "图 片+1%#.jpeg", "😀", ".hidden", "no.extension-here.at all",
      "x." + "y" * 40, "trailing.", "x" * 200 + ".png")
    val copies = names.map { name =>
      val source = StorageUri.of(Files.writeString(directory.resolve(name), name))
      val copied = copy(source, store).sample.source
      assert(read(store, copied) == name)
      copied.fileName
    }
    assert(copies.map(_.toLowerCase).distinct.size == names.size)
    assert(copies.forall(_.matches("[0-9a-f]{32}(\\.[A-Za-z0-9]{1,10})?")))
    assert(copies.map(name => name.drop(32)) ==
      Seq(".jpg", ".jpg", ".JPG", ".jpeg", "", ".hidden", "", "", "", ".png"))
  }

  test("ING-1 copy - inline text, a source within the dataset - stays in place") {
    val text = sample(StorageUri.ofContent("hello"))
    val own = sample(StorageUri.parse("s3a://datasets/pets-1/data/ab/x.jpg"))
    Seq(text, own).foreach { inPlace =>
      val told = new StoredObject(inPlace.source, 5, Instant.EPOCH)
      assert(copier.copy(inPlace, told, local, store) == new CopiedSample(inPlace, Action.IN_PLACE))
    }
  }

  test("ING-1 copy - the source is shorter than told, is gone, has another digest - leaves no copy") {
    val source = file("cat.jpg", "meow")
    val longer = new StoredObject(source, 9, Instant.EPOCH)
    val cut = intercept[IOException](copier.copy(sample(source), longer, local, store))
    assert(cut.getMessage == s"Cannot copy $source: it has 4 bytes, not 9 as when it was found. It was changed or cut off meanwhile; import it again.")
    val gone = StorageUri.parse("/nowhere/x.jpg")
    intercept[IOException](copier.copy(sample(gone), new StoredObject(gone, 4, Instant.EPOCH), local, store))
    val labelled = sample(source).withDigest(Optional.of(Digest.ofText("purr")))
    val other = intercept[IOException](copier.copy(labelled, local.find(source).get, local, store))
    assert(other.getMessage.contains("as its sample says. The file is not the one that was labelled."))
    assert(store.list(dataset.root).count == 0)
  }

  test("ING-1 copy - storage that keeps other bytes - is noticed; the copy is taken away") {
    val corrupting = new InMemoryObjectStore {
      override def write(uri: StorageUri, content: ObjectContent): Unit =
        super.write(uri, out => {
          val bytes = new ByteArrayOutputStream
          content.writeTo(bytes)
          out.write(bytes.toByteArray.updated(1, 'x'.toByte))
        })
    }
    val error = intercept[IOException](copy(file("cat.jpg", "meow"), corrupting))
    assert(error.getMessage.contains("4 bytes of other content were read back. Check that storage"))
    assert(corrupting.list(dataset.root).count == 0)
  }

  test("ING-1 copy - several at once of one source - give one whole copy") {
    val source = file("cat.jpg", "meow" * 100000)
    val target = new DatasetLayout(StorageUri.of(Files.createTempDirectory("dataset-")))
    val results = Threads.inParallel(1 to 8)(_ =>
      SampleCopier.into(target).copy(sample(source), local.find(source).get, local, local))
    assert(results.map(_.map(_.sample)).distinct.size == 1 && results.head.isRight)
    assert(Using.resource(local.list(target.data))(_.iterator.asScala.map(_.sizeBytes).toSeq) == Seq(400000L))
  }

  test("ING-1 copy - sent to a task - works as before") {
    val bytes = new ByteArrayOutputStream
    new ObjectOutputStream(bytes).writeObject(copier)
    val arrived = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray)).readObject
    assert(arrived == copier)
  }

  test("ING-1 copy - from S3 to a local dataset and back to HDFS - keeps the bytes") {
    val original = StorageUri.parse(s"s3://${S3Server.freshBucket()}/猫 +%.jpg")
    val s3 = ObjectStores.of(original, S3Server.settings)
    write(s3, original, "meow")
    val onDisk = new DatasetLayout(StorageUri.of(Files.createTempDirectory("dataset-")))
    val first = SampleCopier.into(onDisk).copy(sample(original), s3.find(original).get, s3, local).sample
    val onHdfs = new DatasetLayout(HdfsServer.freshDirectory())
    val hdfs = ObjectStores.of(onHdfs.root)
    val second = SampleCopier.into(onHdfs).copy(first, local.find(first.source).get, local, hdfs).sample
    val onS3 = new DatasetLayout(StorageUri.parse(s"s3://${S3Server.freshBucket()}/pets"))
    val third = SampleCopier.into(onS3).copy(second, hdfs.find(second.source).get, hdfs, s3).sample
    assert(Seq(local, hdfs, s3).zip(Seq(first, second, third)).map { case (at, s) => read(at, s.source) }.distinct
      == Seq("meow"))
    assert(third.sourceState.copiedFrom.get == second.source)
    assert(third.id == SampleId.ofSource(original))
  }

  private def copy(source: StorageUri, to: ObjectStore): CopiedSample =
    copier.copy(sample(source), local.find(source).get, local, to)

  private def sample(source: StorageUri): Sample =
    Sample.of(source, DatasetKind.IMAGE, 4, Instant.EPOCH)

  private def file(name: String, text: String): StorageUri = {
    val file: Path = Files.createTempDirectory("sources-").resolve(name)
    StorageUri.of(Files.writeString(file, text))
  }

  private def write(source: StorageUri, text: String): Unit = write(local, source, text)

  private def write(at: ObjectStore, uri: StorageUri, text: String): Unit =
    at.write(uri, _.write(text.getBytes(UTF_8)))

  private def read(at: ObjectStore, uri: StorageUri): String =
    Using.resource(at.open(uri))(in => new String(in.readAllBytes, UTF_8))
}
