package io.millrace.dataset.delta.spark

import java.time.{Duration, Instant, LocalDateTime, ZoneOffset}
import java.util.{Optional, OptionalDouble, OptionalInt}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalacheck.Gen

import io.millrace.dataset._

/** Arbitrary samples with annotations of every kind and shapes of every kind, for property tests. */
object GeneratedSamples {
  private val word: Gen[String] =
    Gen.nonEmptyListOf(Gen.oneOf("abcXYZ019 _-.\"'\\{}<>&,\u00e9\u7ea2\u7ec6\u80de\ud83d\ude00"))
      .map(_.take(12).mkString)
      .map(text => new String(text.getBytes("UTF-8"), "UTF-8"))

  private val label: Gen[Label] = word.map(text => new Label("l" + text))

  private val number: Gen[Double] = Gen.chooseNum(-1e6, 1e6)

  private val fraction: Gen[OptionalDouble] =
    Gen.oneOf(Gen.const(OptionalDouble.empty()), Gen.choose(0.0, 1.0).map(OptionalDouble.of))

  private def maybe[T](gen: Gen[T]): Gen[Optional[T]] = Gen.option(gen).map(_.toJava)

  private val leaf: Gen[Object] = Gen.oneOf[Object](
    word,
    Gen.oneOf(java.lang.Boolean.TRUE, java.lang.Boolean.FALSE),
    Gen.long.map(java.lang.Long.valueOf),
    Gen.choose(-1e9, 1e9).map(value => new java.math.BigDecimal(value.toString + "0")),
    Gen.const(new java.math.BigDecimal("1E+400")),
    Gen.const(new java.math.BigDecimal("123456789012345678901234567890")),
    Gen.const(null)
  )

  private def value(depth: Int): Gen[Object] =
    if (depth == 0) leaf
    else
      Gen.frequency(
        4 -> leaf,
        1 -> Gen.listOfN(2, value(depth - 1)).map(_.asJava),
        1 -> objects(depth - 1)
      )

  private def objects(depth: Int): Gen[java.util.Map[String, Object]] =
    Gen.choose(0, 3).flatMap(Gen.listOfN(_, Gen.zip(word, value(depth)))).map { entries =>
      val map = new java.util.LinkedHashMap[String, Object]()
      entries.foreach { case (name, value) => map.put(name, value) }
      map
    }

  val properties: Gen[Properties] =
    Gen.frequency(1 -> Gen.const(Properties.EMPTY), 2 -> objects(2).map(new Properties(_)))

  private val hardness: Gen[Hardness] =
    Gen.zip(Gen.oneOf(true, false), fraction).map { case (hard, coefficient) =>
      new Hardness(hard, coefficient)
    }

  private val foreignFields: Gen[String] = Gen.oneOf("", "{}", """{"x":[1,{"y":null}]}""")

  private val info: Gen[AnnotationInfo] = for {
    id <- maybe(word)
    properties <- properties
    hardness <- hardness
    by <- maybe(word)
    seconds <- maybe(Gen.choose(0L, 4000000000L))
    nanos <- Gen.oneOf(0, 1, 120000000)
    confidence <- fraction
    foreign <- foreignFields
  } yield new AnnotationInfo(
    id,
    properties,
    hardness,
    by,
    seconds.map(LocalDateTime.ofEpochSecond(_, nanos, ZoneOffset.UTC)),
    confidence,
    foreign
  )

  private val point: Gen[Shape.Point] =
    Gen.zip(number, number).map { case (x, y) => new Shape.Point(x, y) }

  val shape: Gen[Shape] = Gen.oneOf[Shape](
    point,
    Gen.zip(point, point, Gen.oneOf(Shape.Stroke.values.toSeq)).map { case (from, to, stroke) =>
      new Shape.Line(from, to, stroke)
    },
    Gen.zip(point, Gen.choose(0.0, 1e4), Gen.choose(0.0, 1e4)).map { case (corner, w, h) =>
      new Shape.BoundingBox(corner.x, corner.y, corner.x + w, corner.y + h)
    },
    Gen.choose(3, 6).flatMap(Gen.listOfN(_, point)).map(c => new Shape.Polygon(c.asJava)),
    Gen.choose(2, 5).flatMap(Gen.listOfN(_, point)).map(p => new Shape.Polyline(p.asJava)),
    Gen.zip(point, Gen.choose(0.1, 1e3)).map { case (center, r) => new Shape.Circle(center, r) },
    Gen.zip(Gen.choose(1, 9), Gen.choose(1, 9), Gen.choose(0, 1)).map { case (w, h, first) =>
      new Shape.Mask(w, h, List(first, w * h - first).map(Int.box).asJava)
    }
  )

  private val traits: Gen[ObjectTraits] = for {
    pose <- word
    flags <- Gen.listOfN(3, Gen.oneOf(true, false))
    color <- maybe(Gen.listOfN(3, Gen.choose(0, 255)).map { rgb =>
      new ObjectTraits.MaskColor(rgb(0), rgb(1), rgb(2))
    })
  } yield new ObjectTraits(pose, flags(0), flags(1), flags(2), color)

  private val objectTask: Gen[LabelTaskType] = Gen.oneOf(
    LabelTaskType.OBJECT_DETECTION,
    LabelTaskType.IMAGE_SEGMENTATION,
    LabelTaskType.VIDEO_ANNOTATION
  )

  private val millis: Gen[Duration] = Gen.choose(0L, 1000000000L).map(Duration.ofNanos)

  val annotation: Gen[Annotation] = Gen.oneOf[Annotation](
    for {
      task <- Gen.oneOf(
        LabelTaskType.IMAGE_CLASSIFICATION,
        LabelTaskType.TEXT_CLASSIFICATION,
        LabelTaskType.AUDIO_CLASSIFICATION
      )
      label <- label
      info <- info
    } yield new Annotation.Classification(task, label, info),
    for {
      task <- objectTask
      label <- label
      shape <- shape
      traits <- traits
      info <- info
    } yield new Annotation.ImageObject(task, label, shape, traits, info),
    for {
      task <- objectTask
      name <- word
      label <- maybe(label)
      info <- info
    } yield new Annotation.ObjectFile(
      task,
      StorageUri.parse("s3://bucket/voc/" + name + ".xml"),
      Annotation.ObjectFile.PASCAL_VOC,
      label,
      info
    ),
    for {
      task <- Gen.oneOf(LabelTaskType.NAMED_ENTITY_RECOGNITION, LabelTaskType.TEXT_TRIPLE)
      label <- label
      start <- Gen.choose(0, 100)
      length <- Gen.choose(1, 100)
      info <- info
    } yield new Annotation.TextEntity(task, label, start, start + length, info),
    Gen.zip(label, info).map { case (label, info) =>
      new Annotation.TextRelation(label, "E1", "E2", info)
    },
    Gen.zip(Gen.oneOf(Gen.const(""), word), info).map { case (content, info) =>
      new Annotation.SpeechContent(content, info)
    },
    for {
      label <- maybe(label)
      start <- millis
      length <- millis
      speaker <- maybe(word)
      content <- maybe(word)
      info <- info
    } yield new Annotation.SpeechSegment(label, start, start.plus(length), speaker, content, info)
  )

  private val instant: Gen[Instant] =
    Gen.choose(-1000000000000000L, 4000000000000000L).map { micros =>
      Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS)
    }

  private val measures: Gen[Measures] = for {
    sizes <- Gen.listOfN(4, Gen.oneOf(0, 1, 4096))
    seconds <- Gen.oneOf(OptionalDouble.empty(), OptionalDouble.of(1.25))
  } yield {
    def size(i: Int) = if (sizes(i) == 0) OptionalInt.empty() else OptionalInt.of(sizes(i))
    new Measures(size(0), size(1), size(2), seconds, size(3))
  }

  private val source: Gen[StorageUri] = Gen.oneOf(
    word.map(text => StorageUri.ofContent(text + "\n\"line two\"")),
    word.map(text => StorageUri.parse("s3://bucket/" + text)),
    word.map(text => StorageUri.parse("/data/" + text)),
    Gen.const(StorageUri.parse("https://host/a.jpg?signature=x%2Fy"))
  )

  val sample: Gen[Sample] = for {
    source <- source
    id <- Gen.oneOf(Gen.const(SampleId.ofSource(source)), Gen.uuid.map(u => new SampleId(s"$u")))
    kind <- Gen.oneOf(DatasetKind.values.toSeq)
    size <- Gen.choose(0L, Long.MaxValue)
    digest <- maybe(word.map(text => Digest.ofText(text)))
    created <- instant
    state <- sourceState
    usage <- maybe(Gen.oneOf(Usage.values.toSeq))
    hardness <- hardness
    properties <- properties
    measures <- measures
    annotations <- Gen.choose(0, 4).flatMap(Gen.listOfN(_, annotation))
    inference <- maybe(Gen.const(StorageUri.parse("obs://bucket/result.txt")))
    origin <- maybe(Gen.uuid.map(uuid => new ImportId("imp-" + uuid)))
    foreign <- foreignFields
  } yield new Sample(
    id,
    source,
    kind,
    size,
    digest,
    created,
    state,
    usage,
    hardness,
    properties,
    measures,
    annotations.asJava,
    inference,
    origin,
    foreign
  )

  private def sourceState: Gen[SourceState] = for {
    modified <- maybe(instant)
    etag <- maybe(word)
    copied <- maybe(Gen.const(StorageUri.parse("s3://bucket/a b.jpg")))
    missing <- maybe(instant)
  } yield new SourceState(modified, etag, copied, missing)

  /** The same samples each time. */
  def samples(count: Int, seed: Long): Seq[Sample] =
    Gen
      .listOfN(count, sample)
      .pureApply(Gen.Parameters.default, org.scalacheck.rng.Seed(seed))
      .zipWithIndex
      .map { case (sample, i) => sample.withId(new SampleId(f"$i%05d")) }
}
