package io.millrace.ingestion

import java.time.Instant
import java.util.{List => JList, Optional, OptionalDouble}

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset._
import io.millrace.dataset.filter.SampleFilter
import io.millrace.ingestion.ImportFilter.Examples

class ImportFilterSuite extends AnyFunSuite {
  private val bare =
    Sample.of(StorageUri.parse("/data/a.jpg"), DatasetKind.IMAGE, 10, Instant.EPOCH)
  private val catDog = bare.withAnnotations(labels("cat", "dog"))

  private def labels(names: String*): JList[Annotation] = names.map { name =>
    new Annotation.Classification(LabelTaskType.IMAGE_CLASSIFICATION, new Label(name),
      AnnotationInfo.NONE): Annotation
  }.asJava

  private def filter(
      annotations: AnnotationPolicy = AnnotationPolicy.LABELLED,
      examples: Examples = Examples.ALL,
      labels: Set[String] = Set.empty,
      usages: Set[Usage] = Set.empty,
      where: String = "true"
  ): ImportFilter = new ImportFilter(annotations, examples,
    labels.map(new Label(_)).asJava, usages.asJava, SampleFilter.parse(where))

  test("ING-3 labelled - the default - takes every sample as it is, one without labels too") {
    assert(filter() == ImportFilter.EVERYTHING)
    Seq(bare, catDog).foreach(s => assert(filter().apply(s).toScala.contains(s)))
  }

  test("ING-3 unlabelled - takes every sample without its annotations") {
    val unlabelled = filter(AnnotationPolicy.UNLABELLED)
    assert(unlabelled.apply(catDog).toScala.contains(bare))
    assert(unlabelled.apply(bare).toScala.contains(bare))
  }

  test("ING-3 unlabelled by label - the label is seen before annotations are dropped") {
    val cats = filter(AnnotationPolicy.UNLABELLED, labels = Set("cat"))
    assert(cats.apply(catDog).toScala.contains(bare))
    assert(cats.apply(bare).isEmpty)
  }

  test("ING-3 by label - one of the labels is enough - all annotations of the sample are kept") {
    assert(filter(labels = Set("cat", "bird")).apply(catDog).toScala.contains(catDog))
    assert(filter(labels = Set("bird")).apply(catDog).isEmpty)
    assert(filter(labels = Set("cat")).apply(bare).isEmpty)
  }

  test("ING-3 only hard - sample, annotation or VOC's difficult - takes it") {
    val onlyHard = filter(examples = Examples.ONLY_HARD)
    val hard = bare.withHardness(new Hardness(true, OptionalDouble.empty()))
    val difficult = bare.withAnnotations(JList.of(new Annotation.ImageObject(
      LabelTaskType.OBJECT_DETECTION,
      new Label("cat"),
      new Shape.BoundingBox(1, 1, 2, 2),
      new ObjectTraits("Unspecified", false, false, true, Optional.empty()),
      AnnotationInfo.NONE
    )))
    Seq(hard, difficult).foreach(s => assert(onlyHard.apply(s).toScala.contains(s)))
    Seq(bare, catDog).foreach(s => assert(onlyHard.apply(s).isEmpty))
  }

  test("ING-3 usage - samples with another or none - are left out") {
    val train = filter(usages = Set(Usage.TRAIN, Usage.TEST))
    assert(train.apply(bare.withUsage(Optional.of(Usage.TEST))).isPresent)
    assert(train.apply(bare.withUsage(Optional.of(Usage.EVAL))).isEmpty)
    assert(train.apply(bare).isEmpty)
  }

  test("ING-3 where - joins the other conditions") {
    val both = filter(labels = Set("cat"), where = "label = 'dog' and size < 1KB")
    assert(both.apply(catDog).isPresent)
    assert(both.apply(bare.withAnnotations(labels("cat"))).isEmpty)
  }

  test("ING-3 where - by a metric - is refused, since none is measured yet") {
    val thrown = intercept[DatasetException](filter(where = "metric.clarity > 3 or hard"))
    assert(thrown.getMessage == "Cannot import where metric.clarity > 3 or hard = true: metrics are" +
      " measured after an import, so that none is known yet (clarity). Import without them, analyse" +
      " the dataset, and select by them then.")
  }
}
