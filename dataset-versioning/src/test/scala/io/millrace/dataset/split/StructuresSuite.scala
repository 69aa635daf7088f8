package io.millrace.dataset.split

import scala.util.Random

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import io.millrace.dataset.Samples

/** The structures that a draw of a million samples rests on. */
class StructuresSuite extends AnyFunSuite with ScalaCheckPropertyChecks {

  test("packed texts - any texts in any order - are found, and others are not") {
    forAll(Gen.listOf(Samples.texts), Samples.texts) { (texts, other) =>
      val builder = new PackedTexts.Builder
      texts.foreach(builder.add)
      val packed = builder.build()
      assert(packed.size == texts.size)
      texts.zipWithIndex.foreach { case (text, i) =>
        assert(packed.text(i) == text)
        assert(texts(packed.find(text)) == text)
        assert(packed.findAll(text).toSeq == texts.indices.filter(texts(_) == text))
      }
      if (!texts.contains(other)) assert(packed.find(other) == -1)
      val order = texts.indices.map(packed.at)
      assert(order.sorted == texts.indices)
    }
  }

  test("rarest labels - counts that fall - come out in the order of a plain search") {
    forAll(Gen.choose(1, 40), Gen.long) { (labels, seed) =>
      val random = new Random(seed)
      val left = Array.fill(labels)(random.nextInt(9))
      val rarest = new RarestLabels(left)
      val plain = left.clone()
      var waiting = (0 until labels).toSet
      while (waiting.nonEmpty) {
        val expected = waiting.minBy(label => (plain(label), label))
        assert(!rarest.isEmpty && rarest.take() == expected)
        waiting -= expected
        (0 until random.nextInt(20)).foreach { _ =>
          val label = random.nextInt(labels)
          plain(label) -= 1
          rarest.decrement(label)
        }
      }
      assert(rarest.isEmpty)
    }
  }

  test("apportionment - any table - cells and columns are rounded, rows keep their sums") {
    forAll(Gen.choose(1, 12), Gen.choose(2, 6), Gen.long) { (rows, columns, seed) =>
      val random = new Random(seed)
      val table = Array.fill(rows)(row(random, columns))
      val rounded = Apportionment.of(table.flatten, columns).grouped(columns).toSeq
      table.zip(rounded).foreach { case (fractions, whole) =>
        fractions.zip(whole).foreach { case (f, w) => assert(math.abs(f - w) < 1 - 1e-9) }
        assert(whole.sum == math.rint(fractions.sum))
      }
      (0 until columns).foreach { column =>
        val exact = table.map(_(column)).sum
        assert(math.abs(rounded.map(_(column)).sum - exact) < 1, s"column $column: $exact")
      }
    }
  }

  test("wish - parts that have samples already - is nearest to the exact shares") {
    val wish = Wish.of(Drawn.shares("70,20,10"))
    assert(wish.forEachPart(100, Array(0, 0, 0)).toSeq == Seq(70, 20, 10))
    assert(wish.forEachPart(5, Array(0, 0, 0)).toSeq == Seq(3, 1, 1))
    assert(wish.forEachPart(100, Array(80, 0, 0)).toSeq == Seq(80, 15, 5))
    assert(wish.forEachPart(100, Array(90, 9, 0)).toSeq == Seq(90, 9, 1))
    assert(wish.forEachPart(100, Array(100, 0, 0)).toSeq == Seq(100, 0, 0))
    // Two samples cannot be in three parts.
    assert(math.abs(wish.forEachPart(2, Array(0, 0, 0)).sum - 2) < 1e-9)
  }

  /** Fractions of a whole sum, some of them whole. */
  private def row(random: Random, columns: Int): Array[Double] = {
    val cells = Array.fill(columns)(if (random.nextInt(4) == 0) 2.0 else random.nextDouble() * 3)
    cells(0) += math.ceil(cells.sum) - cells.sum
    cells
  }
}
