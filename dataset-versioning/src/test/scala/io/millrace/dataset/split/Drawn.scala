package io.millrace.dataset.split

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen

import io.millrace.dataset.versioning.SplitParts

/** Units of a draw, and what came of it, in a form that tests can count. */
case class Item(id: String, labels: Set[String], group: String, fixed: Option[Int] = None)

case class Drawn(items: Seq[Item], parts: SplitParts, partOf: Map[String, Int]) {
  val weights: Seq[Int] = parts.weights.toSeq

  def exact(count: Int): Seq[Double] = weights.map(w => count.toDouble * w / weights.sum)

  def counts(of: Seq[Item]): Seq[Int] =
    weights.indices.map(part => of.count(item => partOf(item.id) == part))

  def byLabel: Map[String, Seq[Item]] =
    items.flatMap(item => item.labels.map(_ -> item)).groupMap(_._1)(_._2)

  /** The weighted sum of squares that the draw makes small, for other parts of some units. */
  def cost(changed: Map[String, Int] = Map.empty): Double = {
    val now = partOf ++ changed
    def squares(of: Seq[Item]): Double = {
      val wish = Wish.of(parts).forEachPart(
        of.size, weights.indices.map(p => of.count(_.fixed.contains(p)).toLong).toArray)
      weights.indices.map { part =>
        math.pow(of.count(item => now(item.id) == part) - wish(part), 2)
      }.sum
    }
    val isGrouped = items.map(_.group).distinct.size < items.size
    squares(items) / (if (isGrouped) items.size else 1) +
      byLabel.values.map(of => squares(of) / of.size).sum
  }

  def hasAllLabels(changed: Map[String, Int] = Map.empty): Boolean = {
    val now = partOf ++ changed
    byLabel.values.forall(_.map(item => now(item.id)).distinct.size == weights.size)
  }
}

object Drawn {

  /** Draws; samples of one group have to follow each other. */
  def of(items: Seq[Item], parts: SplitParts, seed: Long): Drawn = {
    val builder = new Strata.Builder
    val units = items.map(_.group).distinct
    val grouped = items.groupBy(_.group)
    units.foreach { unit =>
      grouped(unit).foreach(item => builder.add(item.id, item.labels.toSeq.sorted.asJava))
      grouped(unit).flatMap(_.fixed).headOption match {
        case Some(part) => builder.endUnit(part)
        case None       => builder.endUnit()
      }
    }
    val partOf = StratifiedSplit.draw(builder.build(), parts, seed)
    Drawn(items, parts, units.zip(partOf).flatMap { case (unit, part) =>
      grouped(unit).map(_.id -> part.toInt)
    }.toMap)
  }

  def item(id: String, labels: String*): Item = Item(id, labels.toSet, id)

  def shares(text: String): SplitParts = SplitParts.Shares.parse(text)

  def folds(count: Int): SplitParts = new SplitParts.Folds(count, java.util.OptionalInt.empty)

  /** Two to four parts, or two to five folds. */
  val parts: Gen[SplitParts] = Gen.oneOf(
    Gen.choose(1, 99).map(p => shares(s"$p,${100 - p}")),
    Gen.choose(1, 98).flatMap(t => Gen.choose(1, 99 - t).map(e => shares(s"$t,$e,${100 - t - e}"))),
    Gen.const(shares("TRAIN=40,EVAL=30,TEST=20,INFERENCE=10")),
    Gen.choose(2, 5).map(folds)
  )

  /** 1 to 6 labels of 5 to 60 samples, each sample with one; some without. */
  val singleLabel: Gen[Seq[Item]] = for {
    sizes <- Gen.choose(1, 6).flatMap(Gen.listOfN(_, Gen.choose(5, 60)))
    bare <- Gen.choose(0, 9)
  } yield {
    val labelled = for ((size, label) <- sizes.zipWithIndex; i <- 0 until size)
      yield item(f"$label-$i%03d", s"label $label")
    labelled ++ (0 until bare).map(i => item(s"bare-$i"))
  }

  /** 2 to 6 labels, samples with 1 or 2 of them, at least 8 a label. */
  val multiLabel: Gen[Seq[Item]] = for {
    labels <- Gen.choose(2, 6)
    seed <- Gen.long
    extra <- Gen.choose(0, 80)
  } yield {
    val random = new scala.util.Random(seed)
    val each = for (label <- 0 until labels; _ <- 0 until 8) yield Set(label)
    val more = Seq.fill(extra + 2)(random.shuffle((0 until labels).toList).take(2).toSet)
    (each ++ more).zipWithIndex.map { case (set, i) =>
      item(f"s$i%03d", set.toSeq.map(label => s"label $label"): _*)
    }
  }

  /** 8 to 30 groups of 1 to 9 samples of 3 labels, the label of a sample being any of them. */
  val grouped: Gen[Seq[Item]] = for {
    groups <- Gen.choose(8, 30)
    seed <- Gen.long
  } yield {
    val random = new scala.util.Random(seed)
    (0 until groups).flatMap { group =>
      // So that each label is in eight groups at least.
      val first = if (group < 8) Seq("a", "b", "c") else Nil
      (first ++ Seq.fill(1 + random.nextInt(6))(random.shuffle(Seq("a", "b", "c")).head))
        .zipWithIndex.map { case (label, i) => Item(f"g$group%02d-$i", Set(label), f"g$group%02d") }
    }
  }
}
