package io.millrace.jobs.demo

import java.nio.file.{Files, Path}
import javax.imageio.ImageIO

import scala.jdk.CollectionConverters._

import io.millrace.dataset.{DatasetException, Digest, Limits}
import io.millrace.dataset.voc.{ParsedVoc, VocCodec}
import org.scalatest.funsuite.AnyFunSuite

class DemoDataSuite extends AnyFunSuite {

  test("demo data - the same seed - gives the same files") {
    assert(digests(drawn(seed = 7)) === digests(drawn(seed = 7)))
  }

  test("demo data - another seed - gives other pictures") {
    assert(digests(drawn(seed = 7)) !== digests(drawn(seed = 8)))
  }

  test("demo data - as many pictures as asked for - faults included") {
    val images = files(drawn(seed = 7).resolve("JPEGImages"))
    assert(images.size === 30)
    assert(images.count(_.getFileName.toString.startsWith("fault_")) === DemoData.FAULTS)
  }

  test("demo data - pictures without fault - are decoded and their boxes lie inside") {
    val directory = drawn(seed = 7)
    for (file <- files(directory.resolve("JPEGImages")) if !file.getFileName.toString.startsWith("fault_")) {
      val image = ImageIO.read(file.toFile)
      assert(image.getWidth === CellPictures.WIDTH)
      val xml = directory
        .resolve("Annotations")
        .resolve(file.getFileName.toString.replace(".jpg", ".xml"))
      new VocCodec(Limits.DEFAULT).decode(Files.readAllBytes(xml)) match {
        case accepted: ParsedVoc.Accepted =>
          assert(accepted.document.objects.asScala.nonEmpty)
          accepted.document.objects.asScala.foreach(found =>
            assert(found.shape.bounds.isInside(image.getWidth, image.getHeight), file)
          )
        case rejected => fail(s"$xml: $rejected")
      }
    }
  }

  test("demo data - all kinds of cells - occur") {
    val text = files(drawn(seed = 7).resolve("Annotations")).map(Files.readString(_)).mkString
    for (kind <- CellPictures.CellKind.values) assert(text.contains(s"<name>${kind.label}</name>"))
  }

  test("demo data - too few pictures - is refused") {
    val refusal = intercept[DatasetException](new DemoData(3, 1))
    assert(refusal.getMessage === "Invalid pictures: 3 (expected at least 20)")
  }

  private def drawn(seed: Long): Path = {
    val directory = Files.createTempDirectory("millrace-demo-data-")
    new DemoData(30, seed).writeTo(directory)
    directory
  }

  private def files(directory: Path): Seq[Path] = {
    val stream = Files.list(directory)
    try stream.iterator.asScala.toSeq.sorted
    finally stream.close()
  }

  private def digests(directory: Path): Map[String, Digest] =
    Seq("JPEGImages", "Annotations")
      .flatMap(part => files(directory.resolve(part)))
      .map(file => directory.relativize(file).toString -> Digest.ofBytes(Files.readAllBytes(file)))
      .toMap
}
