package io.millrace.ingestion.layout

import java.nio.file.{Files, Path}
import java.time.Instant
import java.util.{List => JList, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import io.millrace.dataset._
import io.millrace.dataset.LabelTaskType._
import io.millrace.ingestion.FormatExamples
import io.millrace.ingestion.probe.{Images, Media}
import org.scalacheck.Gen
import org.scalacheck.rng.Seed

/**
 * Samples with real files of awkward names, and with everything that a sample can have, made from a
 * seed. Each is known by its content alone: no two images are of the same width, no two recordings
 * of the same length, no two texts equal.
 */
object ExportedSamples {
  val count = 40
  private val height = 16

  /** What tells the sample apart, whatever it is called. */
  def content(sample: Sample): String =
    if (sample.source.isContent) sample.source.path
    else if (sample.kind == DatasetKind.TEXT)
      Files.readString(sample.source.requireLocalPath()).stripLineEnd
    else if (sample.kind == DatasetKind.FREE) s"${sample.sizeBytes} bytes"
    else s"${sample.measures.width} ${sample.measures.seconds}"

  def of(taskType: LabelTaskType, directory: Path, seed: Int): Seq[Sample] =
    (0 until count).map { i =>
      val bare = taskType.kind match {
        case DatasetKind.TEXT if i % 4 != 0 => text(s"text $i\twith 标 tab")
        case kind => file(kind, directory, i)
      }
      val samples = described(bare, taskType)
      samples.pureApply(Gen.Parameters.default, Seed(seed * 1000L + i * 31 + taskType.ordinal), 1000)
    }

  /** Files of free format, which nobody annotates. */
  def unannotated(directory: Path): Seq[Sample] =
    (0 until count).map(file(DatasetKind.FREE, directory, _))

  private def text(content: String): Sample =
    Sample.of(
      StorageUri.ofContent(content),
      DatasetKind.TEXT,
      content.getBytes("UTF-8").length.toLong,
      Instant.EPOCH)

  private def file(kind: DatasetKind, directory: Path, i: Int): Sample = {
    val (extension, bytes, measures) = kind match {
      case DatasetKind.IMAGE =>
        ("png", Images.png(10 + i, height), Measures.ofImage(10 + i, height, 3))
      case DatasetKind.AUDIO =>
        ("wav", Media.wav(80 * (i + 1)), Measures.ofAudio((i + 1) / 100.0, 8000, 1))
      case DatasetKind.VIDEO =>
        ("mp4", Media.mp4(10 + i, height, 1), Measures.ofVideo(10 + i, height, OptionalDouble.of(1)))
      case DatasetKind.TEXT => ("txt", s"text of file $i\n".getBytes("UTF-8"), Measures.NONE)
      case DatasetKind.FREE => ("bin", Array.fill(i + 1)(7.toByte), Measures.NONE)
      case DatasetKind.TABLE => throw new IllegalArgumentException("tables have no samples")
    }
    val names = FormatExamples.names
    // Ten names in each of four directories: all but the first must go elsewhere.
    val path = directory.resolve(s"d${i / names.size}/${names(i % names.size)}.$extension")
    Files.createDirectories(path.getParent)
    Files.write(path, bytes)
    Sample
      .of(StorageUri.of(path), kind, bytes.length.toLong, Instant.EPOCH)
      .withMeasures(measures)
  }

  private def described(bare: Sample, taskType: LabelTaskType): Gen[Sample] = for {
    given <- Gen.oneOf(true, false)
    usage <- Gen.oneOf[Option[Usage]](Usage.values.toSeq.map(Option(_)) :+ None :+ None)
    hardness <- Gen.oneOf(Gen.const(Hardness.NONE), Samples.hardnesses)
    properties <- Gen.oneOf(Gen.const(Properties.EMPTY), Samples.properties)
    count <- Gen.frequency(1 -> 0, 4 -> 1, 3 -> 2, 1 -> 4)
    annotations <- annotations(taskType, bare, count)
  } yield new Sample(
    if (given) new SampleId(s"given ${content(bare).hashCode}") else bare.id,
    bare.source,
    bare.kind,
    bare.sizeBytes,
    bare.digest,
    bare.createdAt,
    bare.sourceState,
    usage.fold(Optional.empty[Usage])(Optional.of(_)),
    hardness,
    properties,
    bare.measures,
    annotations,
    Optional.empty(),
    Optional.empty(),
    ""
  )

  private val infos: Gen[AnnotationInfo] =
    Gen.oneOf(Gen.const(AnnotationInfo.NONE), Samples.infos)

  private val labels: Gen[Label] = Gen.oneOf(
    Gen.oneOf("cat", "狗", "a b", "7", "<&>\"'", "😀", " spaced ", "no: #yaml").map(new Label(_)),
    Gen.oneOf("a/b", "..", "a,b", "c\\d").map(new Label(_)))

  private def annotations(
      taskType: LabelTaskType,
      sample: Sample,
      count: Int): Gen[JList[Annotation]] = {
    val one: Gen[Annotation] = taskType match {
      case IMAGE_CLASSIFICATION | TEXT_CLASSIFICATION | AUDIO_CLASSIFICATION =>
        Gen.zip(labels, infos).map { case (label, info) =>
          new Annotation.Classification(taskType, label, info)
        }
      case OBJECT_DETECTION | IMAGE_SEGMENTATION | VIDEO_ANNOTATION =>
        for {
          label <- labels
          shape <- shapes(sample.measures.width.getAsInt, height)
          traits <- Gen.oneOf(Gen.const(ObjectTraits.DEFAULT), Samples.traits)
          info <- infos
        } yield new Annotation.ImageObject(taskType, label, shape, traits, withoutForeign(info))
      case NAMED_ENTITY_RECOGNITION | TEXT_TRIPLE =>
        for { label <- labels; start <- Gen.choose(0, 3); info <- infos } yield
          new Annotation.TextEntity(NAMED_ENTITY_RECOGNITION, label, start, start + 2, info)
      case SPEECH_CONTENT => infos.map(new Annotation.SpeechContent("said 说", _))
      case SPEECH_SEGMENTATION =>
        infos.map(
          new Annotation.SpeechSegment(
            Optional.empty(),
            java.time.Duration.ofMillis(5),
            java.time.Duration.ofMillis(10),
            Optional.of("who"),
            Optional.of("what"),
            _))
      case TABLE | NONE => throw new IllegalArgumentException(s"$taskType has no annotations")
    }
    Gen.listOfN(count, one).map(_.asJava)
  }

  /** Fields of objects are kept below "manifest" and "voc" only. */
  private def withoutForeign(info: AnnotationInfo): AnnotationInfo =
    new AnnotationInfo(
      info.id,
      info.properties,
      info.hardness,
      info.annotatedBy,
      info.creationTime,
      info.confidence,
      "")

  /** Shapes of every kind; most in the image, some that reach out of it, some without area. */
  private def shapes(width: Int, height: Int): Gen[Shape] = {
    def coordinate(size: Int): Gen[Double] = Gen.frequency(
      6 -> Gen.choose(0, size).map(_.toDouble),
      3 -> Gen.choose(0, size * 100).map(_ / 100.0),
      2 -> Gen.choose(0.0, size.toDouble),
      1 -> Gen.oneOf(-3.5, size + 2.25))
    val point = Gen.zip(coordinate(width), coordinate(height)).map { case (x, y) =>
      new Shape.Point(x, y)
    }
    Gen.oneOf[Shape](
      Gen.zip(point, point).map { case (a, b) => box(a, b) },
      Gen.zip(point, point).map { case (a, b) => box(a, b) },
      Gen.choose(3, 6).flatMap(Gen.listOfN(_, point)).map(p => new Shape.Polygon(p.asJava)),
      Gen.choose(2, 5).flatMap(Gen.listOfN(_, point)).map(p => new Shape.Polyline(p.asJava)),
      Gen.zip(point, Gen.choose(1, 5)).map { case (p, r) => new Shape.Circle(p, r) },
      Gen.zip(point, point).map { case (a, b) => new Shape.Line(a, b, Shape.Stroke.SOLID) },
      point,
      Gen.choose(0, width * height).map { first =>
        new Shape.Mask(width, height, JList.of(first, width * height - first))
      }
    )
  }

  private def box(a: Shape.Point, b: Shape.Point): Shape =
    new Shape.BoundingBox(
      math.min(a.x, b.x),
      math.min(a.y, b.y),
      math.max(a.x, b.x),
      math.max(a.y, b.y))
}
