package io.millrace.dataset.versioning

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.{DatasetException, Label, SampleId}
import io.millrace.dataset.versioning.SplitPlan.TrainEvalRatio

class StratifiedSplitSuite
    extends AnyFunSuite
    with ScalaCheckPropertyChecks
    with TableDrivenPropertyChecks {

  private val percents = Gen.choose(1, 99)

  /** 1 to 6 labels of 5 to 60 samples, each sample with one. */
  private val singleLabel: Gen[Seq[LabelledSample]] =
    Gen.choose(1, 6).flatMap(Gen.listOfN(_, Gen.choose(5, 60))).map { sizes =>
      for ((size, label) <- sizes.zipWithIndex; i <- 0 until size)
        yield sample(f"$label-$i%03d", s"label $label")
    }

  /** 2 to 6 labels, samples with 1 to 3 of them, at least 8 a label. */
  private val multiLabel: Gen[Seq[LabelledSample]] = for {
    labels <- Gen.choose(2, 6)
    seed <- Gen.long
    extra <- Gen.choose(0, 80)
  } yield {
    val random = new Random(seed)
    val each = for (label <- 0 until labels; i <- 0 until 8) yield Set(label)
    val more = Seq.fill(extra + 2)(random.shuffle((0 until labels).toList).take(2).toSet)
    (each ++ more).zipWithIndex.map { case (set, i) =>
      sample(f"s$i%03d", set.toSeq.map(label => s"label $label"): _*)
    }
  }

  test("VER-3 split - one label each - each label's share is within one sample of the exact one") {
    forAll(singleLabel, percents, Gen.long) { (samples, percent, seed) =>
      val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(percent, seed))
      samples.groupBy(_.labels).foreach { case (label, group) =>
        val exact = group.size * (100 - percent) / 100.0
        val got = group.count(s => eval.contains(s.id))
        assert(math.abs(got - exact) < 1 || got == 1 || got == group.size - 1, label)
        assert(got >= 1 && got <= group.size - 1, label)
      }
    }
  }

  test("VER-3 split - the sum over labels - is the rounded share of all, where no minimum binds") {
    val samples = for (label <- Seq("a", "b", "c"); i <- 0 until 33) yield sample(s"$label$i", label)
    val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(80, 1))
    assert(eval.size == 20)
  }

  test("VER-3 split - any samples - the parts are a part of the samples, never all or none") {
    forAll(Gen.oneOf(singleLabel, multiLabel), percents, Gen.long) { (samples, percent, seed) =>
      val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(percent, seed)).asScala
      val ids = samples.map(_.id).toSet
      assert(eval.subsetOf(ids))
      assert(eval.nonEmpty && eval.size < ids.size)
    }
  }

  test("VER-3 split - samples in another order - gives the same parts") {
    forAll(Gen.oneOf(singleLabel, multiLabel), percents, Gen.long) { (samples, percent, seed) =>
      val plan = new TrainEvalRatio(percent, seed)
      val shuffled = new Random(seed).shuffle(samples)
      assert(
        StratifiedSplit.evalPart(samples.asJava, plan) ==
          StratifiedSplit.evalPart(shuffled.asJava, plan)
      )
    }
  }

  test("VER-3 split - another seed - gives other parts") {
    val samples = (0 until 100).map(i => sample(f"$i%03d", "a"))
    val parts = (1 to 5).map(s => StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(80, s)))
    assert(parts.distinct.size == 5)
    assert(parts.forall(_.size == 20))
  }

  test("VER-3 multi-label split - each label - is in both parts") {
    forAll(multiLabel, percents, Gen.long) { (samples, percent, seed) =>
      val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(percent, seed))
      samples.flatMap(_.labels.asScala).distinct.foreach { label =>
        val (inEval, inTrain) =
          samples.filter(_.labels.contains(label)).partition(s => eval.contains(s.id))
        assert(inEval.nonEmpty && inTrain.nonEmpty, label)
      }
    }
  }

  test("VER-3 multi-label split - 1000 samples of 8 labels - shares are within 1 % of the ratio") {
    val random = new Random(5)
    val samples = (0 until 1000).map { i =>
      val count = 1 + random.nextInt(3)
      sample(f"$i%04d", random.shuffle((0 until 8).toList).take(count).map(l => s"label $l"): _*)
    }
    val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(80, 3))
    assert(math.abs(eval.size - 200) <= 10)
    samples.flatMap(_.labels.asScala).distinct.foreach { label =>
      val group = samples.filter(_.labels.contains(label))
      val share = group.count(s => eval.contains(s.id)).toDouble / group.size
      assert(math.abs(share - 0.2) <= 0.01, s"$label: $share")
    }
  }

  test("VER-3 multi-label split - a rare label in crowded samples - is brought into both parts") {
    val crowd = (0 until 40).map(i => sample(f"c$i%02d", "a", "b"))
    val rare = (0 until 5).map(i => sample(s"r$i", "a", "b", "rare"))
    (0 until 50).foreach { seed =>
      val samples = crowd ++ rare
      val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(95, seed))
      val inEval = rare.count(s => eval.contains(s.id))
      assert(inEval >= 1 && inEval <= 4)
    }
  }

  test("VER-3 split - annotations without labels - are divided in the ratio") {
    val samples = (0 until 50).map(i => sample(f"$i%02d"))
    assert(StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(80, 1)).size == 10)
  }

  test("VER-3 split - ratio 0.00 - evaluates all and asks nothing of the labels") {
    val samples = Seq(sample("a", "x"), sample("b", "y"))
    val plan = SplitPlan.ofRatio("0.00", 1).asInstanceOf[TrainEvalRatio]
    assert(StratifiedSplit.evalPart(samples.asJava, plan).size == 2)
  }

  test("VER-3 split - samples that cannot be split - fails and lists the offenders") {
    val five = (0 until 5).map(i => sample(s"five$i", "five"))
    val four = (0 until 4).map(i => sample(s"four$i", "four"))
    val cases = Table(
      ("samples", "message"),
      (Seq(), "Cannot split: no sample is labelled. Label samples first"),
      (
        five ++ four :+ sample("one", "猫"),
        "each label needs at least 5 labelled samples, and 'four' has 4, '猫' has 1."
      ),
      (
        five ++ four :+ sample("both", "five", "four"),
        "at least 2 are needed, and only both has several"
      )
    )
    forAll(cases) { (samples, message) =>
      val e = intercept[DatasetException](
        StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(80, 1))
      )
      assert(e.getMessage.contains(message))
    }
  }

  test("VER-3 split - two labels only on the very same samples as a third - fails or has all") {
    val samples = (0 until 5).map(i => sample(s"$i", "a", "b", "c"))
    val eval = StratifiedSplit.evalPart(samples.asJava, new TrainEvalRatio(99, 1))
    assert(eval.size == 1)
  }

  test("VER-2 ratio - texts - are taken or refused") {
    val good = Table(
      ("text", "plan"),
      ("1.00", SplitPlan.NONE),
      ("1", SplitPlan.NONE),
      ("0.8", new TrainEvalRatio(80, 7)),
      ("0.05", new TrainEvalRatio(5, 7)),
      ("0.00", new TrainEvalRatio(0, 7))
    )
    forAll(good)((text, plan) => assert(SplitPlan.ofRatio(text, 7) == plan))
    forAll(Table("text", "1.01", "-0.10", "0.805", "80%", "", "NaN", "1E+9", "0,8")) { text =>
      val e = intercept[DatasetException](SplitPlan.ofRatio(text, 7))
      assert(
        e.getMessage == s"Invalid train_evaluate_sample_ratio: '$text' " +
          "(expected 0.00 to 1.00 with at most two decimals)"
      )
    }
  }

  test("publish cost - more than is free - fails with both figures") {
    val cost = new PublishCost(1000, 1000, 5000, 1000000)
    cost.checkFits(cost.bytes, "/data")
    val e = intercept[DatasetException](cost.checkFits(cost.bytes - 1, "/data"))
    assert(
      e.getMessage == "Cannot publish to /data: the version needs about 10.8 MB of disk and " +
        "10.8 MB are free. Free some space, or move the dataset to a larger disk."
    )
  }

  test("publish id - made at a time - knows it") {
    val now = java.time.Instant.parse("2026-05-06T07:08:09.5Z")
    val id = PublishId.of(now, new java.util.Random(1))
    assert(id.value.startsWith("pub-20260506070809-"))
    assert(id.startedAt == java.time.Instant.parse("2026-05-06T07:08:09Z"))
    intercept[DatasetException](new PublishId("pub-1"))
  }

  private def sample(id: String, labels: String*): LabelledSample =
    new LabelledSample(new SampleId(id), labels.map(new Label(_)).toSet.asJava)
}
