package io.millrace.dataset

import java.time.{Duration, Instant, LocalDateTime}
import java.util.{List => JList, Map => JMap, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen

/** Generators of arbitrary domain values, for the laws that hold for all of them. */
object Samples {
  val texts: Gen[String] = Gen.oneOf(
    Gen.alphaNumStr,
    Gen.oneOf("", " ", "a b", "引用\"'\\", "line\nend\r\n", "😀", "\u2028", "<&>]]>", "100%"),
    Gen.listOf(Gen.choose('\u0020', '\u9fa5')).map(_.mkString))

  val words: Gen[String] = texts.map(text => if (text.isBlank) "w" else text.take(40))

  val labels: Gen[Label] = Gen.oneOf(
    Gen.identifier.map(name => new Label(name.take(128))),
    Gen.oneOf("7", "红细胞", " positive", "a b ", "<&>\"'", "😀").map(new Label(_)))

  val fractions: Gen[OptionalDouble] =
    Gen.option(Gen.choose(0.0, 1.0)).map(_.fold(OptionalDouble.empty)(OptionalDouble.of))

  val hardnesses: Gen[Hardness] = for {
    hard <- Gen.oneOf(true, false)
    coefficient <- fractions
  } yield new Hardness(hard, coefficient)

  private val scalars: Gen[Object] = Gen.oneOf[Object](
    texts, Gen.long.map(Long.box), Gen.oneOf(true, false).map(Boolean.box),
    Gen.oneOf("0.10", "1E+400", "-1.5", "123456789012345678901234567890", "0E-10")
      .map(new java.math.BigDecimal(_)),
    Gen.const(null))

  def values(depth: Int): Gen[Object] =
    if (depth == 0) scalars
    else Gen.frequency[Object](
      5 -> scalars,
      1 -> Gen.listOfN(2, values(depth - 1)).map(_.asJava),
      1 -> Gen.mapOfN(2, Gen.zip(words, values(depth - 1))).map(orderedMap))

  private def orderedMap(map: Map[String, Object]): JMap[String, Object] = {
    val ordered = new java.util.LinkedHashMap[String, Object]
    map.foreach { case (key, value) => ordered.put(key, value) }
    ordered
  }

  val properties: Gen[Properties] = for {
    size <- Gen.choose(0, 3)
    map <- Gen.mapOfN(size, Gen.zip(words, values(2)))
  } yield new Properties(orderedMap(map))

  private def optional[T](gen: Gen[T]): Gen[Optional[T]] =
    Gen.option(gen).map(_.fold(Optional.empty[T])(Optional.of(_)))

  private val times: Gen[LocalDateTime] = for {
    second <- Gen.choose(0L, 4000000000L)
    nano <- Gen.oneOf(0, 123000000)
  } yield LocalDateTime.ofEpochSecond(second, nano, java.time.ZoneOffset.UTC)

  val infos: Gen[AnnotationInfo] = for {
    id <- optional(Gen.oneOf("E1", "R2", "x y"))
    properties <- properties
    hardness <- hardnesses
    by <- optional(Gen.oneOf("human", "human/user/user", "modelarts/active-learning"))
    time <- optional(times)
    confidence <- fractions
    foreign <- Gen.oneOf("", "{\"x-unknown\":[1.50,null]}")
  } yield new AnnotationInfo(id, properties, hardness, by, time, confidence, foreign)

  private lazy val points: Gen[Shape.Point] = for {
    x <- coordinates
    y <- coordinates
  } yield new Shape.Point(x, y)

  private lazy val coordinates: Gen[Double] = Gen.oneOf(
    Gen.choose(0, 4000).map(_.toDouble), Gen.choose(-10.0, 5000.0),
    Gen.oneOf(-0.0, 1e-300, 1e300, 0.1, 1e15, 123456789.123))

  val shapes: Gen[Shape] = Gen.oneOf[Shape](
    points,
    Gen.zip(points, points, Gen.oneOf(Shape.Stroke.SOLID, Shape.Stroke.DASHED))
      .map { case (from, to, stroke) => new Shape.Line(from, to, stroke) },
    for {
      x <- Gen.choose(-5.0, 4000.0)
      y <- Gen.choose(-5, 4000)
      width <- Gen.choose(0.5, 500.0)
      height <- Gen.choose(1, 500)
    } yield new Shape.BoundingBox(x, y, x + width, y.toDouble + height),
    Gen.choose(3, 6).flatMap(Gen.listOfN(_, points)).map(p => new Shape.Polygon(p.asJava)),
    Gen.choose(2, 6).flatMap(Gen.listOfN(_, points)).map(p => new Shape.Polyline(p.asJava)),
    Gen.zip(points, Gen.choose(0.1, 100.0)).map { case (p, r) => new Shape.Circle(p, r) },
    for {
      width <- Gen.choose(1, 9)
      height <- Gen.choose(1, 9)
      first <- Gen.choose(0, width * height)
    } yield new Shape.Mask(width, height, JList.of(first, width * height - first)))

  val traits: Gen[ObjectTraits] = for {
    pose <- Gen.oneOf("Unspecified", "Left", "侧 面")
    Seq(truncated, occluded, difficult) <- Gen.listOfN(3, Gen.oneOf(true, false))
    color <- optional(Gen.choose(0, 255).map(new ObjectTraits.MaskColor(_, 0, 255)))
  } yield new ObjectTraits(pose, truncated, occluded, difficult, color)

  private val classifications: Gen[Annotation] = for {
    task <- Gen.oneOf(LabelTaskType.IMAGE_CLASSIFICATION, LabelTaskType.TEXT_CLASSIFICATION,
      LabelTaskType.AUDIO_CLASSIFICATION)
    label <- labels
    info <- infos
  } yield new Annotation.Classification(task, label, info)

  private val objectFiles: Gen[Annotation] = for {
    task <- Gen.oneOf(LabelTaskType.OBJECT_DETECTION, LabelTaskType.IMAGE_SEGMENTATION)
    name <- optional(labels)
    info <- infos
  } yield new Annotation.ObjectFile(task, StorageUri.parse("s3://b/voc/图 1.xml"),
    Annotation.ObjectFile.PASCAL_VOC, name, info)

  private def entity(task: LabelTaskType): Gen[Annotation] = for {
    label <- labels
    start <- Gen.choose(0, 100)
    length <- Gen.choose(1, 100)
    info <- infos
  } yield new Annotation.TextEntity(task, label, start, start + length, info)

  private val relations: Gen[Annotation] = for {
    label <- labels
    info <- infos.suchThat(_.id.isPresent)
  } yield new Annotation.TextRelation(label, "E1", "E2", info)

  private val speech: Gen[Annotation] = for {
    text <- texts
    name <- optional(labels)
    start <- Gen.choose(0L, 400000000L)
    millis <- Gen.choose(0L, 100000L)
    speaker <- optional(words)
    content <- optional(words)
    info <- infos
    whole <- Gen.oneOf(true, false)
  } yield {
    if (whole) new Annotation.SpeechContent(text, info)
    else new Annotation.SpeechSegment(name, Duration.ofMillis(start),
      Duration.ofMillis(start + millis), speaker, content, info)
  }

  /** Annotations that a manifest's line holds whole, of tasks that the line tells. */
  val annotations: Gen[List[Annotation]] = Gen.oneOf(
    Gen.listOfN(2, Gen.oneOf(classifications, objectFiles, speech)),
    Gen.listOfN(2, entity(LabelTaskType.NAMED_ENTITY_RECOGNITION)),
    Gen.zip(entity(LabelTaskType.TEXT_TRIPLE), relations).map { case (e, r) => List(e, r) },
    Gen.const(Nil))

  private val sources: Gen[StorageUri] = Gen.oneOf(
    Gen.oneOf("s3://b/a b%.jpg", "obs://桶/图.jpg", "file:///d/a%20b.jpg", "/d/x.wav",
      "https://h/x.jpg?X-Sig=a%2Fb", "hdfs://h:1/x").map(StorageUri.parse),
    texts.map(StorageUri.ofContent))

  /** Samples of which a manifest's line holds all but createdAt, which is the epoch. */
  val samples: Gen[Sample] = for {
    source <- sources
    id <- Gen.oneOf(SampleId.ofSource(source), new SampleId("0162005993f8065e"))
    kind <- Gen.oneOf(DatasetKind.IMAGE, DatasetKind.TEXT, DatasetKind.AUDIO, DatasetKind.VIDEO)
    usage <- optional(Gen.oneOf(Usage.values.toSeq))
    hardness <- hardnesses
    properties <- properties
    annotations <- annotations
    inference <- optional(Gen.const(StorageUri.parse("obs://b/result.txt")))
    foreign <- Gen.oneOf("", "{\"result\":\"SUCCESSFUL\",\"键\":{\"a\":1}}")
  } yield {
    val size = if (source.isContent) source.path.getBytes("UTF-8").length.toLong else 0L
    new Sample(id, source, kind, size, Optional.empty(), Instant.EPOCH, SourceState.UNKNOWN, usage,
      hardness, properties, Measures.NONE, annotations.asJava, inference, Optional.empty(), foreign)
  }

  /** Objects in images, as a Pascal VOC file can hold them. */
  val imageObjects: Gen[Annotation.ImageObject] = for {
    label <- labels
    shape <- shapes
    traits <- traits
    info <- infos
  } yield new Annotation.ImageObject(LabelTaskType.OBJECT_DETECTION, label, shape, traits,
    new AnnotationInfo(Optional.empty(), info.properties, info.hardness, Optional.empty(),
      Optional.empty(), info.confidence, ""))
}
