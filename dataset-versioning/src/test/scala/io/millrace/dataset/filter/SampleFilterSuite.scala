package io.millrace.dataset.filter

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, ObjectInputStream, ObjectOutputStream}
import java.math.BigDecimal
import java.time.Instant
import java.util.{List => JList, Map => JMap, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{Table, forAll}
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset._

class SampleFilterSuite extends AnyFunSuite {
  import SampleFilterSuite._

  test("ANA-5 - the table of the package description - holds line by line") {
    val catDog = labelled("cat", "dog").withUsage(Optional.of(Usage.TRAIN))
    val samples = Seq(catDog, labelled("dog"), bare)
    forAll(Table[String, String](
      "selection" -> "holds",
      "label = 'cat'" -> "ynn",
      "label != 'cat'" -> "nyy",
      "not label = 'cat'" -> "nyy",
      "label = 'cat' and label = 'dog'" -> "ynn",
      "label is null" -> "nny",
      "label != 'cat' and label is not null" -> "nyn",
      "usage = train" -> "ynn",
      "usage != train" -> "nyy",
      "width < 100" -> "nnn",
      "not width >= 100" -> "yyy",
      "label in ('cat', 'x')" -> "ynn",
      "label not in ('cat', 'x')" -> "nyy",
      "label like 'c%'" -> "ynn",
      "label not like 'd_g'" -> "nny",
      "labelled" -> "yyn",
      "unlabelled" -> "nny",
      "true" -> "yyy",
      "false or not true" -> "nnn"
    )) { (selection, holds) =>
      assert(samples.map(s => if (matches(selection, s)) 'y' else 'n').mkString == holds, selection)
    }
  }

  test("ANA-5 - each field of a sample - is compared with its value") {
    forAll(Table(
      "selection",
      "ID = 's1'",
      "source = '/data/猫/a b.jpg'",
      "directory = '/data/猫'",
      "directory like '/data/%'",
      "file-name = 'a b.jpg'",
      "File_Name like '%.jpg'",
      "kind = image",
      "usage in ('eval', TEST)",
      "size = 2KB and size >= 2048 and size < 1MB and size between 1kib and 0.01gb",
      "created-at = '2026-01-31'",
      "created-at = '2026-01-31 09:30'",
      "created-at = '2026-01-31 09:30:15'",
      "created-at = '2026-01-31T09:30:15.25Z'",
      "created-at = '2026-01-31T17:30:15+08:00'",
      "created-at <= '2026-01-31' and not created-at < '2026-01-31'",
      "created-at > '2026-01-30' and created-at < '2026-02-01'",
      "created-at between '2026-01-31' and '2026-01-31'",
      "hard",
      "hard = true and hard != false",
      "hard-coefficient > 0.8 and hard_coefficient = 0.5",
      "label = 'cat' and label > 'ca' and label <= 'cat'",
      "type = object_detection and type = 'Object-Detection'",
      "annotated-by like 'human/%'",
      "confidence between 0.3 and 0.5",
      "width >= 640 and height = 480 and channels != 1",
      "seconds is null and sample-rate is null",
      "property.weather = 'rain' and attribute.weather != 'sun'",
      "property.\"time of day\" = 12 and property.\"time of day\" = '12'",
      "property.tags = 'a' and property.tags in ('b')",
      "property.none is null and property.nothing is null and property.weather is not null",
      "property.speed > 3 and property.speed < 4",
      "property.wet and property.dry = false",
      "property.nested is not null and property.nested != 'x'"
    ))(selection => assert(matches(selection, cat), selection))
  }

  test("ANA-5 hard - the mark is on the sample, an annotation or VOC's difficult - holds") {
    def box(hard: Boolean, difficult: Boolean) = new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION,
      new Label("cat"),
      new Shape.BoundingBox(1, 1, 2, 2),
      new ObjectTraits("Unspecified", false, false, difficult, Optional.empty()),
      about(new Hardness(hard, OptionalDouble.empty()))
    )
    assert(!matches("hard", bare.withAnnotations(JList.of(box(false, false)))))
    assert(matches("hard", bare.withAnnotations(JList.of(box(true, false)))))
    assert(matches("hard", bare.withAnnotations(JList.of(box(false, true)))))
    assert(matches("hard", bare.withHardness(new Hardness(true, OptionalDouble.empty()))))
  }

  test("ANA-5 metric - values are looked up by name - one of several is enough, NaN is none") {
    val filter = SampleFilter.parse("metric.Box-Count > 2 or metric.brightness is null")
    assert(filter.metrics.asScala.toSeq == Seq("box_count", "brightness"))
    def values(counts: Double*) =
      MetricValues.of(JMap.of("box_count", counts.map(Double.box).asJava,
        "brightness", JList.of(Double.box(1.0))))
    assert(filter.matches(bare, values(1, 3)))
    assert(!filter.matches(bare, values(1, 2)))
    assert(!filter.matches(bare, values(Double.NaN)))
    assert(filter.matches(bare))
    assert(SampleFilter.parse("hard").metrics.isEmpty)
  }

  test("ANA-5 like - many wildcards on a long text - takes no power of their number") {
    val pattern = "%a" * 40 + "b"
    val sample = bare.withProperties(new Properties(JMap.of("t", "a" * 20000)))
    assert(!matches(s"property.t like '$pattern'", sample))
    assert(matches(s"property.t like '${"%a" * 40}%'", sample))
  }

  test("ANA-5 canonical text - brackets, case, double negation - are brought to one form") {
    forAll(Table[String, String](
      "expression" -> "canonical",
      "((LABEL='it''s')) AND (Hard and NOT NOT usage=train)" ->
        "label = 'it''s' and hard = true and usage = TRAIN",
      "a_b = 1 or x" -> "",
      "(hard or labelled) and width>1.50" ->
        "(hard = true or labelled = true) and width > 1.5",
      "not (hard or labelled)" -> "not (hard = true or labelled = true)",
      "not label in ('a')" -> "label not in ('a')",
      "size>=1.5KB" -> "size >= 1536",
      "created_at>='2026-01-31T07:00:00.5+08:00'" -> "created-at >= '2026-01-30 23:00:00.5'",
      "property.\"a b\" is not null or attribute.\"in\" = true" ->
        "property.\"a b\" is not null or property.\"in\" = true",
      "not true" -> "false"
    )) { (expression, canonical) =>
      if (canonical.nonEmpty) assert(SampleFilter.parse(expression).toString == canonical)
      else assertThrows[InvalidSelectionException](SampleFilter.parse(expression))
    }
  }

  test("ANA-5 and - two filters - select what both do, and ALL adds nothing") {
    val one = SampleFilter.parse("hard or labelled")
    val two = SampleFilter.parse("width > 1 and height > 1")
    assert(one.and(two) == SampleFilter.parse("(hard or labelled) and width > 1 and height > 1"))
    assert(one.and(SampleFilter.ALL) == one && SampleFilter.ALL.and(one) == one)
    assert(SampleFilter.parse("true") == SampleFilter.ALL && SampleFilter.ALL.matches(bare))
  }

  private def matches(selection: String, sample: Sample): Boolean =
    SampleFilter.parse(selection).matches(sample)
}

class SampleFilterLawsSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  implicit override val generatorDrivenConfig: PropertyCheckConfiguration =
    PropertyCheckConfiguration(minSuccessful = 2000)

  test("ANA-5 laws - any filter - its text parses to an equal one, as does its serialised form") {
    forAll(GeneratedFilters.expression(3)) { expression =>
      val filter = SampleFilter.parse(expression)
      assert(SampleFilter.parse(filter.toString) == filter)
      assert(SampleFilter.parse(filter.toString).toString == filter.toString)
      val bytes = new ByteArrayOutputStream
      new ObjectOutputStream(bytes).writeObject(filter)
      val read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray)).readObject()
      assert(read == filter)
    }
  }

  test("ANA-5 laws - a filter and its negation - split the samples") {
    forAll(GeneratedFilters.expression(2), Samples.samples) { (expression, sample) =>
      val filter = SampleFilter.parse(expression)
      val opposite = SampleFilter.parse(s"not ($expression)")
      assert(filter.matches(sample) != opposite.matches(sample))
      assert(SampleFilter.parse(filter.toString).matches(sample) == filter.matches(sample))
    }
  }
}

object SampleFilterSuite {
  val bare: Sample =
    Sample.of(StorageUri.parse("/data/猫/a b.jpg"), DatasetKind.IMAGE, 2048,
      Instant.parse("2026-01-31T09:30:15.250Z"))

  def about(hardness: Hardness): AnnotationInfo = new AnnotationInfo(
    Optional.empty(),
    Properties.EMPTY,
    hardness,
    Optional.of("human/user/user"),
    Optional.empty(),
    OptionalDouble.of(0.4),
    ""
  )

  def labelled(labels: String*): Sample = bare.withAnnotations(labels.map { label =>
    new Annotation.Classification(LabelTaskType.IMAGE_CLASSIFICATION, new Label(label),
      AnnotationInfo.NONE): Annotation
  }.asJava)

  val cat: Sample = bare
    .withId(new SampleId("s1"))
    .withUsage(Optional.of(Usage.EVAL))
    .withHardness(new Hardness(true, OptionalDouble.of(0.9)))
    .withMeasures(Measures.ofImage(640, 480, 3))
    .withProperties({
      val values = new java.util.LinkedHashMap[String, Object]()
      values.put("weather", "rain")
      values.put("time of day", "12")
      values.put("tags", JList.of("a", "b"))
      values.put("none", null)
      values.put("speed", new BigDecimal("3.5"))
      values.put("wet", java.lang.Boolean.TRUE)
      values.put("dry", "False")
      values.put("nested", JMap.of("x", "y"))
      new Properties(values)
    })
    .withAnnotations(JList.of(new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION,
      new Label("cat"),
      new Shape.BoundingBox(1, 1, 2, 2),
      ObjectTraits.DEFAULT,
      about(new Hardness(false, OptionalDouble.of(0.5)))
    )))
}
