package io.millrace.dataset.labels

import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen
import org.scalacheck.rng.Seed
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

import io.millrace.dataset._
import io.millrace.dataset.labels.EditedSample.Outcome
import io.millrace.dataset.labels.LabelledSamples._
import io.millrace.dataset.labels.RefusedLabel.Reason
import io.millrace.dataset.labels.SuggestionPolicy.HumanLabels

class SuggestionsSuite extends AnyFunSuite {
  private def policy(
      threshold: Double = 0,
      humanLabels: HumanLabels = HumanLabels.SKIP,
      taskType: LabelTaskType = LabelTaskType.IMAGE_CLASSIFICATION
  ) = new Suggestions(new SuggestionPolicy(taskType, threshold, humanLabels, "machine", noon))

  private def reasons(result: SuggestedSample): Seq[Reason] = result.refused.asScala.map(_.reason).toSeq

  test("VER-7 apply - an unlabelled sample - has the labels, their confidence and who gave them") {
    val result = policy().give(sample(), list(whole("cat", machine(0.8)), whole("dog", AnnotationInfo.NONE)))
    assert(result.taken == 2 && result.known == 0 && result.refused.isEmpty)
    val Seq(cat, dog) = result.edited.sample.annotations.asScala.toSeq
    assert(cat == whole("cat", machine(0.8)))
    assert(dog.info.annotatedBy == Optional.of("machine"))
    assert(dog.info.creationTime == Optional.of(noon))
    assert(result.edited.sample.annotations.asScala.forall(_.info.isByMachine))
  }

  test("VER-7 apply - every label task type - takes its own labels and refuses all others") {
    for {
      (taskType, _) <- ofEachType("cat", machine(0.5))
      (other, annotation) <- ofEachType("cat", machine(0.5)) if other != LabelTaskType.TEXT_TRIPLE
    } {
      val result = policy(taskType = taskType).give(sample(), list(annotation))
      val fits = other == taskType || (taskType == LabelTaskType.TEXT_TRIPLE &&
        other == LabelTaskType.NAMED_ENTITY_RECOGNITION)
      assert(result.taken == (if (fits) 1 else 0), s"$other in $taskType")
      assert(reasons(result) == (if (fits) Nil else Seq(Reason.OTHER_TASK_TYPE)))
      result.edited.sample.annotations.forEach(each => assert(each.taskType == taskType))
    }
  }

  test("VER-7 apply - a threshold - is the least confidence that is taken") {
    val result = policy(threshold = 0.5).give(sample(), list(
      whole("a", machine(0.5)), whole("b", machine(0.49)), whole("c", AnnotationInfo.NONE)))
    assert(labelsOf(result.edited.sample) == Seq("a"))
    assert(reasons(result) == Seq(Reason.BELOW_THRESHOLD, Reason.NO_CONFIDENCE))
    assert(result.refused.get(0).message == "b at confidence 0.49 for sample a")
  }

  test("VER-7 apply - a label that says a person gave it - is refused") {
    assert(reasons(policy().give(sample(), list(whole("cat", human)))) == Seq(Reason.NOT_BY_MACHINE))
  }

  test("VER-7 apply - a sample that a person labelled - by the policy") {
    val before = sample(whole("cat"), whole("dog", machine(0.3)))
    val suggested = list(whole("cat", machine(0.9)), whole("eel", machine(0.9)))
    forAll(Table(
      ("policy", "labels after", "taken", "known", "refused"),
      (HumanLabels.SKIP, Seq("cat", "dog"), 0, 0, 2),
      (HumanLabels.KEEP, Seq("cat", "eel"), 1, 1, 0),
      (HumanLabels.REPLACE, Seq("cat", "eel"), 2, 0, 0))) { (humanLabels, labels, taken, known, refused) =>
      val result = policy(humanLabels = humanLabels).give(before, suggested)
      assert(labelsOf(result.edited.sample) == labels, humanLabels)
      assert(result.taken == taken && result.known == known && result.refused.size == refused)
      assert(reasons(result).forall(_ == Reason.LABELLED_BY_HUMAN))
      val cat = result.edited.sample.annotations.get(0)
      assert(cat.info.isByMachine == (humanLabels == HumanLabels.REPLACE))
    }
  }

  test("VER-7 apply - suggestions that wait - the new ones take their place") {
    val result = policy().give(sample(whole("dog", machine(0.3))), list(whole("cat", machine(0.9))))
    assert(labelsOf(result.edited.sample) == Seq("cat"))
    assert(result.edited.counts == new AnnotationCounts(1, 0, 1, 0))
    val none = policy(threshold = 0.95).give(sample(whole("dog", machine(0.3))), list(whole("cat", machine(0.9))))
    assert(none.edited.outcome == Outcome.UNCHANGED)
  }

  test("VER-7 apply - a relation of a refused entity - is refused with it") {
    val triples = policy(threshold = 0.5, taskType = LabelTaskType.TEXT_TRIPLE)
    val result = triples.give(sample(), list(
      entity("E1", "city", machine(0.9)), entity("E2", "person", machine(0.1)),
      relation("R1", "born in", "E2", "E1", machine(0.9))))
    assert(labelsOf(result.edited.sample) == Seq("city"))
    assert(reasons(result) == Seq(Reason.BELOW_THRESHOLD, Reason.WITHOUT_ENTITY))
  }

  test("VER-7 apply - ids that a person's entities have - suggested ones are numbered behind them") {
    val triples = policy(humanLabels = HumanLabels.KEEP, taskType = LabelTaskType.TEXT_TRIPLE)
    val before = sample(entity("E1", "city"), relation("R1", "near", "E1", "E1"))
    val result = triples.give(before, list(
      entity("E1", "person", machine(0.9)), entity("E2", "dog", machine(0.9)),
      relation("R1", "owns", "E1", "E2", machine(0.9))))
    val added = result.edited.sample.annotations.asScala.drop(2)
    assert(added.map(_.info.id.get) == Seq("E3", "E2", "R2"))
    val owns = added(2).asInstanceOf[Annotation.TextRelation]
    assert(owns.from == "E3" && owns.to == "E2")
    assert(result.edited.sample.annotations.asScala.take(2) == before.annotations.asScala)
  }

  test("law - suggestions given twice - change nothing the second time, and every one is counted") {
    val suggested = Gen.listOfN(200, Gen.zip(samples, samples)).pureApply(Gen.Parameters.default, Seed(3))
    for ((before, from) <- suggested; humans <- HumanLabels.values; threshold <- Seq(0.0, 0.5)) {
      val suggestions = policy(threshold, humans)
      val once = suggestions.give(before, from.annotations)
      assert(once.taken + once.known + once.refused.size == from.annotations.size)
      val again = suggestions.give(once.edited.sample, from.annotations)
      assert(again.edited.outcome == Outcome.UNCHANGED, s"$humans $threshold $before $from")
      assert(again.taken == 0)
    }
  }

  test("VER-7 apply - a threshold or an annotator that cannot be - is refused") {
    assert(intercept[DatasetException](policy(threshold = 1.5)).getMessage ==
      "Invalid threshold: 1.5 (expected 0 to 1)")
    Seq("", " ", "human", "human/ann").foreach { name =>
      val e = intercept[DatasetException](new SuggestionPolicy(
        LabelTaskType.IMAGE_CLASSIFICATION, 0, HumanLabels.SKIP, name, noon))
      assert(e.getMessage.startsWith(s"Invalid annotator: '$name' (expected the name of a model"))
    }
  }
}
