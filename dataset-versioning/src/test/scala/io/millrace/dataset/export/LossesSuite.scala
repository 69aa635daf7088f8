package io.millrace.dataset.export

import java.time.{Instant, LocalDateTime}
import java.util.{List => JList, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._

class LossesSuite extends AnyFunSuite {
  private val source = StorageUri.parse("/data/a.jpg")

  private val rich = new AnnotationInfo(
    Optional.of("E1"),
    new Properties(java.util.Map.of("k", "v")),
    new Hardness(true, OptionalDouble.of(0.5)),
    Optional.of("human"),
    Optional.of(LocalDateTime.parse("2026-01-01T00:00:00")),
    OptionalDouble.of(0.9),
    """{"x":1}""")

  private val traits =
    new ObjectTraits("Left", true, false, false, Optional.of(new ObjectTraits.MaskColor(1, 2, 3)))

  private def objectOf(shape: Shape, traits: ObjectTraits, info: AnnotationInfo): Annotation =
    new Annotation.ImageObject(LabelTaskType.OBJECT_DETECTION, new Label("cat"), shape, traits, info)

  private val polygon = new Shape.Polygon(
    JList.of(new Shape.Point(0, 0), new Shape.Point(4, 0), new Shape.Point(4, 4)))

  private def sample(annotations: Annotation*): Sample =
    Sample
      .of(source, DatasetKind.IMAGE, 1, Instant.EPOCH)
      .withAnnotations(annotations.asJava)

  private def losses(sample: Sample, taken: Fit.Taken): Map[Loss, Long] =
    Losses.of(sample, taken).asScala.map { case (loss, n) => loss -> n.toLong }.toMap

  test("VER-6 losses - a format that carries all - none") {
    val full = sample(objectOf(polygon, traits, rich)).withUsage(Optional.of(Usage.TEST))
    assert(losses(full, Fit.whole(full)) == Map())
  }

  test("VER-6 losses - everything that a sample has and the reader misses - each once") {
    val full = sample()
      .withId(new SampleId("own"))
      .withUsage(Optional.of(Usage.TEST))
      .withHardness(new Hardness(true, OptionalDouble.of(1)))
      .withProperties(new Properties(java.util.Map.of("k", "v")))
    val taken = Fit.taken(Fit.undescribed(full), full.annotations, a => Optional.of(a))
    assert(losses(full, taken) == Map(
      Loss.SAMPLE_ID -> 1, Loss.USAGE -> 1, Loss.HARD -> 1, Loss.HARD_COEFFICIENT -> 1, Loss.PROPERTIES -> 1))
  }

  test("VER-6 losses - an id that the source has by itself, a usage nobody gave - no loss, and one") {
    val plain = sample()
    val taken = Fit.taken(
      Fit.undescribed(plain).withUsage(Optional.of(Usage.TRAIN)), plain.annotations, a => Optional.of(a))
    assert(losses(plain, taken) == Map(Loss.USAGE_ASSIGNED -> 1))
  }

  test("VER-6 losses - objects that lose their description, their shape, themselves - counted apart") {
    val full = sample(
      objectOf(polygon, traits, rich),
      objectOf(polygon, ObjectTraits.DEFAULT, AnnotationInfo.NONE))
    val taken = new Fit.Taken(full, JList.of(
      Optional.of(objectOf(polygon.bounds, ObjectTraits.DEFAULT, AnnotationInfo.NONE)), Optional.empty[Annotation]))
    assert(losses(full, taken) == Map(
      Loss.SHAPE_BECAME_BOX -> 1, Loss.ANNOTATION_ID -> 1, Loss.ANNOTATION_PROPERTIES -> 1,
      Loss.ANNOTATION_HARD -> 1, Loss.ANNOTATION_HARD_COEFFICIENT -> 1, Loss.ANNOTATED_BY -> 1,
      Loss.CREATION_TIME -> 1, Loss.CONFIDENCE -> 1, Loss.ANNOTATION_FOREIGN_FIELDS -> 1,
      Loss.TRAITS -> 1, Loss.MASK_COLOR -> 1, Loss.ANNOTATION -> 1))
    assert(taken.carried.annotations.size == 1)
  }

  test("VER-6 losses - a mask image drawn anew, a colour added - no loss") {
    val had = objectOf(polygon, ObjectTraits.DEFAULT, foreign("""{"voc":{"mask_source":"/old.png"}}"""))
    val has = objectOf(polygon, traits, foreign("""{"voc":{"mask_source":"new.png"}}"""))
    val marks = new ObjectTraits("Left", true, false, false, Optional.empty())
    val before = sample(objectOf(polygon, marks, had.info))
    assert(losses(before, new Fit.Taken(before, JList.of(Optional.of(has)))) == Map())
    val other = sample(objectOf(polygon, marks, foreign("""{"voc":{"mask_source":"/old.png","elements":[]}}""")))
    assert(losses(other, new Fit.Taken(other, JList.of(Optional.of(has)))) ==
      Map(Loss.ANNOTATION_FOREIGN_FIELDS -> 1))
  }

  test("VER-6 losses - a format that tells of too few annotations - a defect of ours") {
    val one = sample(objectOf(polygon, traits, rich))
    val failure = intercept[IllegalStateException](Losses.of(one, new Fit.Taken(one, JList.of())))
    assert(failure.getMessage.endsWith("has 1 annotations, the format tells of 0"))
  }

  test("VER-6 loss - told to people - counted in its unit") {
    assert(Loss.CONFIDENCE.toText(3) == "3 annotations: the confidence")
    assert(Loss.HARD.toText(1) == "1 sample: the hard mark")
  }

  private def foreign(text: String): AnnotationInfo =
    new AnnotationInfo(Optional.empty(), Properties.EMPTY, Hardness.NONE, Optional.empty(),
      Optional.empty(), OptionalDouble.empty(), text)
}
