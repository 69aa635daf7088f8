package io.millrace.dataset.voc

import java.util.{List => JList, Map => JMap, Optional, OptionalInt}

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen

import io.millrace.dataset.Samples

/** Arbitrary documents that XML can hold. */
object VocDocuments {
  private val names = Gen.oneOf("head", "生产日期", "x-1", "_y")
  private val texts = Samples.texts.map(_.filterNot(c => c < ' ').strip)

  private def elements(depth: Int): Gen[VocElement] = for {
    name <- names
    attributes <- Gen.oneOf(JMap.of[String, String](), JMap.of("id", "<\"1\n\t"))
    text <- texts
    size <- Gen.choose(0, 2)
    children <- if (depth == 0) Gen.const(Nil) else Gen.listOfN(size, elements(depth - 1))
  } yield new VocElement(name, attributes, if (children.isEmpty) text else "", children.asJava)

  private def few[T](gen: Gen[T]): Gen[JList[T]] =
    Gen.choose(0, 2).flatMap(Gen.listOfN(_, gen)).map(_.asJava)

  private val parts: Gen[VocPart] = for {
    name <- Samples.labels
    shape <- Samples.shapes
    others <- few(elements(1))
  } yield new VocPart(name, shape, others)

  private val objects: Gen[VocObject] = for {
    annotation <- Samples.imageObjects
    parts <- few(parts)
    others <- few(elements(2))
  } yield new VocObject(annotation.name, annotation.shape, annotation.traits,
    annotation.info.hardness, annotation.info.confidence, annotation.info.properties, parts, others)

  private val images: Gen[VocImage] = for {
    folder <- texts
    name <- Gen.oneOf("a.jpg", "图 1", "no-extension")
    width <- Gen.choose(1, 5000)
    height <- Gen.choose(1, 5000)
    depth <- Gen.oneOf(OptionalInt.empty, OptionalInt.of(3))
    segmented <- Gen.oneOf(true, false)
    mask <- Gen.oneOf(Optional.empty[String], Optional.of("obs://b/m.png"))
  } yield new VocImage(folder, name, width, height, depth, segmented, mask)

  val documents: Gen[VocDocument] = Gen.frequency(
    20 -> (for {
      image <- images
      objects <- few(objects)
      others <- few(elements(2))
    } yield new VocDocument(Optional.of(image), objects, JMap.of("verified", "yes"), others)),
    1 -> new VocDocument(Optional.empty(), JList.of(), JMap.of(), JList.of()))
}
