package io.millrace.dataset.labels

import java.time.{Duration, Instant, LocalDateTime}
import java.util.{List => JList, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen

import io.millrace.dataset._

/** Samples of each label task type, with labels of people and of machines. */
object LabelledSamples {
  val noon: LocalDateTime = LocalDateTime.of(2026, 5, 6, 12, 0)
  val earlier: LocalDateTime = noon.minusDays(1)

  val human: AnnotationInfo = AnnotationInfo.ofHuman(earlier)

  def machine(confidence: Double, model: String = "resnet"): AnnotationInfo =
    AnnotationInfo.ofMachine(model, earlier, confidence)

  def label(text: String): Label = new Label(text)

  def sample(annotations: Annotation*): Sample =
    Sample
      .of(StorageUri.parse("/data/a.jpg"), DatasetKind.IMAGE, 10, Instant.EPOCH)
      .withId(new SampleId("a"))
      .withAnnotations(annotations.asJava)

  def whole(name: String, info: AnnotationInfo = human): Annotation =
    new Annotation.Classification(LabelTaskType.IMAGE_CLASSIFICATION, label(name), info)

  def entity(id: String, name: String, info: AnnotationInfo = human): Annotation =
    new Annotation.TextEntity(
      LabelTaskType.TEXT_TRIPLE, label(name), 0, 3, info.withId(Optional.of(id)))

  def relation(
      id: String, name: String, from: String, to: String, info: AnnotationInfo = human): Annotation =
    new Annotation.TextRelation(label(name), from, to, info.withId(Optional.of(id)))

  /** One annotation with this label for each label task type that has labels. */
  def ofEachType(name: String, info: AnnotationInfo): Seq[(LabelTaskType, Annotation)] = {
    import LabelTaskType._
    val box = new Shape.BoundingBox(1, 2, 3, 4)
    Seq(IMAGE_CLASSIFICATION, TEXT_CLASSIFICATION, AUDIO_CLASSIFICATION)
      .map(task => task -> new Annotation.Classification(task, label(name), info)) ++
      Seq(OBJECT_DETECTION, IMAGE_SEGMENTATION, VIDEO_ANNOTATION).map(task =>
        task -> new Annotation.ImageObject(task, label(name), box, ObjectTraits.DEFAULT, info)) ++
      Seq(
        NAMED_ENTITY_RECOGNITION ->
          new Annotation.TextEntity(NAMED_ENTITY_RECOGNITION, label(name), 0, 3, info),
        TEXT_TRIPLE -> new Annotation.TextRelation(label(name), "E1", "E2", info),
        SPEECH_SEGMENTATION -> new Annotation.SpeechSegment(
          Optional.of(label(name)), Duration.ZERO, Duration.ofSeconds(1), Optional.of("Ann"),
          Optional.of("hello"), info))
  }

  private val names = Gen.oneOf("cat", "dog", "猫", "it's")

  private val infos: Gen[AnnotationInfo] = for {
    base <- Gen.oneOf(
      Gen.const(AnnotationInfo.NONE),
      Gen.const(human),
      Gen.const(human.withAnnotatedBy(Optional.of("human/ann"))),
      Gen.zip(Gen.oneOf(0.0, 0.25, 0.5, 0.9, 1.0), Gen.oneOf("resnet", "modelarts/active-learning"))
        .map { case (confidence, model) => machine(confidence, model) })
    hard <- Gen.oneOf(true, false)
  } yield base.withHardness(new Hardness(hard, OptionalDouble.empty()))

  private val annotations: Gen[List[Annotation]] = Gen.oneOf(
    Gen.listOf(Gen.zip(names, infos).map { case (n, i) => whole(n, i) })
      .map(_.distinctBy(_.label)),
    Gen.listOf(Gen.zip(names, infos, Gen.choose(0, 8)).map { case (n, i, kind) =>
      ofEachType(n, i)(kind)._2
    }).map(_.filterNot(_.isInstanceOf[Annotation.Classification])),
    for {
      entities <- Gen.zip(names, infos, names, infos, names, infos)
      (a, ai, b, bi, c, ci) = entities
      relations <- Gen.listOfN(2, Gen.zip(names, infos, Gen.oneOf("E1", "E2", "E3")))
    } yield List(entity("E1", a, ai), entity("E2", b, bi), entity("E3", c, ci)) ++
      relations.zipWithIndex.map { case ((n, i, to), at) => relation(s"R$at", n, "E1", to, i) })

  val samples: Gen[Sample] = for {
    list <- annotations
    hard <- Gen.oneOf(true, false)
    usage <- Gen.oneOf(Optional.empty[Usage](), Optional.of(Usage.TRAIN))
  } yield sample(list: _*)
    .withHardness(new Hardness(hard, OptionalDouble.empty()))
    .withUsage(usage)

  def labelsOf(sample: Sample): Seq[String] =
    sample.annotations.asScala.toSeq.flatMap(a => Option(a.label.orElse(null)).map(_.value))

  def machineLabels(sample: Sample): Seq[Annotation] =
    sample.annotations.asScala.toSeq.filter(_.info.isByMachine)

  def list[T](values: T*): JList[T] = values.asJava
}
